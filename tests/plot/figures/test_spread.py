"""A measure over the replications: data against known values, and the drawing."""

import numpy as np
import pytest

from sim.plot.figures.spread import gather_spread
from sim.plot.page import file_axes
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half
from tests.plot.studies import NOISE, N, example, synthetic_study


def test_spreads_hold_all_values_and_the_axis_most() -> None:
    values = np.append(np.linspace(0.2, 0.4, N - 2), [9.0, np.nan])
    data = gather_spread(
        synthetic_study(["a"], {"baseline": {"leakage": 0.3 + NOISE}, "a": {"leakage": values}}), "leakage"
    )
    odd = data.spreads[1]
    assert len(odd.values) == N - 1
    assert odd.undefined == 1
    assert odd.values.max() == pytest.approx(900)
    assert 40 < data.high < 900
    assert "Triangles: 1 value beyond the axis." in data.notes


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: example("rules").plot.fan("leakage", ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.fan("leakage", ax=file_axes()))
