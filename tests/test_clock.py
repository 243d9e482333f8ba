"""Days and dates: the same numbers by every way, and back to the second."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import dates_of, days_from, whole_seconds

START = datetime(2017, 1, 1, 13)
SECONDS = st.integers(-3_000_000_000, 3_000_000_000)
"""Distances of up to a century."""


@given(SECONDS)
def test_days_are_the_quotient_of_seconds(seconds: int) -> None:
    passed = timedelta(seconds=seconds)
    assert days_from(START, passed) == seconds / 86400.0
    assert days_from(START, START + passed) == seconds / 86400.0


@given(SECONDS)
def test_a_date_comes_back_to_the_second(seconds: int) -> None:
    moment = START + timedelta(seconds=seconds)
    days = days_from(START, moment)
    assert whole_seconds(days) == timedelta(seconds=seconds)
    assert dates_of(START, np.array([days, 0.0])).tolist() == [moment, START]


@pytest.mark.parametrize("days", [float("nan"), float("inf"), 1e300])
def test_what_is_no_length_of_time_is_refused(days: float) -> None:
    with pytest.raises((ValueError, OverflowError)):
        whole_seconds(days)
