"""Predictions of a record, and scores of forecasts, against closed forms."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from sim.study.statistics.predictions import Prediction
from sim.study.statistics.scores import crps, linear_trend, no_change

NORMAL = NormalDist()
GRID = np.array([NORMAL.inv_cdf((k + 0.5) / 400) for k in range(400)])
"""A normal sample without chance."""


def test_an_interval_holds_the_values_and_the_error() -> None:
    """Both normal: standard deviations add up by their squares; 0.02 is twice the step of the grid at its ends."""
    found = Prediction(3.0 + 0.6 * GRID, 0.8)

    assert found.interval == pytest.approx((3.0 - 1.6449, 3.0 + 1.6449), abs=0.02)
    assert (found.median, found.mean) == pytest.approx((3.0, 3.0), abs=0.01)
    assert [found.holds(value) for value in (1.3, 1.4, 4.6, 4.7)] == [False, True, True, False]
    assert Prediction(found.values, 0.8, lowest=2.0).interval[0] == 2.0
    assert found.width(0.5) == pytest.approx(2.0, rel=0.02)
    assert np.isnan(found.width(0.0))


def test_were_parameters_known_chance_and_errors_would_be_left() -> None:
    """Worlds 5 apart, chance 0.6 in each and an error of 0.8: together 1, so 0.5 of record leaves a width of two.

    Ten histories of each of 2,000 worlds: their variance is sound to 1 %, and no histories tell nothing.
    """
    rng = np.random.default_rng(4)
    histories = 5.0 * rng.normal(size=(2000, 1)) + 0.6 * rng.normal(size=(2000, 10))
    found = Prediction(histories[:, 0], 0.8)
    assert found.width(0.5) == pytest.approx(2.0 * np.hypot(5.0, 1.0), rel=0.05)
    assert found.known(histories).width(0.5) == pytest.approx(2.0, rel=0.02)
    assert found.known(histories).median == pytest.approx(found.median, abs=0.02)

    some = np.where(np.arange(10) < 5, histories, np.nan)
    assert found.known(some).width(0.5) == pytest.approx(2.0, rel=0.02)
    assert np.isnan(found.known(histories[:, :1]).width(0.5))


def test_chance_keeps_its_shape() -> None:
    """Yes or no in equal parts: nine tenths are from one to the other, whatever the worlds."""
    twice = np.tile([0.0, 1.0], (50, 5))
    known = Prediction(twice[:, 0], 0.0).known(twice)
    assert known.interval[1] - known.interval[0] == pytest.approx(np.sqrt(10.0 / 9.0))


def test_without_an_error_the_values_are_the_prediction() -> None:
    assert Prediction(np.arange(101.0), 0.0).interval == (5.0, 95.0)


def test_power_is_a_tenth_where_nothing_depends_and_known_for_a_shift() -> None:
    """The power of a two-sided test of a normal mean at 10 %: 1 - F(1.645 - d) + F(-1.645 - d)."""
    here = Prediction(GRID, 0.0)
    for shift in (0.0, 1.0, 3.0):
        expected = 1.0 - NORMAL.cdf(1.6449 - shift) + NORMAL.cdf(-1.6449 - shift)
        assert here.share_outside(Prediction(GRID - shift, 0.0)) == pytest.approx(expected, abs=0.01)


def test_what_cannot_be_taken_speaks_against_a_world_in_which_it_can() -> None:
    known, half, never = (np.where(np.arange(10) < n, 1.0, np.nan) for n in (10, 5, 0))

    assert Prediction(known, 0.0).share_outside(Prediction(never, 0.0)) == 1.0
    assert Prediction(never, 0.0).share_outside(Prediction(known, 0.0)) == 1.0
    assert Prediction(half, 0.0).share_outside(Prediction(known, 0.0)) == 0.5
    assert Prediction(half, 0.0).share_outside(Prediction(half, 0.0)) == 0.0
    assert (Prediction(half, 0.0).defined, Prediction(never, 1.0).holds(0.0)) == (0.5, False)


def test_the_score_of_a_normal_forecast_is_that_of_its_formula() -> None:
    """Gneiting & Raftery (2007), eq. 21: sd (z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi)); 400 members are off by 1 %."""
    for z in (0.0, 0.7, -2.0):
        expected = z * (2.0 * NORMAL.cdf(z) - 1.0) + 2.0 * NORMAL.pdf(z) - 1.0 / np.sqrt(np.pi)
        assert crps(5.0 + 2.0 * GRID, 5.0 + 2.0 * z) == pytest.approx(2.0 * expected, rel=0.01, abs=0.005)
    assert crps(np.array([3.0]), 5.0) == 2.0
    assert np.isnan(crps(np.array([1.0, np.nan]), 1.0))


def test_naive_forecasts() -> None:
    assert no_change(np.array([1.0, 4.0]), 3).tolist() == [4.0, 4.0, 4.0]
    assert linear_trend(np.array([1.0, 3.0, 5.0]), 2) == pytest.approx([7.0, 9.0])
