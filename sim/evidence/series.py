"""A run as a record sees the world: volumes by day, and what is open at the end of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import DAY
from sim.evidence.facts import Fact
from sim.world.codes import STATUSES

if TYPE_CHECKING:
    from pandas import DataFrame, Series
    from xarray import DataArray

    from sim.results.run import Run

Window = tuple[date, date]
"""First and last day, both whole."""

_SERVING = [code for code, status in enumerate(STATUSES) if status not in ("closed", "building", "blocked")]


@dataclass(frozen=True)
class EpisodeSeries:
    """A run beside a table `others` of what the record knows of the world outside the run."""

    run: Run
    others: DataFrame

    def volume(self, mode: str) -> DataFrame:
        """Volume per day in a mode, by time and exchange."""
        return _frame(self.run.data["volume"].sel(mode=mode), self._jumps)

    def volume_of(self, segment: str, mode: str) -> DataFrame:
        """What one segment trades in a mode, by time and exchange."""
        part = self.run.data[["share", "segment_volume"]].sel(segment=segment, mode=mode)
        return _frame(part["share"] * part["segment_volume"], self._jumps)

    def serving(self, mode: str) -> DataFrame:
        """Whether a venue serves customers, by time and exchange."""
        return _frame(self.run.data["status"].sel(mode=mode), self._jumps).isin(_SERVING)

    @property
    def _jumps(self) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        """Instants at which something happened at once."""
        return np.unique(self.run.journal["date"].to_numpy())

    def series(self, name: str) -> Series[float]:
        """A variable that has nothing but time."""
        return self.run.data[name].to_series()

    def covers(self, day: date) -> bool:
        """Whether the run goes on into this day."""
        return bool(self.run.data["time"].values[-1] >= np.datetime64(day))


FactReader = Callable[[EpisodeSeries, Fact], float]


def window(fact: Fact) -> Window:
    """The days that a fact is about."""
    return fact.first_day, fact.last_day


def mean(path: Series[float], days: Window) -> float:
    """Mean of a path from the beginning of the first day to the end of the last; NaN if it is not all there."""
    first, last = days
    part = path[(path.index >= np.datetime64(first)) & (path.index <= np.datetime64(last + DAY))]
    passed = (part.index.to_numpy() - np.datetime64(first)) / np.timedelta64(1, "D")
    length = (last - first).days + 1
    if not len(passed) or passed[0] > 0 or passed[-1] < length:
        return float("nan")
    return float(np.trapezoid(part.to_numpy(), passed) / length)


def daily(path: Series[float], days: Window) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The mean of each day."""
    first, last = days
    return np.array([mean(path, (day, day)) for day in (first + n * DAY for n in range((last - first).days + 1))])


def at_end_of_day(table: Any, day: date) -> Any:
    """A row of a table, or a value of a series, at the midnight that ends a day; NaN if there is none."""
    return table.reindex([np.datetime64(day + DAY)]).iloc[0]


def _frame(values: DataArray, jumps: np.ndarray[Any, np.dtype[np.datetime64]]) -> DataFrame:
    """By time and exchange; before each instant at which something jumped, the last record once more.

    So a straight line from record to record does not begin to jump while the day before is not over.
    """
    from pandas import DataFrame

    columns, times = [str(name) for name in values["exchange"].values], values["time"].values.astype("datetime64[ns]")
    held = np.flatnonzero(np.isin(times[1:], jumps))
    instants = np.concatenate([times, times[held + 1] - np.timedelta64(1, "ns")])
    order = np.argsort(instants)
    return DataFrame(np.concatenate([values.values, values.values[held]])[order], instants[order], columns)
