"""Posteriors within their ranges: data by hand, the title, and the drawing."""

from __future__ import annotations

import numpy as np
import pytest

from sim.plot.figures.identification import gather_identification
from sim.plot.page import file_axes
from tests.plot.calibrations import calibration
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half


def test_the_parameter_that_is_narrowed_most_comes_first() -> None:
    data = gather_identification(calibration())
    assert [row.name.split(".")[-1] for row in data.rows] == ["onramp", "offshore", "switching"]
    assert [row.width for row in data.rows] == pytest.approx([0.2, 0.9, 1.0])
    np.testing.assert_allclose(data.rows[0].quantiles, [0.41, 0.45, 0.5, 0.55, 0.59])
    assert (data.rows[0].range, data.rows[0].words) == ("0.0 to 10.0", "4.1 to 5.9")
    assert data.title.startswith("The record narrows 1 of 3 parameters by a fifth or more, most demand.onramp, to 20%")


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: calibration().plot.identification(ax=axes))


def test_no_words_meet_or_leave_the_figure() -> None:
    assert_words_apart(calibration().plot.identification(ax=file_axes()))
