"""Drawing puts the gathered things on the Axes that are given, and words where they can be read."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.plot import RunPlots
from sim.plot.figures.exchanges import gather_exchanges
from sim.plot.figures.flows import gather_flows
from sim.plot.figures.levers import gather_levers
from sim.plot.figures.timeline import gather_timeline
from sim.plot.page import file_axes, root
from sim.plot.style import MODE_COLOURS, MODES_AND_OUTSIDE
from sim.results.run import Run

OBSERVED = pd.DataFrame({"date": pd.date_range("2017-06-01", "2017-09-20", freq="W"), "value": 3000.0})
FIGURES: dict[str, Callable[[RunPlots, Axes], Axes]] = {
    "shares": lambda plot, ax: plot.shares(ax),
    "exchanges": lambda plot, ax: plot.exchanges(ax),
    "exchanges domestic": lambda plot, ax: plot.exchanges(ax, mode="domestic"),
    "exchanges otc": lambda plot, ax: plot.exchanges(ax, mode="otc"),
    "exchanges logarithmic": lambda plot, ax: plot.exchanges(ax, n=10, log=True),
    "timeline": lambda plot, ax: plot.timeline(ax),
    "levers": lambda plot, ax: plot.levers(ax),
    "flows": lambda plot, ax: plot.flows(ax),
    "volume": lambda plot, ax: plot.volume(ax, observed=OBSERVED),
}


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(10, 5), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("which", ["small", "rich"])
def test_figures_draw_on_the_axes_given_and_leave_their_figure_alone(
    name: str, which: str, ax: Axes, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(which)
    figure = ax.figure
    assert FIGURES[name](RunPlots(run), ax) is ax
    assert ax.figure is figure
    assert tuple(root(ax).get_size_inches()) == (10, 5)
    assert ax.get_title(loc="left")
    figure.canvas.draw()


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("which", ["small", "rich"])
def test_no_words_meet_or_leave_the_figure(name: str, which: str, request: pytest.FixtureRequest) -> None:
    ax = FIGURES[name](RunPlots(request.getfixturevalue(which)), file_axes())
    ax.figure.canvas.draw()
    page = ax.figure.bbox
    boxes = [(text.get_text(), Text.get_window_extent(text).padded(-1)) for text in seen(ax)]
    for i, (said, box) in enumerate(boxes):
        assert page.x0 <= box.x0, said
        assert page.y0 <= box.y0, said
        assert box.x1 <= page.x1, said
        assert box.y1 <= page.y1, said
        met = [other for other, its in boxes[:i] if box.overlaps(its)]
        assert not met, f"{said!r} meets {met}"


def seen(ax: Axes) -> Iterator[Text]:
    """Every text that is drawn, the axes' own labels included."""
    for text in ax.findobj(Text):
        assert isinstance(text, Text)
        own = text in {*ax.texts, ax.xaxis.label, ax.yaxis.label, *ticks(ax)}
        if text.get_text().strip() and (own or text.get_text() == ax.get_title(loc="left")):
            yield text


def ticks(ax: Axes) -> list[Text]:
    """Labels of the ticks within the limits."""
    found = []
    for axis, limits in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
        found += [tick.label1 for tick in axis.get_major_ticks() if limits[0] <= tick.get_loc() <= limits[1]]
    return found


def test_shares_are_four_areas_in_the_colours_of_their_modes(small: Run, ax: Axes) -> None:
    small.plot.shares(ax)
    areas = [each for each in ax.collections if len(each.get_facecolor())]
    assert [to_hex(np.asarray(each.get_facecolor())[0]).upper() for each in areas] == [
        MODE_COLOURS[name] for name in MODES_AND_OUTSIDE
    ]
    assert "Domestic" in words(ax)
    assert any(said.startswith("OTC ") for said in words(ax))
    assert ax.get_ylim() == (0, 1)


def test_lines_are_those_gathered_and_stop_where_they_end(rich: Run, ax: Axes) -> None:
    data = gather_exchanges(rich, mode="domestic", n=3)
    rich.plot.exchanges(ax, mode="domestic", n=3)
    for drawn, line in zip(ax.lines[:3], data.lines, strict=True):
        shown = np.asarray(drawn.get_ydata(), dtype=float)
        assert np.array_equal(shown[: line.end + 1], line.share[: line.end + 1])
        assert np.isnan(shown[line.end + 1 :]).all()
    assert {line.name for line in data.lines} <= set(words(ax))
    assert "26 others" in words(ax)


def test_the_logarithmic_axis_is_one(small: Run, ax: Axes) -> None:
    assert small.plot.exchanges(ax, log=True).get_yscale() == "log"


def test_timeline_draws_one_box_per_bar_and_names_hosts(small: Run, ax: Axes) -> None:
    small.plot.timeline(ax)
    data = gather_timeline(small)
    drawn = {each.get_label(): len(each.get_paths()) for each in ax.collections}
    bars = [bar.state for row in data.rows for bar in row.bars]
    assert drawn["open"] == bars.count("open")
    assert drawn["winding down"] == bars.count("winding-down")
    assert drawn["waiting for a licence"] == 1
    assert {"Singapore", "Japan", "shell: Malta", "Exchange 01"} <= set(words(ax))


def test_levers_draw_a_row_each_and_bars_from_announcement_to_end(rich: Run, ax: Axes) -> None:
    rich.plot.levers(ax)
    data = gather_levers(rich)
    parts: dict[Any, Any] = {each.get_label(): each for each in ax.collections}
    drawn = zip(*(parts[name].get_segments() for name in ("announced", "in force", "fading")), strict=True)
    for mark, segments in zip(data.marks, drawn, strict=True):
        dates = [(mark.announced, mark.effective), (mark.effective, mark.until), (mark.until, mark.faded)]
        assert [tuple(segment[:, 0]) for segment in segments] == dates
    assert len(ax.collections[-1].get_segments()) == len(data.names)  # type: ignore[attr-defined]
    assert set(data.names) <= set(words(ax))


def test_flows_draw_a_band_for_every_move(small: Run, ax: Axes) -> None:
    small.plot.flows(ax)
    data = gather_flows(small)
    (bands,) = [each for each in ax.collections if isinstance(each, PathCollection)]
    assert len(bands.get_paths()) == (data.moved > 1e-4).sum()
    path = np.asarray(bands.get_paths()[0].vertices)
    assert path[0, 1] - path[-2, 1] == pytest.approx(data.moved[data.moved > 1e-4][0])
    assert any("proportion" in said for said in words(ax))


def test_volume_is_drawn_with_the_observations(small: Run, ax: Axes) -> None:
    small.plot.volume(ax, observed=OBSERVED)
    assert ax.get_yscale() == "log"
    assert {"model", "record"} <= set(words(ax))
    assert any(len(np.asarray(line.get_xdata())) == len(OBSERVED) for line in ax.lines)


def test_narrow_axes_keep_the_lines_of_interventions_without_names(rich: Run) -> None:
    figure = Figure(figsize=(10, 5))
    FigureCanvasAgg(figure)
    ax = figure.subplots(1, 3)[0]
    rich.plot.shares(ax)
    assert "1" not in words(ax)
    assert not any("closure order" in said for said in words(ax))
