"""What an evidence file holds: facts, named series, and series that are forecast month by month."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.clock import DAY
from sim.evidence.series import Recorded, Traded, Window
from sim.evidence.statistics import STATISTICS
from sim.scenario.values.base import FileBlock, Id, Name

NINE_TENTHS = 1.6449
"""Half of the width, in standard deviations, of the middle nine tenths of a normal distribution."""
_LEAST_OF_COUNTS = 0.5
_LEAST_PART = 0.05


def _both_days(value: Any) -> Any:
    """A single day is first and last."""
    return value if isinstance(value, list | tuple) else [value, value]


class Errors(NamedTuple):
    """Standard deviations of what the record and what the model get wrong, in the unit of the fact."""

    record: float
    model: float

    @property
    def both(self) -> float:
        """Of both together."""
        return math.hypot(self.record, self.model)


class Fact(FileBlock):
    """One stylised fact: a value over some days, and the bounds of what it may honestly be called."""

    id: Id
    about: str
    window: Annotated[Window, BeforeValidator(_both_days)] = Field(description="first and last day, or the only one")
    statistic: str | None = Field(None, description="how it is read off a run; default: it is not")
    arguments: Mapping[str, Any] = Field({}, description="of the statistic")
    value: float | None = Field(None, description="default: an event, which has no value")
    low: float | None = Field(None, description="least that the sources support; default: the value")
    high: float | None = Field(None, description="most that they support; default: the value")
    model_error: Annotated[float, Field(ge=0.0)] | None = Field(
        None,
        description="standard deviation of what the model gets wrong with any parameters, in the unit of the value; "
        "default: as large as the error of the record",
    )
    unit: Name
    grade: Literal["A", "B", "C"]
    use: Literal["fix", "calibrate", "validate"]
    source: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.window[0] > self.window[1]:
            raise ValueError("the last day comes before the first")
        low, value, high = self.bounds[0], self.value, self.bounds[1]
        if value is not None and not low <= value <= high:
            raise ValueError("low, value and high are not in order")
        if self.statistic is not None and value is None:
            raise ValueError("a statistic needs a value to be compared with")
        return self

    @property
    def first_day(self) -> date:
        """The first day that it is about."""
        return self.window[0]

    @property
    def last_day(self) -> date:
        """The last."""
        return self.window[1]

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and most that it may be called; NaN for an event."""
        value = math.nan if self.value is None else self.value
        return value if self.low is None else self.low, value if self.high is None else self.high

    def agrees(self, value: float) -> bool:
        """Whether a value falls within the bounds."""
        return self.bounds[0] <= value <= self.bounds[1]

    @property
    def errors(self) -> Errors:
        """Standard deviations of the errors of record and model.

        The bounds are taken to hold nine tenths, so half of their width is 1.645 deviations of the record. Where they
        leave less than half a unit of a count, or less than a twentieth of any other value, to both sides, they are
        taken to leave that. Whether something happens has no error.
        """
        kind = STATISTICS.get(self.statistic or "")
        if kind is not None and not kind.by_run:
            return Errors(0.0, 0.0)
        low, high = self.bounds
        least = _LEAST_OF_COUNTS if kind is not None and kind.counts else _LEAST_PART * abs(self.value or 0.0)
        record = max(0.5 * (high - low), least) / NINE_TENTHS
        return Errors(record, record if self.model_error is None else self.model_error)


class Forecast(FileBlock):
    """A series that is forecast month by month, beside what was recorded."""

    id: Id
    about: str
    statistic: str = Field(description="how a month is read off a run")
    arguments: Mapping[str, Any] = Field({}, description="of the statistic")
    months: Window = Field(description="first and last day of what is forecast, in whole months")
    known: Window = Field(description="first and last day of what a naive forecast may know, in whole months")
    record: Recorded = Field(description="the recorded series, of which a month is the mean of its rows")
    source: str

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, (first, last) in {"months": self.months, "known": self.known}.items():
            if first > last or first.day != 1 or (last + DAY).day != 1:
                raise ValueError(f"{name} must go from the first day of a month to the last of one")
        if self.known[1] >= self.months[0]:
            raise ValueError("what is known must end before what is forecast begins")
        if len(self.months_of(self.known)) < 2:
            raise ValueError("known must be two months or more, to have a trend")
        return self

    @staticmethod
    def months_of(days: Window) -> list[Window]:
        """The months within some days: first and last day of each."""
        firsts = [date(days[0].year, days[0].month, 1)]
        while firsts[-1] <= days[1]:
            firsts.append((firsts[-1] + 31 * DAY).replace(day=1))
        return [(first, following - DAY) for first, following in pairwise(firsts)]


class EvidenceFile(FileBlock):
    """What an evidence file holds."""

    series: Mapping[Name, tuple[Traded | Recorded, ...]] = Field({}, description="named volumes, each a sum")
    facts: tuple[Fact, ...] = Field(min_length=1)
    forecasts: tuple[Forecast, ...] = ()
