"""Points in calendar time and offsets from them, as people write them: "2017-09-15", "2017-01-24 13:00", "+6 months".

Inside the program a date is a naive `datetime` and an offset a `timedelta`. As in `units`, every `parse_*` function
raises `ValueError` in words meant for the author of the file, and reads back what the matching `write_*` gives.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from sim.clock import DAY
from sim.scenario.values import json_types as schemas
from sim.scenario.values.units import MONTH, is_duration, number_and_unit, show, write_days

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
_PLAIN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = range(1900, 2201)


def parse_day(value: object) -> datetime:
    """A date or a date with a time of day, without a time zone: "2017-09-15", "2017-01-24 13:00"."""
    if isinstance(value, datetime):
        day = value
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)
    else:
        day = _read_day(value)
    if day.tzinfo is not None:
        raise ValueError("give the date without a time zone")
    if day.year not in _YEARS:
        raise ValueError(f"the year {day.year} is not between {_YEARS[0]} and {_YEARS[-1]}")
    return day


class CalendarOffset(timedelta):
    """An offset by months of the calendar and some days. As a length of time months are 30.4375 d, to the whole day."""

    months: int
    rest: int

    def __new__(cls, months: int, rest: int = 0) -> CalendarOffset:  # noqa: D102
        offset = super().__new__(cls, days=round(months * MONTH) + rest)
        offset.months, offset.rest = months, rest
        return offset

    def __reduce__(self) -> tuple[type[CalendarOffset], tuple[int, int]]:
        return CalendarOffset, (self.months, self.rest)

    def after(self, start: datetime) -> datetime:
        """The date that this leads to; the last of a month that is too short for the day of `start`."""
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        day = min(start.day, monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day) + timedelta(days=self.rest)


def moment(when: datetime | timedelta, start: datetime) -> datetime:
    """The point in time that a date means, or an offset from `start`."""
    if isinstance(when, datetime):
        return when
    return when.after(start) if isinstance(when, CalendarOffset) else start + when


def parse_offset(value: object) -> timedelta:
    """A shift of either sign, as `parse_signed_days`; months and years are those of the calendar, their parts days."""
    if isinstance(value, timedelta):
        return value
    number, length = number_and_unit(value)
    if length < MONTH:
        return timedelta(days=number * length)
    count = number * round(length / MONTH)
    months = int(count)
    rest = round((count - months) * MONTH)
    return CalendarOffset(months, rest) if months else timedelta(days=rest)


def parse_when(value: object) -> datetime | timedelta:
    """A date, or a signed offset ("+14 d") from whatever the place defines, as a `timedelta`."""
    if isinstance(value, timedelta) or (isinstance(value, str) and value.strip()[:1] in ("+", "-")):
        return parse_offset(value)
    try:
        return parse_day(value)
    except ValueError as error:
        if isinstance(value, str) and is_duration(value):
            raise ValueError(f"{show(value)} is not a date; write +{value.strip()} for an offset") from None
        raise error from None


def parse_end(value: object) -> datetime | timedelta:
    """When something ends, as `parse_when`: a date without a time, or an offset in whole days, includes that day.

    A `datetime` or a `timedelta` is the moment itself.
    """
    end = parse_when(value)
    if isinstance(value, datetime | timedelta):
        return end
    plain = isinstance(value, date) or (isinstance(value, str) and _PLAIN_DAY.fullmatch(value.strip()))
    return _later(end, 1) if plain or (isinstance(end, timedelta) and _is_whole(end)) else end


def parse_last_day(value: object) -> datetime:
    """When something ends, as `parse_end`, but a date."""
    parse_day(value)
    return parse_end(value)  # type: ignore[return-value]


def write_day(day: datetime) -> str:
    """A date as text, with the time of day unless that is midnight."""
    if _is_midnight(day):
        return day.date().isoformat()
    return day.isoformat(sep=" ", timespec="seconds" if day.second else "minutes")


def write_when(when: datetime | timedelta) -> str:
    """A date or a signed offset as text."""
    if isinstance(when, datetime):
        return write_day(when)
    if isinstance(when, CalendarOffset):
        return f"{when.months + when.rest / MONTH:+} months".replace(".0 ", " ")
    return f"{'+' if when >= timedelta(0) else ''}{write_days(when / DAY)}"


def write_end(end: datetime | timedelta) -> str:
    """When something ends as text: the last day, where it ends with a day."""
    whole = _is_midnight(end) if isinstance(end, datetime) else _is_whole(end)
    return write_when(_later(end, -1) if whole else end)


def _later(when: datetime | timedelta, days: int) -> datetime | timedelta:
    if isinstance(when, CalendarOffset):
        return CalendarOffset(when.months, when.rest + days)
    return when + timedelta(days=days)


def _is_whole(span: timedelta) -> bool:
    return not (span.seconds or span.microseconds)


def _is_midnight(day: datetime) -> bool:
    return day.time() == datetime.min.time()


def _read_day(value: object) -> datetime:
    text = value.strip() if isinstance(value, str) else ""
    if not _DAY.fullmatch(text):
        raise ValueError(f"{show(value)} is not a date; write for instance 2017-09-15 or 2017-01-24 13:00")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not in the calendar") from None


_AS_DAY = PlainSerializer(write_day, return_type=str, when_used="json")
_AS_WHEN = PlainSerializer(write_when, return_type=str, when_used="json")
_AS_END = PlainSerializer(write_end, return_type=str, when_used="json")
Day = Annotated[datetime, PlainValidator(parse_day), _AS_DAY, WithJsonSchema(schemas.DAY)]
"""A point in calendar time, without a time zone."""
When = Annotated[datetime | timedelta, PlainValidator(parse_when), _AS_WHEN, WithJsonSchema(schemas.WHEN)]
"""A date, or an offset from a date that the place defines."""
End = Annotated[datetime | timedelta, PlainValidator(parse_end), _AS_END, WithJsonSchema(schemas.END)]
"""When something ends: a plain date, or an offset in whole days, includes that day."""
LastDay = Annotated[datetime, PlainValidator(parse_last_day), _AS_END, WithJsonSchema(schemas.LAST_DAY)]
"""As `End`, but a date."""
