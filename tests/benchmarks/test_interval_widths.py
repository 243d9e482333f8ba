"""Widths by what makes them, in worlds that are known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evidence.evidence_file import Errors
from tests.benchmarks.interval_widths import widths_of


def test_parts_of_a_width_are_those_of_a_sum_of_normals() -> None:
    """Errors 1 and 1, chance 2 but 1 in a tenth of the worlds, parameters 3; a 90 % interval of 200 worlds is off by 5 %."""
    rng = np.random.default_rng(1)
    chance = np.where(np.arange(200) < 20, 1.0, 2.0)[:, None]
    values = 3.0 * rng.normal(size=(200, 1)) + chance * rng.normal(size=(200, 100))
    errors, known, least, parameters, everything = widths_of(values, Errors(1.0, 1.0))

    assert errors == np.sqrt(2.0)
    assert known == pytest.approx(np.sqrt(2.0 + 3.7), rel=0.05)
    assert least == pytest.approx(np.sqrt(2.0 + 1.0), rel=0.15)  # the least of twenty
    assert parameters == pytest.approx(np.sqrt(2.0 + 9.0), rel=0.1)
    assert everything == pytest.approx(np.sqrt(2.0 + 3.7 + 9.0), rel=0.1)
