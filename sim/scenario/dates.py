"""The dates of an intervention as a whole: moved together, and exchanged with those of others.

A set of dates is a mapping from the names in `DATES` to a date, or to an offset (from the start of the scenario, or
from the firing of the rule on whose ladder the intervention stands). The distances within a set never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sim.scenario.units import When, parse_day, parse_signed_days

DATES = ("announced", "effective", "enforced", "deadline", "until")
"""The dates of an intervention."""

_DAY = timedelta(days=1)


def shift_of(days: object) -> timedelta:
    """A shift in days, or as text with its unit, to the whole second, which is as fine as files write dates."""
    length = days if isinstance(days, int | float) and not isinstance(days, bool) else parse_signed_days(days)
    try:
        return timedelta(seconds=round(length * 86400))
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


def shifts(order: Iterable[str], begins: Mapping[str, When]) -> dict[str, timedelta]:
    """How far each must move so that those in `order` begin one after the other on the dates of now.

    The n-th of them takes the n-th earliest date. Raises ValueError if dates and offsets are mixed, because nothing
    says which is earlier.
    """
    order = tuple(order)
    by_date = [name for name in order if isinstance(begins[name], datetime)]
    if len(by_date) not in (0, len(order)):
        odd = next(name for name in order if name not in by_date)
        raise ValueError(f"{odd} begins at an offset and {by_date[0]} on a date, which cannot be exchanged")
    slots = sorted(begins[name] for name in order)
    return {name: slot - begins[name] for name, slot in zip(order, slots, strict=True)}  # type: ignore[operator, misc]


def exchange(a: str, b: str, begins: Mapping[str, When]) -> dict[str, timedelta]:
    """How far two must move so that each begins when the other does now."""
    forth = shifts((a, b), begins)
    return forth if any(forth.values()) else shifts((b, a), begins)


def _moved(day: When, by: timedelta) -> When:
    try:
        return day + by if isinstance(day, timedelta) else parse_day(day + by)
    except OverflowError:
        raise ValueError(f"a shift by {by.days:,} days leaves the calendar") from None


def _moved_deadline(day: When, by: timedelta) -> When:
    """A plain date means the end of that day, so it is the end that moves; an end at midnight is a plain date again."""
    if isinstance(day, timedelta):
        return _moved(day, by)
    end = _moved(day + _DAY if _is_midnight(day) else day, by)
    return end - _DAY if isinstance(end, datetime) and _is_midnight(end) else end


def _is_midnight(day: datetime) -> bool:
    return day.time() == datetime.min.time()
