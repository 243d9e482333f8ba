"""Shares by mode: data against the dataset of the run, what the title says, and the drawing."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

import sim
from sim.plot.figures.mode_shares import finding, gather_shares
from sim.plot.page import file_axes
from sim.plot.plotted_dates import day_numbers
from sim.plot.style import MODE_COLOURS, MODES_AND_OUTSIDE
from sim.results.run import Run
from tests.plot.drawing import assert_drawn_on, assert_words_apart, plain, words
from tests.plot.runs import focal_shares

TIME = np.arange(17400.0, 17500.0)


def test_shares_are_those_of_the_focal_segments_and_sum_to_one(rich: Run) -> None:
    data = gather_shares(rich)
    assert np.allclose(data.share.sum(axis=0), 1.0, atol=1e-12)
    assert np.allclose(data.share[:3], focal_shares(rich).sum(axis=1).T)
    assert (data.time == day_numbers(rich.data["time"].values)).all()
    assert data.focal_name == "Mainland China"


def test_shares_follow_traders_and_not_how_much_each_trades(small: Run) -> None:
    """One segment trades ten times as much from the second record on."""
    volume = small.data["segment_volume"].copy()
    volume[1:, 0] *= 10
    busy = replace(small, data=small.data.assign(segment_volume=volume))
    assert np.array_equal(gather_shares(busy).share, gather_shares(small).share)


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")
def test_shares_are_those_of_a_study_of_the_same_history() -> None:
    """In a scenario whose segments grow at different speeds."""
    china = sim.load("china_2017", {"end": "2017-03-01"})
    run = sim.run(china, seed=1)
    study = sim.compare(china, [], replications=1, seed=1)
    days = np.searchsorted(run.data["day"].values, study.day)
    for mode, share in zip(MODES_AND_OUTSIDE, gather_shares(run).share, strict=True):
        assert np.allclose(study.path(mode)[0], share[days], atol=1e-6), mode  # paths are kept in single precision


def test_shares_say_when_the_domestic_market_was_gone_and_who_gained() -> None:
    domestic = np.clip(0.92 - 0.046 * (np.arange(100) - 10), 0.0, 0.92)
    share = np.vstack([domestic, 0.04 * (domestic == 0), np.zeros(100), 0.08 * np.ones(100)])
    share[3] = 1 - share[:3].sum(axis=0)
    share[2] = share[3] - 0.08
    share[3] = 0.08
    title = plain(finding(TIME, share))
    assert title == "Domestic share fell from 92 % to 0 by 21 Sep 2017; offshore settled at 88 %"


def test_shares_that_still_move_are_not_called_settled() -> None:
    part = np.linspace(0.5, 0.1, 100)
    title = plain(finding(TIME, np.vstack([part, 0 * part, 0 * part, 1 - part])))
    assert (
        title == "Domestic share fell from 50 % to 10 % by 27 Nov 2017; the part not trading stood at 90 % at the end"
    )


def test_shares_that_turned_are_told_by_their_turn() -> None:
    part = 0.27 + 0.2 * np.sin(np.arange(100) / 99 * np.pi)
    title = plain(finding(TIME, np.vstack([part, 0 * part, 0 * part, 1 - part])))
    assert title == "Domestic share rose from 27 % to 47 % on 10 Oct 2017 and ended at 27 %"
    title = plain(finding(TIME, np.vstack([0.9 - part, 0 * part, 0 * part, 0.1 + part])))
    assert title == "Domestic share fell from 63 % to 43 % on 10 Oct 2017 and ended at 63 %"


def test_shares_that_hardly_move_are_reported_as_such(small: Run) -> None:
    quiet = replace(small, data=small.data.isel(time=slice(0, 30)))
    assert plain(gather_shares(quiet).title) == "Domestic share began at 71 % and ended at 71 %"


def test_shares_are_four_areas_in_the_colours_of_their_modes(small: Run, ax: Axes) -> None:
    small.plot.shares(ax=ax)
    areas = [area for area in ax.collections if len(area.get_facecolor())]
    colours = [to_hex(np.asarray(area.get_facecolor())[0]).upper() for area in areas]
    assert colours == [MODE_COLOURS[name] for name in MODES_AND_OUTSIDE]
    assert "Domestic" in words(ax)
    assert any(label.startswith("OTC ") for label in words(ax))
    assert ax.get_ylim() == (0, 1)


def test_they_are_drawn_on_the_axes_given(any_run: Run, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: any_run.plot.shares(ax=axes))


def test_no_words_meet_or_leave_the_figure(any_run: Run) -> None:
    assert_words_apart(any_run.plot.shares(ax=file_axes()))
