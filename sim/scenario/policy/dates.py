"""The dates of an intervention as a whole: moved together, and exchanged with those of others.

A set of dates is a mapping from the names in `DATES` to a date, or to an offset (from the start of the scenario, or
from the firing of the rule on whose ladder the intervention stands). The distances within a set never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sim.clock import whole_seconds
from sim.scenario.values.calendar import When, parse_day, parse_end, parse_when, write_end, write_when

DATES = ("announced", "effective", "enforced", "deadline", "until")
"""The dates of an intervention."""
ENDS = ("deadline", "until")
"""Those that are ends: written without a time, they include their day."""


def shift_of(days: float) -> timedelta:
    """A shift by so many days to the whole second, which is as fine as files write dates."""
    try:
        return whole_seconds(days)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{days!r} is not a number of days by which a date can move") from None


def moved(dates: Mapping[str, When], by: timedelta) -> dict[str, When]:
    """All dates later by `by`, or earlier if it is negative.

    Raises ValueError for a date that leaves the calendar of scenarios.
    """
    return {name: _moved(day, by) for name, day in dates.items()} if by else dict(dates)


def read(name: str, value: object) -> When:
    """One of the dates of an intervention or a rule, as written. Raises ValueError for what is none."""
    return parse_end(value) if name in ENDS else parse_when(value)


def written(name: str, day: When) -> str:
    """What `read` reads back."""
    return write_end(day) if name in ENDS else write_when(day)


def begin(dates: Mapping[str, When]) -> When | None:
    """When an intervention begins: its announcement, or its effect if that is not announced. None: not dated."""
    return dates.get("announced", dates.get("effective"))


def shifts(begins: Mapping[str, When]) -> dict[str, timedelta]:
    """How far each must move so that they begin in the order of the mapping, on the dates on which they begin now.

    The n-th takes the n-th earliest date. Raises ValueError if dates and offsets are mixed, because nothing says which
    is earlier.
    """
    by_date = [name for name, day in begins.items() if isinstance(day, datetime)]
    if len(by_date) not in (0, len(begins)):
        odd = next(name for name in begins if name not in by_date)
        raise ValueError(f"{odd} begins at an offset and {by_date[0]} on a date, which cannot be exchanged")
    slots = sorted(begins.values())
    return {name: slot - begins[name] for name, slot in zip(begins, slots, strict=True)}  # type: ignore[operator, misc]


def exchange(begins: Mapping[str, When]) -> dict[str, timedelta]:
    """How far two must move so that each begins when the other does now."""
    forth = shifts(begins)
    return forth if any(forth.values()) else shifts(dict(reversed([*begins.items()])))


def _moved(day: When, by: timedelta) -> When:
    try:
        return day + by if isinstance(day, timedelta) else parse_day(day + by)
    except OverflowError:
        raise ValueError(f"a shift by {by.days:,} days leaves the calendar") from None
