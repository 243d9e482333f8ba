"""Two runs over each other: data against their datasets, the title, and the drawing."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.overlay import OverlaidLine, finding, gather_overlay, run_names
from sim.plot.page import file_axes
from sim.plot.style import MODES_AND_OUTSIDE
from sim.results.frames import mode_shares
from sim.results.run import Run
from sim.scenario.trade_labels import Labels
from tests.plot.drawing import assert_drawn_on, assert_words_apart, plain, words
from tests.synthetic import synthetic_run


@pytest.fixture(scope="module")
def other() -> Run:
    """Of the same scenario, with another seed and over fewer days."""
    return synthetic_run(seed=7, days=100)


def test_lines_are_the_shares_of_both_runs(small: Run, other: Run) -> None:
    data = gather_overlay(small, other)
    assert [line.mode for line in data.lines] == [mode for mode in MODES_AND_OUTSIDE for _ in range(2)]
    for line in data.lines:
        run = small if line.run == data.lines[0].run else other
        assert np.array_equal(line.share, mode_shares(run)[MODES_AND_OUTSIDE.index(line.mode)])
    assert {line.dash for line in data.lines if line.run == data.lines[1].run} == {"--"}


def test_runs_go_by_what_tells_them_apart(small: Run, other: Run) -> None:
    assert run_names([small, other]) == [f"seed {small.seed}", "seed 7"]
    assert run_names([small, small]) == ["run 1", "run 2"]


def test_the_title_says_where_they_are_farthest_apart(small: Run, other: Run) -> None:
    assert gather_overlay(small, small).title == "Both histories have the same shares throughout"
    title = plain(gather_overlay(small, other, "otc").title)
    assert title.startswith("OTC share is farthest apart on ")
    assert title.endswith(" with seed 7")
    assert "seed 7" in gather_overlay(small, other).source


def test_the_title_names_the_day_on_which_they_got_as_far_apart_as_they_stay() -> None:
    """A share that creeps by less than a reader sees does not put the day off."""
    time = np.arange(17_000.0, 17_010.0)
    still, falls = np.linspace(0.6, 0.6001, 10), np.where(time < 17_004.0, 0.6, 0.0)
    lines = [OverlaidLine(name, "domestic", time, share, "k", "-") for name, share in (("a", still), ("b", falls))]
    assert plain(finding(lines, ["a", "b"])) == "Domestic share is farthest apart on 22 Jul 2016: 60 % with a, 0 with b"
    lenders = Labels(modes={"domestic": "high street"})
    assert finding(lines, ["a", "b"], lenders).startswith("High street share is")


def test_a_mode_that_is_not_there_is_refused(small: Run) -> None:
    with pytest.raises(KeyError, match="did you mean"):
        gather_overlay(small, small, "ofshore")


def test_it_is_drawn_on_the_axes_given(small: Run, other: Run, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: small.plot.overlay(other, ax=axes))
    assert any("seed 7" in each for each in words(ax))


@pytest.mark.parametrize("mode", [None, "otc"])
def test_no_words_meet_or_leave_the_figure(small: Run, other: Run, mode: str | None) -> None:
    assert_words_apart(small.plot.overlay(other, mode, ax=file_axes()))
