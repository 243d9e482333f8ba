"""Values between two others, written in the units of the file."""

from __future__ import annotations

import re
from datetime import timedelta
from math import floor
from typing import Any

from sim.scenario.document.model_types import Shape, alternatives, step_into
from sim.scenario.fields import ScenarioFields
from sim.scenario.values.units import (
    parse_day,
    parse_number,
    parse_per_day,
    parse_signed_days,
    show,
    write_day,
    write_days,
    write_per_day,
)

_QUANTITY = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")


def between(path: str, low: object, high: object, part: float) -> object:
    """The value at `path` that lies the given part, in [0, 1), of the way from `low` to `high`.

    Numbers and quantities are interpolated and dates too, to the second; a count is one of the whole numbers from low
    to high, each equally often. Raises ValueError for ends between which nothing lies.
    """
    (a, unit), (b, other) = _split(low), _split(high)
    if a is not None and b is not None and unit == other:
        if _is_count(path):
            return _written(min(floor(a + part * (b - a + 1.0)), int(b)), unit)
        return _written(a + part * (b - a), unit)
    for read, write in ((parse_signed_days, write_days), (parse_per_day, write_per_day)):
        try:
            a, b = read(low), read(high)
        except ValueError:
            continue
        return write(a + part * (b - a))
    try:
        first, last = parse_day(low), parse_day(high)
    except ValueError:
        raise ValueError(f"nothing lies between {show(low)} and {show(high)}; give both in the same unit") from None
    return write_day(first + timedelta(seconds=round(part * (last - first).total_seconds())))


def _split(value: object) -> tuple[float | None, str]:
    """Number and unit; no number where it is none."""
    text = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if text:
        return float(text[1]), text[2]
    try:
        return parse_number(value), ""
    except ValueError:
        return None, ""


def _written(number: float, unit: str) -> object:
    return f"{number!r} {unit}" if unit else number


def _is_count(path: str) -> bool:
    """Whether a whole number is wanted at a path."""
    shape: Shape = ScenarioFields
    for step in path.split("."):
        inner: Any = step_into(shape, step)
        shape = step_into(shape, 0) if inner is None else inner
    types = alternatives(shape)
    return int in types and float not in types
