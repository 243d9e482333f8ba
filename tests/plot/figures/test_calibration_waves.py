"""Simulations beside the record, wave by wave: data by hand, the title, and the drawing."""

from __future__ import annotations

import pytest

from sim.plot.figures.calibration_waves import gather_waves
from sim.plot.page import file_axes
from tests.plot.calibrations import LONG, calibration
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half


def test_distances_are_in_errors_and_the_best_met_fact_comes_first() -> None:
    data = gather_waves(calibration())
    assert [row.fact for row in data.rows] == ["met", LONG]
    assert [row.met for row in data.rows] == [1.0, 0.0]
    first, last = data.rows[0].first, data.rows[0].last
    assert first[0] == pytest.approx(-9.0, abs=1.0)  # 5 % of a uniform from -10 to 10
    assert last[2] == pytest.approx(0.45, abs=0.05)
    assert data.rows[1].last[1] == pytest.approx(40.0, abs=1.0)  # 2 over an error of 0.05
    assert data.title == "2 waves of runs leave 0.05 of the prior; there most runs meet 1 of 2 facts"
    assert data.source == "minimal, 3 parameters, 160 runs"


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: calibration().plot.waves(ax=axes))


def test_no_words_meet_or_leave_the_figure() -> None:
    assert_words_apart(calibration().plot.waves(ax=file_axes()))
