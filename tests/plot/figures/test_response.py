"""A measure over the values of a parameter: estimates as the sweep has them, in order; what the title claims."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.response import gather_response
from sim.plot.page import file_axes
from tests.plot.drawing import assert_drawn_on, assert_words_apart, words
from tests.plot.sweeps import OUTSIDE, SWITCHING, swept


def test_points_are_in_the_order_of_their_size_with_the_estimates_of_the_sweep() -> None:
    sweep = swept({SWITCHING: ["0.3 /d", "3 /month", "0.2 /d"]}, differences=[0.02, 0.03, -0.01])
    (line,) = gather_response(sweep, "leakage").lines
    assert np.allclose(line.x, [3 * 12 / 365.25, 0.2, 0.3], rtol=0.01)
    assert np.allclose(line.mean, [3.0, -1.0, 2.0])
    assert np.allclose(line.high - line.low, 2.0)
    data = gather_response(sweep, "leakage")
    assert "95 %. Intervals: luck within the model, at the values of each point; " in data.notes[1]
    wider = np.concatenate([sweep.estimates, sweep.estimates[..., :2]], axis=-1)
    drawn = gather_response(replace(sweep, draws=5, estimates=wider), "leakage")
    assert "Intervals: luck and parameters, of the mean over 5 draws" in drawn.notes[1]
    assert drawn.source.endswith("5 draws of other parameters, seed 0")


@pytest.mark.parametrize(
    ("differences", "claim"),
    [
        ([0.02, 0.03, 0.04], "is higher than under the baseline at all 3 points of segments.traders.outside"),
        ([-0.02, -0.03, 0.0], "is lower at 2 of 3 points than under the baseline; 1 undecided"),
        ([0.0, 0.001, 0.0], "is at no point surely another than under the baseline"),
    ],
)
def test_the_title_claims_what_intervals_allow(differences: list[float], claim: str) -> None:
    sweep = swept({OUTSIDE: [0.3, 0.6, 0.9]}, differences)
    assert gather_response(sweep, "leakage").title == f"Leakage under payments_first {claim}"


@pytest.mark.parametrize(
    ("differences", "claim"),
    [
        ([-0.02, -0.03], "lower under all 2 policies than under the baseline at all points of"),
        ([-0.008, -0.009], "lower under 1 of 2 policies than under the baseline at all points of"),
        ([-0.02, 0.03], "under none of 2 policies on one side of the baseline at all points of"),
    ],
)
def test_of_several_policies_the_title_says_how_many_lie_on_which_side(differences: list[float], claim: str) -> None:
    """The second policy differs by twice as much."""
    sweep = swept({OUTSIDE: [0.3, 0.6]}, differences, ("baseline", "payments_first", "no_payments"))
    assert gather_response(sweep, "leakage").title == f"Leakage is {claim} {OUTSIDE}"


def test_points_that_differ_in_more_are_not_joined() -> None:
    sweep = swept({OUTSIDE: [0.3, 0.3, 0.9, 0.9], SWITCHING: ["0.1 /d", "0.2 /d"] * 2}, [0.0, 0.1, 0.2, 0.3])
    data = gather_response(sweep, "leakage", OUTSIDE)
    assert not data.joined
    assert any(note == "Segments.traders.switching varies too, so points are not joined." for note in data.notes)


def test_the_baseline_alone_is_shown_by_its_level() -> None:
    data = gather_response(swept({OUTSIDE: [0.3, 0.6]}, [0.1, 0.2], policies=("baseline",)), "leakage")
    assert data.levels
    assert np.allclose(data.lines[0].mean, [50.0, 50.0])


def test_what_is_not_there_is_refused() -> None:
    sweep = swept({OUTSIDE: [0.3, 0.6]}, [0.1, 0.2])
    with pytest.raises(ValueError, match="no parameter 'outside'"):
        gather_response(sweep, "leakage", "outside")
    with pytest.raises(ValueError, match="no measure 'leakge'.*leakage"):
        gather_response(sweep, "leakge")


def test_it_is_drawn_on_the_axes_given(ax: Axes) -> None:
    sweep = swept({OUTSIDE: [0.3, 0.6]}, [0.1, np.nan])
    assert_drawn_on(ax, lambda axes: sweep.plot.response("leakage", ax=axes))
    assert "minimal, 20 replications at each of 2 points, seed 0" in words(ax)


def test_no_words_meet_or_leave_the_figure() -> None:
    assert_words_apart(swept({OUTSIDE: [0.3, 0.6, 0.9]}, [0.02, 0.01, 0.0]).plot.response("leakage", ax=file_axes()))
