"""Quantities with few digits."""

from __future__ import annotations

import pytest

from sim.scenario.ranges import rounded


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.768761, 0.769),
        ("1.72583 /d", "1.73 /d"),
        ("14523.7 d", "14500 d"),
        ("0.76876", "0.769"),
        ("2017-09-04", "2017-09-04"),
        (14523, 14523),
        (True, True),
        ("closure", "closure"),
    ],
)
def test_a_value_is_shown_with_few_digits_and_its_unit(value: object, expected: object) -> None:
    assert rounded(value, 3) == expected
