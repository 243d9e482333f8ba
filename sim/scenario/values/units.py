"""Quantities as people write them ("6 weeks", "5 /month", "35 %", "2017-09-15") and types that read them.

Inside the program a duration is a float in days and a rate a float per day. Dates are read in `calendar`.
Every `parse_*` function raises `ValueError` in words meant for the author of the file; every `write_*`
function gives text that the matching parser reads back to the same value.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator, WithJsonSchema

from sim.clock import DAY
from sim.scenario.values import json_types as schemas
from sim.suggest import did_you_mean

MONTH = 365.25 / 12
"""Mean length of a month in days."""
LONGEST = 1e6
"""Longest duration in days; any date that a scenario accepts plus this much is still a date."""

LARGEST = 1_000_000
"""Largest count, and fastest rate per day."""

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
"""A number as people write it, as a regular expression."""
_DURATION = re.compile(rf"({NUMBER})\s*([A-Za-z]+)")
_RATE = re.compile(rf"({NUMBER})\s*(?:/|\bper\b)\s*([A-Za-z]+)")
_PERCENT = re.compile(rf"({NUMBER})\s*%")
_AMOUNT = re.compile(rf"({NUMBER})(?:\s*([A-Za-z][A-Za-z /_-]*))?")

_NAMES = {
    1 / 1440: ("min", "minute", "minutes"),
    1 / 24: ("h", "hour", "hours"),
    1.0: ("d", "day", "days"),
    7.0: ("w", "week", "weeks"),
    MONTH: ("month", "months"),
    365.25: ("y", "year", "years"),
}
_DAYS_IN = {name: days for days, names in _NAMES.items() for name in names}
_MULTIPLIERS = ("k", "m", "mn", "bn", "thousand", "million", "billion")


def parse_number(value: object) -> float:
    """A plain finite number, without unit. Text is refused unless it is a number, and so are truth values."""
    if isinstance(value, str) and re.fullmatch(NUMBER, value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{show(value)} is not a number")
    return _finite(value)


def parse_days(value: object) -> float:
    """A duration in days (>= 0) from text such as "6 weeks", "12 d", "36 h", or from a `timedelta`."""
    days = parse_signed_days(value)
    if days < 0:
        raise ValueError(f"{show(value)} is negative: a duration must be 0 d or more")
    return days


def parse_signed_days(value: object) -> float:
    """A shift in days of either sign, from text such as "-300 d" or "+2 weeks", or from a `timedelta`."""
    if isinstance(value, timedelta):
        return value / DAY
    number, length = number_and_unit(value)
    return number * length


def number_and_unit(value: object) -> tuple[float, float]:
    """The number in a duration of either sign, and the length of its unit in days."""
    number, unit = _split(value, _DURATION, "a duration", "6 weeks")
    length = _days_in(unit)
    if abs(_finite(number * length)) > LONGEST:
        raise ValueError(f"{show(value)} is longer than {LONGEST:,.0f} d")
    return number, length


def is_duration(text: str) -> bool:
    """Whether a text has the form of a duration."""
    return _DURATION.fullmatch(text.strip()) is not None


def parse_interval(value: object) -> float:
    """A duration in days between two of many events: a minute or more, because others would never end."""
    days = parse_days(value)
    if days < 1 / 1440:
        raise ValueError(f"{show(value)} is too short: it must be 1 min or more")
    return days


def parse_per_day(value: object) -> float:
    """A rate per day (>= 0) from text such as "0.25 /d", "5 /month" or "2 per year"."""
    number, unit = _split(value, _RATE, "a rate", "0.25 /d")
    if number < 0:
        raise ValueError(f"{show(value)} is negative: a rate must be 0 /d or more")
    if (rate := _finite(number / _days_in(unit))) > LARGEST:
        raise ValueError(f"{show(value)} is faster than {LARGEST:,} /d")
    return rate


def parse_fraction(value: object) -> float:
    """A number from 0 to 1; text such as "35 %" is read as 0.35."""
    percent = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    number = float(percent[1]) / 100 if percent else parse_number(value)
    if not 0 <= number <= 1:
        hint = f"; write {number:g} % for a percentage" if 2 <= number <= 100 and not percent else ""
        raise ValueError(f"{show(value)} is not between 0 and 1{hint}")
    return number


def parse_amount(value: object) -> float:
    """A quantity (>= 0): a number, perhaps with the thing counted ("60 BTC"), which is not kept."""
    match = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match and (noun := (match[2] or "").lower()):
        if noun in _DAYS_IN:
            raise ValueError(f"{show(value)} is a duration; a plain amount is wanted, for instance 2")
        if noun in _MULTIPLIERS or noun.split()[0] in _MULTIPLIERS:
            raise ValueError(f"write the number out in full, not {show(value)}")
    number = parse_number(match[1] if match else value)
    if number < 0:
        raise ValueError(f"{show(value)} is negative: an amount must be 0 or more")
    return number


@dataclass(frozen=True, slots=True)
class PartOfVolume:
    """An amount in relation to the scenario: so many percent of what focal traders trade on the first day."""

    percent: float


def parse_money(value: object) -> float | PartOfVolume:
    """An amount (>= 0) in the file's own unit, or as a part of the focal volume: 60, "60 BTC", "0.3 %"."""
    if isinstance(value, PartOfVolume):
        return value
    percent = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if percent is None:
        return parse_amount(value)
    if (number := _finite(float(percent[1]))) < 0:
        raise ValueError(f"{show(value)} is negative: an amount must be 0 or more")
    return PartOfVolume(number)


