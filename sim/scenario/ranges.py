"""Ranges of values: what is wrong with those under `uncertainties`, and values between two ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import floor
from typing import Any

from sim.scenario.document.model_types import Shape, alternatives, step_into
from sim.scenario.document.tree import Node, problem
from sim.scenario.errors import Problem
from sim.scenario.fields import ScenarioFields
from sim.scenario.reading.overrides import set_all
from sim.scenario.values import calendar, units

_QUANTITY = re.compile(rf"\s*({units.NUMBER})\s*(.*?)\s*")
_READERS: tuple[Callable[[object], float], ...] = (
    units.parse_number,
    units.parse_signed_days,
    units.parse_per_day,
    units.parse_fraction,
    units.parse_amount,
)


def check_uncertainties(root: Node) -> tuple[list[Node], list[Problem]]:
    """The tree with all low ends in place of its own values, that with all high ends, and what is wrong so far.

    The ends are those of the prior, where a range has one.
    """
    block = root.child("uncertainties")
    entries = block.entries if block else {}
    problems = [
        problem(root, ("uncertainties", name, key), "the low end is above the high end", "value")
        for name, entry in entries.items()
        for key in ("between", "prior")
        if (ends := _ends(entry, key)) and _is_above(*ends)
    ]
    both = {name: (_ends(entry, "between"), _ends(entry, "prior")) for name, entry in entries.items()}
    problems += [
        problem(root, ("uncertainties", name, "prior"), "must hold all of `between`", "value")
        for name, (inner, outer) in both.items()
        if inner and outer and (_is_above(outer[0], inner[0]) or _is_above(inner[1], outer[1]))
    ]
    ranges = {name: ends for name, (inner, outer) in both.items() if (ends := outer or inner)}
    low, high = (set_all(root, {name: ends[side] for name, ends in ranges.items()}) for side in (0, 1))
    return [low[0], high[0]], [*problems, *low[1], *high[1]]


def size_of(value: object) -> float | None:
    """A quantity as a number, in the unit that its text implies; None for what is not a quantity."""
    for read in _READERS:
        try:
            return read(value)
        except ValueError:
            continue
    return None


def rounded(value: object, digits: int = 4) -> object:
    """A quantity with so many significant digits of its number, alone or before its unit; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, float | str):
        return value
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    number, space, unit = value.partition(" ")
    try:
        return f"{float(f'{float(number):.{digits}g}'):g}{space}{unit}"
    except ValueError:
        return value


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
    for read, write in ((units.parse_signed_days, units.write_days), (units.parse_per_day, units.write_per_day)):
        try:
            a, b = read(low), read(high)
        except ValueError:
            continue
        return write(a + part * (b - a))
    try:
        first, last = calendar.parse_day(low), calendar.parse_day(high)
    except ValueError:
        ends = f"{units.show(low)} and {units.show(high)}"
        raise ValueError(f"nothing lies between {ends}; give both in the same unit") from None
    return calendar.write_day(first + timedelta(seconds=round(part * (last - first).total_seconds())))


def _ends(entry: Node, key: str) -> tuple[Node, ...]:
    """The two ends of a range, with the key of the range as their position in messages; none if there are not two."""
    block = entry.child(key)
    ends = block.items if block else ()
    return tuple(replace(end, key=entry.key) for end in ends) if len(ends) == 2 else ()


def _is_above(first: Node, second: Node) -> bool:
    """Whether the first quantity is larger; not if they cannot be compared."""
    least, most = size_of(first.value), size_of(second.value)
    return least is not None and most is not None and least > most


def _split(value: object) -> tuple[float | None, str]:
    """Number and unit; no number where it is none."""
    text = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if text:
        return float(text[1]), text[2]
    try:
        return units.parse_number(value), ""
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
