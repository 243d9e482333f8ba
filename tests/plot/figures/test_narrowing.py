"""Facts by parameters: what is shown of a known table, the title, and the drawing."""

from __future__ import annotations

import numpy as np
import pytest
from pandas import DataFrame

import sim
from sim.plot.figures.narrowing import draw_narrowing, gather_narrowing
from sim.plot.page import file_axes
from tests.plot.calibrations import LONG, calibration
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> sim.Calibration:
    """Of three parameters the second is narrowed by one fact, the first by another, and the third by none."""
    table = DataFrame(
        [[0.0, 0.4, 0.01], [0.2, -0.1, 0.0], [0.0, 0.02, 0.03]],
        index=["rival", LONG, "silent"], columns=["demand.onramp", "segments.traders.switching", "segments.traders.taste"],
    )  # fmt: skip
    monkeypatch.setattr(sim.Calibration, "narrowing", lambda self: table)
    return calibration()


def test_what_is_narrowed_most_comes_first_and_what_is_not_is_left_out(known: sim.Calibration) -> None:
    data = gather_narrowing(known)
    assert data.facts == ("rival", LONG)
    assert data.parameters == ("segments.traders.switching", "demand.onramp")
    np.testing.assert_allclose(data.cells, [[0.4, 0.0], [-0.1, 0.2]])
    assert data.title == (
        "2 of 3 facts narrow any parameter by a twentieth or more, most rival, segments.traders.switching by 40%"
    )
    assert data.notes[1].startswith("1 fact and 1 parameter are left out")


def test_numbers_stand_in_the_cells_that_count(known: sim.Calibration) -> None:
    axes = draw_narrowing(file_axes(), gather_narrowing(known))
    assert sorted(text.get_text() for text in axes.texts if text.get_text().strip("\u2212").isdigit()) == [
        "20", "40", "\u221210",
    ]  # fmt: skip


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: calibration().plot.narrowing(ax=axes))


def test_no_words_meet_or_leave_the_figure(known: sim.Calibration) -> None:
    assert_words_apart(known.plot.narrowing(ax=file_axes()))
