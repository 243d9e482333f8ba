"""What is said of values outside of the bounds of a measure."""

import math

import pytest

from sim.model.outcomes.measures import MEASURES
from sim.results.measure_remarks import _REMARKS, remark


@pytest.mark.parametrize(
    ("measure", "value", "words"),
    [
        ("leakage", 1.8, "above 1: OTC and offshore venues gained more than domestic venues lost, so trade grew as a whole"),
        ("leakage", -0.1, "below 0: OTC and offshore venues lost as well"),
        ("suppression", -0.03, "below 0: focal traders trade more at the end than at the start"),
        ("displacement:offshore", 1.2, "above 1: more went there than left domestic venues"),
        ("displacement_by_host:malta", -0.2, "below 0: less is there than at the start"),
        ("diversion:okcoin", 1.5, "above 1: it gained more than others lost"),
        ("time_to_effect", -3.0, "below 0: before the first effect"),
    ],
)  # fmt: skip
def test_a_value_outside_of_its_bounds_is_told_in_words(measure: str, value: float, words: str) -> None:
    assert remark(measure, value) == words


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5, -1e-16, 1.0 + 1e-15, math.nan])
def test_nothing_is_said_of_what_lies_within_or_is_undefined(value: float) -> None:
    assert not any(remark(name, value) for name in MEASURES)


def test_only_measures_have_remarks_and_days_may_be_many() -> None:
    assert set(_REMARKS) <= set(MEASURES)
    assert not any(remark(name, 7.0) for name, item in MEASURES.items() if item.unit != "fraction")
