"""Profiles of parameters: which are bounded, where, and the drawing."""

from __future__ import annotations

import numpy as np
import pytest
from pandas import DataFrame

import sim
from sim.plot.figures.profiles import gather_profiles
from sim.plot.page import file_axes
from tests.plot.calibrations import calibration
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half

PARTS = np.linspace(0.0, 1.0, 5)
BOUNDED, OPEN = "demand.onramp", "segments.traders.switching"


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> sim.Calibration:
    """One parameter that the record bounds to its middle, and one that it leaves open."""
    table = DataFrame(
        [
            {"of": name, "part": part, "value": f"{10 * part:g}", "deviance": curve * (part - 0.5) ** 2}
            for name, curve in ((BOUNDED, 40.0), (OPEN, 1.0))
            for part in PARTS
        ]
    )
    monkeypatch.setattr(sim.Calibration, "profiles", lambda self, parameters: table)
    return calibration()


def test_it_says_what_is_bounded_and_what_is_open(known: sim.Calibration) -> None:
    data = gather_profiles(known, known.profiles([BOUNDED, OPEN]))
    assert data.title == f"The record bounds {BOUNDED} and leaves {OPEN} open"
    assert [line.words for line in data.lines] == ["2.5 to 7.5", "open"]
    np.testing.assert_allclose(data.lines[0].deviance, [10.0, 2.5, 0.0, 2.5, 10.0])


def test_it_is_drawn_on_the_axes_given(known: sim.Calibration) -> None:
    assert_drawn_on(left_half(), lambda axes: known.plot.profiles(BOUNDED, OPEN, ax=axes))


def test_no_words_meet_or_leave_the_figure(known: sim.Calibration) -> None:
    assert_words_apart(known.plot.profiles(BOUNDED, OPEN, ax=file_axes()))


def test_a_parameter_that_is_bounded_between_two_values_is_near_one(known: sim.Calibration) -> None:
    table = known.profiles([BOUNDED, OPEN])
    table["deviance"] += 3.0
    assert all(line.words.startswith("near ") for line in gather_profiles(known, table).lines)
