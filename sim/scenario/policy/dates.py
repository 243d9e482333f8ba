"""The dates of an intervention as a whole: moved together, and exchanged with those of others.

A set of dates is a mapping from the names in `DATES` to a date, or to an offset (from the start of the scenario, or
from the firing of the rule on whose ladder the intervention stands). The distances within a set never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sim.clock import DAY, whole_seconds
from sim.scenario.values.units import When, parse_day

DATES = ("announced", "effective", "enforced", "deadline", "until")
"""The dates of an intervention."""


def shift_of(days: float) -> timedelta:
    """A shift by so many days to the whole second, which is as fine as files write dates."""
    try:
        return whole_seconds(days)
    except (ValueError, OverflowError):
        raise ValueError(f"{days} is not a number of days by which a date can move") from None


def moved(dates: Mapping[str, When], by: timedelta) -> dict[str, When]:
    """All dates later by `by`, or earlier if it is negative.

    Raises ValueError for a date that leaves the calendar of scenarios.
    """
    return {name: _moved_deadline(day, by) if name == "deadline" else _moved(day, by) for name, day in dates.items()}


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


def _moved_deadline(day: When, by: timedelta) -> When:
    """A plain date means the end of that day, so it is the end that moves; an end at midnight is a plain date again."""
    if isinstance(day, timedelta):
        return _moved(day, by)
    end = _moved(day + DAY if _is_midnight(day) else day, by)
    return end - DAY if isinstance(end, datetime) and _is_midnight(end) else end


def _is_midnight(day: datetime) -> bool:
    return day.time() == datetime.min.time()
