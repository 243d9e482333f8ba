"""Several measures beside each other: where policies stand between the worst and the best, and what the title says."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.parallel import gather_parallel
from sim.plot.page import file_axes
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, words
from tests.plot.studies import N, example, synthetic_study

THREE = {
    "baseline": {"suppression": 0.2, "leakage": 0.5, "exposure": 0.4},
    "mild": {"suppression": 0.4, "leakage": 0.7, "exposure": 0.4},
    "harsh": {"suppression": 0.6, "leakage": 0.6, "exposure": 0.4},
}
MEASURES = ("suppression", "leakage", "exposure")


@pytest.fixture(scope="module")
def three() -> Study:
    return synthetic_study(["mild", "harsh"], THREE)


def test_the_best_is_above_whether_that_is_more_or_less(three: Study) -> None:
    data = gather_parallel(three, MEASURES)
    assert [axis.quantity.name for axis in data.axes] == ["suppression", "leakage"]  # in exposure they do not differ
    places = {line.policy: line.place for line in data.lines}
    assert np.allclose(places["baseline"], [0.0, 1.0])
    assert np.allclose(places["mild"], [0.5, 0.0])
    assert np.allclose(places["harsh"], [1.0, 0.5])
    assert [(axis.best, axis.worst) for axis in data.axes] == [pytest.approx((60, 20)), pytest.approx((50, 70))]


def test_the_title_says_who_is_best_how_often(three: Study) -> None:
    assert gather_parallel(three, ["suppression"]).title == "harsh has the best mean in suppression"
    assert gather_parallel(three, MEASURES).title.startswith("No policy is best in all: ")


def test_a_measure_that_is_not_defined_breaks_the_line() -> None:
    study = synthetic_study(["x", "y"], {"x": {"leakage": np.full(N, np.nan)}})
    data = gather_parallel(study, ["suppression", "leakage"])
    (line,) = [line for line in data.lines if line.policy == "x"]
    assert np.isnan(line.place).tolist() == [False, True]
    assert "Where a line is broken, the measure is defined in no replication." in data.notes


def test_policies_that_do_not_differ_are_refused(three: Study) -> None:
    with pytest.raises(ValueError, match="differ in none"):
        gather_parallel(three, ["exposure"])


def test_it_is_drawn_on_the_axes_given(three: Study, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: three.plot.parallel(MEASURES, ax=axes))
    assert {"harsh", "suppression", "minimal, seed 0, 40 replications"} <= set(words(ax))


@pytest.mark.parametrize("name", ["twelve", "rules"])
def test_no_words_meet_or_leave_the_figure(name: str) -> None:
    assert_words_apart(example(name).plot.parallel(ax=file_axes()))
