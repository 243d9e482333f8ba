"""Two measures against each other: data against known values, what the title says, and the drawing."""

import numpy as np
import pytest

from sim.plot.figures.tradeoff import gather_tradeoff
from sim.plot.page import file_axes
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half
from tests.plot.studies import NOISE, N, example, synthetic_study


def test_a_trade_off_finds_who_is_beaten_and_leaves_out_who_is_undefined() -> None:
    other = np.random.default_rng(5).normal(0, 0.01, N)
    means = {"baseline": (0.5, 0.3), "good": (0.7, 0.2), "mild": (0.3, 0.1), "bad": (0.2, 0.5), "none": (0.1, np.nan)}
    values = {p: {"suppression": x + NOISE, "leakage": y + other} for p, (x, y) in means.items()}
    data = gather_tradeoff(synthetic_study([*means][1:], values), "suppression", "leakage")
    assert {point.policy for point in data.points if point.efficient} == {"good", "mild"}
    assert data.title == "good and mild trade suppression for leakage; the other 2 are beaten in both"
    assert "none is left out: suppression or leakage is undefined." in data.notes
    good = next(point for point in data.points if point.policy == "good")
    assert good.outline.mean(axis=0) == pytest.approx([good.x, good.y], abs=0.05)
    assert good.efficient_share == 1
    turned = gather_tradeoff(synthetic_study([*means][1:], values), larger=(False, False))
    assert {point.policy for point in turned.points if point.efficient} == {"mild", "bad"}


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: example("rules").plot.tradeoff(ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.tradeoff(ax=file_axes()))