def _positive(money: float | PartOfVolume) -> float | PartOfVolume:
    if (money.percent if isinstance(money, PartOfVolume) else money) == 0:
        raise ValueError("must be more than 0")
    return money


def parse_count(value: object) -> int:
    """A whole number (>= 0), with or without the thing counted: 45, "2 cases", "3 officers"."""
    number = parse_amount(value)
    if number != int(number):
        raise ValueError(f"{show(value)} is not a whole number")
    if number > LARGEST:
        raise ValueError(f"{show(value)} is more than {LARGEST:,}")
    return int(number)


def write_days(days: float) -> str:
    """A duration or shift in days as text."""
    return f"{days!r}".removesuffix(".0") + " d"


def write_per_day(rate: float) -> str:
    """A rate per day as text."""
    return f"{rate!r}".removesuffix(".0") + " /d"


def write_money(money: float | PartOfVolume) -> float | str:
    """An amount as a file has it."""
    return f"{money.percent!r} %" if isinstance(money, PartOfVolume) else money


def _split(value: object, pattern: re.Pattern[str], what: str, example: str) -> tuple[float, str]:
    """Number and unit of a text, or a message that says what is missing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"give a unit, for instance {example}")
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(NUMBER, text):
        raise ValueError(f"give a unit, for instance {example}")
    match = pattern.fullmatch(text)
    if not match:
        raise ValueError(f"{show(value)} is not {what}; write for instance {example}")
    return float(match[1]), match[2]


def _days_in(unit: str) -> float:
    """Length of a unit of time in days."""
    if (days := _DAYS_IN.get(unit.lower())) is None:
        known = "min, h, d, weeks, months, years"
        raise ValueError(f"unknown unit of time {unit}; use {known}{did_you_mean(unit, _DAYS_IN, 0.5)}")
    return days


def _finite(number: float) -> float:
    try:
        result = float(number)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ValueError("the number must be finite")
    return result


def show(value: object) -> str:
    """A value as it may stand in a message: short, and recognisable."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing (null)", True: "true", False: "false"}[value]
    text = str(value) or '""'
    return text if len(text) <= 40 else text[:37] + "..."


_AS_DAYS = PlainSerializer(write_days, return_type=str, when_used="json")
_AS_PER_DAY = PlainSerializer(write_per_day, return_type=str, when_used="json")
_AS_MONEY = PlainSerializer(write_money, when_used="json")

Days = Annotated[float, BeforeValidator(parse_days), _AS_DAYS, WithJsonSchema(schemas.DAYS)]
"""A duration in days, 0 or more."""
PerDay = Annotated[float, BeforeValidator(parse_per_day), _AS_PER_DAY, WithJsonSchema(schemas.PER_DAY)]
"""A rate per day, 0 or more."""
Fraction = Annotated[float, BeforeValidator(parse_fraction), WithJsonSchema(schemas.FRACTION)]
"""A share from 0 to 1."""
Interval = Annotated[float, BeforeValidator(parse_interval), _AS_DAYS, WithJsonSchema(schemas.DAYS)]
"""A duration between two of many events in days, a minute or more."""
Money = Annotated[float | PartOfVolume, PlainValidator(parse_money), _AS_MONEY, WithJsonSchema(schemas.MONEY)]
"""An amount of money or volume, 0 or more: in the file's unit, or a part of the focal volume of the first day."""
PositiveMoney = Annotated[Money, AfterValidator(_positive)]
"""An amount above 0."""
Count = Annotated[int, BeforeValidator(parse_count), WithJsonSchema(schemas.COUNT)]
"""A whole number, 0 or more."""
