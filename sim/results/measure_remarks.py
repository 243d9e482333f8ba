"""What a measure says when its value lies outside the bounds within which one would read it: in words."""

from collections.abc import Mapping

from sim.model.outcomes.timing_measures import ROUNDING

_AS_WELL = "below 0: OTC and offshore venues lost as well"
_BY_PLACE = ("below 0: less is there than at the start", "above 1: more went there than left domestic venues")
_REMARKS: Mapping[str, tuple[str, str]] = {
    "suppression": ("below 0: focal traders trade more at the end than at the start", ""),
    "leakage": (
        _AS_WELL, "above 1: OTC and offshore venues gained more than domestic venues lost, so trade grew as a whole",
    ),
    "displacement": _BY_PLACE,
    "displacement_by_host": _BY_PLACE,
    "leakage_from": (
        "below 0: venues of the other modes lost as well",
        "above 1: venues of the other modes gained more than these lost, so trade grew as a whole",
    ),
    "time_to_effect": ("below 0: before the first effect", ""),
    "rebound": ("", "above 1: domestic volume came to more than at the start"),
    "diversion": ("below 0: it lost as well", "above 1: it gained more than others lost"),
}  # fmt: skip
"""By measure what a value below 0 and one above 1 means, where that is not what its name leads to expect."""


def remark(measure: str, value: float) -> str:
    """What is to be said of the value of a measure or of one of its members; empty for one within its bounds."""
    below, above = _REMARKS.get(measure.partition(":")[0], ("", ""))
    return below if value < -ROUNDING else above if value > 1.0 + ROUNDING else ""
