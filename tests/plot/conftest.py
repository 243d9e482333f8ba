"""What the tests of figures draw, and Axes to draw on."""

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.results.run import Run
from sim.study.study import Study
from tests.plot.runs import rich_run
from tests.plot.studies import EXAMPLES, example
from tests.synthetic import synthetic_run


@pytest.fixture(scope="session")
def small() -> Run:
    return synthetic_run()


@pytest.fixture(scope="session")
def rich() -> Run:
    return rich_run()


@pytest.fixture(params=["small", "rich"])
def any_run(request: pytest.FixtureRequest) -> Run:
    """Each of the runs in turn."""
    run: Run = request.getfixturevalue(request.param)
    return run


@pytest.fixture(params=EXAMPLES)
def any_study(request: pytest.FixtureRequest) -> Study:
    """Each of the example studies in turn."""
    return example(request.param)


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(10, 5), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()
