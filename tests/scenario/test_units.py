"""Durations, rates, dates, shares and counts as people write them."""

import pickle
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from sim.scenario.values import calendar, units

DAYS = st.floats(0, units.LONGEST, allow_nan=False)


class Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")
    days: units.Days = 1.0
    rate: units.PerDay = 0.0
    day: calendar.Day = datetime(2020, 1, 1)
    when: calendar.When = timedelta(0)
    end: calendar.End = timedelta(0)
    share: units.Fraction = 0.5
    count: units.Count = 1


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("6 weeks", 42.0),
        ("12 d", 12.0),
        ("91 days", 91.0),
        ("3 months", 3 * 365.25 / 12),
        ("2 years", 730.5),
        ("36 h", 1.5),
        ("90min", 0.0625),
        ("1.5e1 d", 15.0),
        (" +2 Weeks ", 14.0),
        (timedelta(hours=6), 0.25),
    ],
)
def test_durations(text: object, days: float) -> None:
    assert units.parse_days(text) == pytest.approx(days, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (42, "give a unit, for instance 6 weeks"),
        ("42", "give a unit, for instance 6 weeks"),
        ("3 wekes", "unknown unit of time wekes; use min, h, d, weeks, months, years (did you mean weeks?)"),
        ("3 m", "unknown unit of time m; use min, h, d, weeks, months, years"),
        ("-3 d", "-3 d is negative: a duration must be 0 d or more"),
        ("soon", "soon is not a duration; write for instance 6 weeks"),
        ("1e9 d", "1e9 d is longer than 1,000,000 d"),
        ("1e999 d", "the number must be finite"),
        (True, "true is not a duration; write for instance 6 weeks"),
        (None, "nothing (null) is not a duration; write for instance 6 weeks"),
        ([1], "a list is not a duration; write for instance 6 weeks"),
    ],
)
def test_wrong_durations(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        units.parse_days(value)
    assert str(error.value).removesuffix(" (did you mean min?)") == message


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0.25 /d", 0.25), ("0.25/d", 0.25), ("5 /month", 60 / 365.25), ("2 per year", 2 / 365.25), ("1 / h", 24.0)],
)
def test_rates(text: str, rate: float) -> None:
    assert units.parse_per_day(text) == pytest.approx(rate, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.25, "give a unit, for instance 0.25 /d"),
        ("0.25 d", "0.25 d is not a rate; write for instance 0.25 /d"),
        ("-1 /d", "-1 /d is negative: a rate must be 0 /d or more"),
        ("1 /dya", "unknown unit of time dya; use min, h, d, weeks, months, years (did you mean day?)"),
    ],
)
def test_wrong_rates(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        units.parse_per_day(value)
    assert str(error.value) == message


def test_dates_and_offsets() -> None:
    assert calendar.parse_day("2017-09-15") == datetime(2017, 9, 15)
    assert calendar.parse_day("2017-01-24 13:00") == datetime(2017, 1, 24, 13)
    assert calendar.parse_day(datetime(2017, 1, 24).date()) == datetime(2017, 1, 24)
    assert calendar.parse_when("+14 d") == timedelta(days=14)
    assert calendar.parse_when("-2 weeks") == timedelta(days=-14)
    assert calendar.parse_when("2017-09-15") == datetime(2017, 9, 15)


@pytest.mark.parametrize(
    ("written", "end", "again"),
    [
        ("2020-07-15", datetime(2020, 7, 16), "2020-07-15"),
        ("2020-07-15 00:00", datetime(2020, 7, 15), "2020-07-14"),
        ("2020-07-15 13:00", datetime(2020, 7, 15, 13), "2020-07-15 13:00"),
        (date(2020, 7, 15), datetime(2020, 7, 16), "2020-07-15"),
        (datetime(2020, 7, 15), datetime(2020, 7, 15), "2020-07-14"),
        ("+14 d", timedelta(days=15), "+14 d"),
        ("+2 weeks", timedelta(days=15), "+14 d"),
        ("+36 h", timedelta(days=1.5), "+1.5 d"),
        ("-1 d", timedelta(0), "-1 d"),
        (timedelta(days=14), timedelta(days=14), "+13 d"),
        ("+6 months", calendar.CalendarOffset(6, 1), "+6 months"),
    ],
)
def test_an_end_without_a_time_of_day_includes_its_day(written: object, end: datetime | timedelta, again: str) -> None:
    assert calendar.parse_end(written) == end
    assert calendar.write_end(end) == again
    assert calendar.parse_end(again) == end


@pytest.mark.parametrize(
    ("text", "start", "day"),
    [
        ("+6 months", datetime(2020, 1, 1), datetime(2020, 7, 1)),
        ("+1 month", datetime(2020, 1, 31, 10), datetime(2020, 2, 29, 10)),
        ("-1 month", datetime(2020, 3, 31), datetime(2020, 2, 29)),
        ("+13 months", datetime(2020, 12, 15), datetime(2022, 1, 15)),
        ("+1 y", datetime(2020, 2, 29), datetime(2021, 2, 28)),
        ("+1.5 years", datetime(2020, 1, 1), datetime(2021, 7, 1)),
        ("+6.5 months", datetime(2020, 1, 1), datetime(2020, 7, 16)),
        ("-6.5 months", datetime(2020, 7, 16), datetime(2020, 1, 1)),
        ("+0.5 months", datetime(2020, 1, 1), datetime(2020, 1, 16)),
        ("+26 weeks", datetime(2020, 1, 1), datetime(2020, 7, 1)),
    ],
)
def test_offsets_in_months_go_by_the_calendar(text: str, start: datetime, day: datetime) -> None:
    offset = calendar.parse_when(text)
    assert calendar.moment(offset, start) == day
    assert calendar.moment(calendar.parse_when(calendar.write_when(offset)), start) == day
    assert calendar.moment(pickle.loads(pickle.dumps(offset)), start) == day
    end = calendar.moment(calendar.parse_end(text), start)
    assert end - day == timedelta(days=1)


@given(st.integers(-60, 60).filter(bool), st.integers(0, 30))
def test_months_and_days_read_back_exactly(months: int, days: int) -> None:
    offset = calendar.CalendarOffset(months, days if months > 0 else -days)
    again = calendar.parse_when(calendar.write_when(offset))
    assert isinstance(again, calendar.CalendarOffset)
    assert (again.months, again.rest) == (offset.months, offset.rest)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2017-02-29", "2017-02-29 is not in the calendar"),
        ("15.9.2017", "15.9.2017 is not a date; write for instance 2017-09-15 or 2017-01-24 13:00"),
        ("0217-09-15", "the year 217 is not between 1900 and 2200"),
        (datetime.fromisoformat("2017-09-15T00:00+08:00"), "give the date without a time zone"),
        (20170915, "20170915 is not a date; write for instance 2017-09-15 or 2017-01-24 13:00"),
    ],
)
def test_wrong_dates(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        calendar.parse_day(value)
    assert str(error.value) == message


def test_an_offset_needs_its_sign() -> None:
    with pytest.raises(ValueError, match=r"14 d is not a date; write \+14 d for an offset"):
        calendar.parse_when("14 d")


def test_shares_amounts_and_counts() -> None:
    assert units.parse_fraction("35 %") == 0.35
    assert units.parse_fraction(1) == 1.0
    assert units.parse_amount("60 BTC") == 60.0
    assert units.parse_amount("1.5 BTC/d") == 1.5
    assert units.parse_count("2 cases") == 2
    assert units.parse_count(45) == 45


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2 weeks", "2 weeks is a duration; a plain amount is wanted, for instance 2"),
        ("2 million", "write the number out in full, not 2 million"),
        ("2.5 cases", "2.5 cases is not a whole number"),
        (-1, "-1 is negative: an amount must be 0 or more"),
        (True, "true is not a number"),
    ],
)
def test_wrong_counts(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        units.parse_count(value)
    assert str(error.value) == message


def test_a_share_above_one_may_be_a_percentage() -> None:
    with pytest.raises(ValueError, match="35 is not between 0 and 1; write 35 % for a percentage"):
        units.parse_fraction(35)


@given(DAYS)
def test_written_durations_read_back_exactly(days: float) -> None:
    assert units.parse_days(units.write_days(days)) == days
    assert units.parse_signed_days(units.write_days(-days)) == -days
    assert units.parse_per_day(units.write_per_day(days)) == days


@given(
    st.sampled_from([("min", 1 / 1440), ("h", 1 / 24), ("d", 1.0), ("weeks", 7.0), ("months", 30.4375), ("y", 365.25)]),
    st.decimals(0, 1000, places=3),
)
def test_a_unit_scales_the_number(unit: tuple[str, float], number: object) -> None:
    name, days = unit
    assert units.parse_days(f"{number} {name}") == pytest.approx(float(str(number)) * days, rel=1e-12)


@given(
    st.floats(-1e5, 1e5).map(lambda days: timedelta(days=days))
    | st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)),
    DAYS,
    st.floats(0, 1),
)
def test_a_model_survives_its_own_json(when: timedelta | datetime, days: float, share: float) -> None:
    if isinstance(when, datetime):
        when = when.replace(microsecond=0, fold=0)
    sample = Sample.model_construct(days=days, rate=days, when=when, end=when, share=share)
    assert Sample.model_validate_json(sample.model_dump_json()) == sample


@given(st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.lists(st.integers()))
def test_nothing_but_value_errors(value: object) -> None:
    for parse in (
        units.parse_days,
        units.parse_signed_days,
        units.parse_per_day,
        calendar.parse_when,
        calendar.parse_end,
        units.parse_fraction,
        units.parse_amount,
        units.parse_count,
    ):
        with suppress(ValueError):
            parse(value)
