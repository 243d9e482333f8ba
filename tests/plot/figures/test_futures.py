"""One past and several futures: the past once, the futures from the branch on."""

from datetime import datetime

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.futures import branch_day, gather_futures
from sim.plot.page import file_axes
from sim.plot.plotted_dates import date_words
from sim.results.frames import mode_shares
from sim.results.run import Run
from sim.study.branch.branch import Branches
from tests.plot.drawing import assert_drawn_on, assert_words_apart, words
from tests.synthetic import synthetic_run


@pytest.fixture(scope="module")
def branches(small: Run) -> Branches:
    return Branches(
        datetime(2017, 9, 1), {"as it was": small, "calm": synthetic_run(seed=3), "harsh": synthetic_run(seed=4)}
    )


def test_the_past_is_drawn_once(branches: Branches, small: Run) -> None:
    first, *others = gather_futures(branches, "otc").lines
    assert np.array_equal(first.share, mode_shares(small)[1])
    at = branch_day(branches)
    for line in others:
        assert line.time[0] < at <= line.time[1]
        assert np.array_equal(line.share, mode_shares(branches[line.run])[1][-len(line.time) :])


def test_the_title_names_the_lowest_and_the_highest_end(branches: Branches) -> None:
    data = gather_futures(branches, "domestic")
    assert date_words(branch_day(branches)) in data.title
    assert data.source.startswith(branches["as it was"].scenario.name)


def test_it_is_drawn_on_the_axes_given(branches: Branches, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: branches.plot.futures("otc", ax=axes))
    assert "branch" in words(ax)


def test_no_words_meet_or_leave_the_figure(branches: Branches) -> None:
    assert_words_apart(branches.plot.futures("otc", ax=file_axes()))
