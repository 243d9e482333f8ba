"""A run as a record sees the world: volumes by day, what is open at the end of a day, and what the journal tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.clock import DAY
from sim.scenario.values.base import FileBlock, Id, Name
from sim.scenario.world.exchanges import member_ids
from sim.scenario.world.strategies import Mode
from sim.world.codes import STATUSES

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from sim.results.run import Run

Window = tuple[date, date]
"""First and last day, both whole."""
Paths = NDArray[np.float64]
Group = Literal["focal", "foreign"]
"""Segments at home in the focal country, and all others."""

_SERVING = [code for code, status in enumerate(STATUSES) if status not in ("closed", "building", "blocked")]


class Traded(FileBlock):
    """What is traded per day, in the modes, at the exchanges and by the segments named; none named means all."""

    modes: tuple[Mode, ...] = Field(("domestic", "otc", "offshore"), min_length=1)
    exchanges: tuple[Id, ...] | None = Field(None, description="ids, or names of groups")
    segments: Group | tuple[Id, ...] | None = Field(None, description="ids, or `focal`, or `foreign`")
    without: tuple[Id, ...] = Field((), description="segments left out")


class Recorded(FileBlock):
    """What was traded per day outside of the run: a column of a CSV file, its mean over the rows in a window."""

    file: Name = Field(description="beside the file of the evidence")
    date: Name = Field(description="column with the last day of each row")
    column: Name


@dataclass(frozen=True)
class EpisodeSeries:
    """A run, with the named series of an evidence file, each a sum, and the folder of their CSV files."""

    run: Run
    named: Mapping[str, tuple[Traded | Recorded, ...]]
    folder: Path
    _known: dict[object, Any] = field(default_factory=dict)

    def mean(self, name: str, days: Window) -> float:
        """Mean of a named series over whole days; NaN if not all of them are there."""
        parts = self.named[name]
        outside = [mean_recorded(self._table(part.file), part, days) for part in parts if isinstance(part, Recorded)]
        inside = [part for part in parts if isinstance(part, Traded)]
        return sum(outside) + (mean(self.path(name), days) if inside else 0.0)

    def path(self, name: str) -> Series[float]:
        """What a named series has of the run, by time."""
        if name not in self._known:
            from pandas import Series

            parts = [self._volume(part).sum(axis=1) for part in self.named[name] if isinstance(part, Traded)]
            self._known[name] = Series(np.sum(parts, axis=0), index=self._instants)
        found: Series[float] = self._known[name]
        return found

    def by_exchange(self, part: Traded) -> DataFrame:
        """What a selection trades, by time and exchange."""
        from pandas import DataFrame

        return DataFrame(self._volume(part), self._instants, self.members(part.exchanges))

    def serving(self, mode: str) -> DataFrame:
        """Whether a venue serves customers, by time and exchange."""
        from pandas import DataFrame

        status = self.run.data["status"].sel(mode=mode)
        return DataFrame(status.values[self._order], self._instants, status["exchange"].values).isin(_SERVING)

    def scalar(self, name: str, **where: str) -> Series[float]:
        """A variable of the run that has nothing but time once other dimensions are fixed."""
        return self.run.data[name].sel(where).to_series()

    def events(
        self, names: Iterable[str], mode: str | None, exchanges: Iterable[str] | None, days: Window
    ) -> DataFrame:
        """Lines of the journal with these events, of a mode and some exchanges, from the first day to the last."""
        journal = self.run.journal
        chosen = journal["event"].isin(list(names)) & (journal["date"] >= str(days[0]))
        chosen &= journal["date"] <= str(days[1] + DAY)
        if mode is not None:
            chosen &= journal["mode"] == mode
        if exchanges is not None:
            chosen &= journal["subject"].isin(self.members(exchanges))
        return journal[chosen]

    def members(self, exchanges: Iterable[str] | None) -> list[str]:
        """Ids of exchanges, with groups replaced by their members; all of the run for None."""
        if exchanges is None:
            return [str(name) for name in self.run.data["exchange"].values]
        groups = {each.group: member_ids(each.group, each.count) for each in self.run.scenario.exchanges if each.group}
        return [member for name in exchanges for member in groups.get(name, [name])]

    def covers(self, day: date) -> bool:
        """Whether the run goes on into this day."""
        return bool(self.run.data["time"].values[-1] >= np.datetime64(day))

    def _volume(self, part: Traded) -> Paths:
        """By time and exchange, with the last record before each jump once more."""
        segments, modes, exchanges = self._chosen_segments(part), list(part.modes), self.members(part.exchanges)
        data = self.run.data
        if segments is None:
            volume: Paths = data["volume"].sel(mode=modes, exchange=exchanges).sum("mode").values
        else:
            share = data["share"].sel(segment=segments, mode=modes, exchange=exchanges).sum("mode")
            volume = (share * data["segment_volume"].sel(segment=segments)).sum("segment").values
        return volume[self._order]

    def _chosen_segments(self, part: Traded) -> list[str] | None:
        """The segments that a selection means; None for all."""
        if part.segments is None and not part.without:
            return None
        scenario = self.run.scenario
        at_home = {each.id: each.home == scenario.focal for each in scenario.segments}
        if part.segments is None:
            chosen = list(at_home)
        elif isinstance(part.segments, str):
            chosen = [name for name, focal in at_home.items() if focal == (part.segments == "focal")]
        else:
            chosen = list(part.segments)
        return [name for name in chosen if name not in part.without]

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return self._records[0]

    @cached_property
    def _instants(self) -> NDArray[np.datetime64]:
        return self._records[1]

    @cached_property
    def _records(self) -> tuple[NDArray[np.intp], NDArray[np.datetime64]]:
        """Indices of the records and their times; before each instant of a jump, the last record once more.

        So a straight line from record to record does not begin to jump while the day before is not over.
        """
        times = self.run.data["time"].values.astype("datetime64[ns]")
        jumps = np.unique(self.run.journal["date"].to_numpy())
        held = np.flatnonzero(np.isin(times[1:], jumps))
        instants = np.concatenate([times, times[held + 1] - np.timedelta64(1, "ns")])
        order = np.argsort(instants)
        return np.concatenate([np.arange(len(times)), held])[order], instants[order]

    def _table(self, file: str) -> DataFrame:
        if file not in self._known:
            from pandas import read_csv

            self._known[file] = read_csv(self.folder / file)
        table: DataFrame = self._known[file]
        return table


def mean(path: Series[float], days: Window) -> float:
    """Mean of a path from the beginning of the first day to the end of the last; NaN if it is not all there."""
    first, last = days
    part = path[(path.index >= np.datetime64(first)) & (path.index <= np.datetime64(last + DAY))]
    passed = (part.index.to_numpy() - np.datetime64(first)) / np.timedelta64(1, "D")
    length = (last - first).days + 1
    if not len(passed) or passed[0] > 0 or passed[-1] < length:
        return float("nan")
    return float(np.trapezoid(part.to_numpy(), passed) / length)


def daily(path: Series[float], days: Window) -> NDArray[np.float64]:
    """The mean of each day."""
    first, last = days
    return np.array([mean(path, (day, day)) for day in (first + n * DAY for n in range((last - first).days + 1))])


def at_end_of_day(table: Any, day: date) -> Any:
    """A row of a table, or a value of a series, at the midnight that ends a day; NaN if there is none."""
    return table.reindex([np.datetime64(day + DAY)]).iloc[0]


def mean_recorded(table: DataFrame, part: Recorded, days: Window) -> float:
    """Mean of a recorded column over the rows whose date lies in a window."""
    dates = table[part.date].astype("datetime64[ns]").dt.date
    return float(table[part.column][(dates >= days[0]) & (dates <= days[1])].mean())
