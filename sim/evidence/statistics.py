"""The statistics by which facts are read off a run, by name, each with its arguments as an evidence file writes them.

A statistic reads a run over the window of its fact. It is NaN where the run ends before that, or has nothing to read.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from sim.clock import DAY
from sim.evidence.series import EpisodeSeries, Traded, Window, at_end_of_day, daily
from sim.scenario.values.base import FileBlock, Id, Name
from sim.scenario.values.units import Fraction
from sim.scenario.world.strategies import Mode

CLOSED = ("closed", "closure")
"""Events with which a venue is gone: at the end of its wind-down or at its deadline, or by force."""
Exchanges = tuple[Id, ...]
SeriesName = Name
"""One of the series that the evidence file names."""


class Statistic(FileBlock):
    """Arguments of a statistic; calling it with a run and a window gives its value."""

    by_run: ClassVar[bool] = True
    """Whether each run has a value to compare; if not, only the mean over runs is one, as of a yes or no."""

    @abstractmethod
    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """The value in a run."""


class Level(Statistic):
    """Mean of a series in the window, times a factor."""

    of: SeriesName
    factor: float = 1.0

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """Units of volume times the factor."""
        return self.factor * episode.mean(self.of, window)


class Share(Statistic):
    """One series as a part of another, in the window; with `before`, over the same in those days."""

    of: SeriesName
    within: SeriesName
    before: Window | None = None

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """In [0, 1], or a ratio of two such."""
        share = _ratio(episode.mean(self.of, window), episode.mean(self.within, window))
        if self.before is None:
            return share
        return _ratio(share, _ratio(episode.mean(self.of, self.before), episode.mean(self.within, self.before)))


class Multiple(Statistic):
    """A series in the window over the same, or another, in the days before, times a factor."""

    of: SeriesName
    before: Window
    to: SeriesName | None = Field(None, description="default: the same")
    factor: float = 1.0

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A ratio."""
        return self.factor * _ratio(episode.mean(self.of, window), episode.mean(self.to or self.of, self.before))


class Change(Multiple):
    """A multiple less one."""

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """-1 where all is gone."""
        return super().read(episode, window) - 1.0


class Gain(Statistic):
    """What a series gained from the days before to the window, as a part of another series before."""

    of: SeriesName
    before: Window
    lost: SeriesName

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A ratio."""
        gained = episode.mean(self.of, window) - episode.mean(self.of, self.before)
        return _ratio(gained, episode.mean(self.lost, self.before))


class HalfLife(Statistic):
    """Days in which a series halves, from the straight line through the logarithms of its daily means."""

    of: SeriesName

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """Days."""
        with np.errstate(divide="ignore"):
            logs = np.log(daily(episode.path(self.of), window))
        if not np.isfinite(logs).all():
            return float("nan")
        return float(-np.log(2.0) / np.polyfit(np.arange(len(logs)), logs, 1)[0])


class Ramp(Statistic):
    """Days from the first of the window until a series is a part of the way from its level before to a plateau."""

    of: SeriesName
    part: Fraction
    plateau: Window
    before: Window | None = Field(None, description="default: from nothing")

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """Whole days; NaN if it never gets there."""
        start = 0.0 if self.before is None else episode.mean(self.of, self.before)
        path = episode.path(self.of).loc[str(window[0]) :]
        reached = path.index[path >= start + self.part * (episode.mean(self.of, self.plateau) - start)]
        return float((reached[0] - np.datetime64(window[0])) // DAY) if len(reached) else float("nan")


class OpenVenues(Statistic):
    """Venues of a mode that serve customers when the window ends; with `most`, the most at any time in it."""

    mode: Mode
    exchanges: Exchanges | None = None
    most: bool = False

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A count."""
        serving = episode.serving(self.mode)[episode.members(self.exchanges)]
        if self.most:
            return float(serving.loc[str(window[0]) : str(window[1])].sum(axis=1).max())
        return float(at_end_of_day(serving, window[1]).sum(skipna=False))


class ClosedVenues(Statistic):
    """Exchanges among those named whose venue of a mode does not serve customers when the window ends."""

    mode: Mode
    exchanges: Exchanges

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A count."""
        members = episode.members(self.exchanges)
        return float(len(members) - at_end_of_day(episode.serving(self.mode)[members], window[1]).sum(skipna=False))


class Gone(Statistic):
    """Part of the exchanges named that have no venue of any mode that serves customers when the window ends."""

    exchanges: Exchanges

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """In [0, 1]."""
        members = episode.members(self.exchanges)
        serving = [at_end_of_day(episode.serving(mode)[members], window[1]) for mode in ("domestic", "otc", "offshore")]
        return float(1.0 - np.any(np.array(serving, bool), axis=0).mean())


class Stopped(Statistic):
    """Part of the venues that serve focal users abroad on the first day, and at the end less than a part of them.

    Venues that closed for all are not counted.
    """

    exchanges: Exchanges
    below: Fraction = Field(description="of their focal volume on the first day")

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """In [0, 1]; NaN if there are none."""
        focal = episode.by_exchange(Traded(modes=("offshore",), exchanges=self.exchanges, segments="focal"))
        serving = episode.serving("offshore")[focal.columns]
        before, after = (focal.reindex([np.datetime64(day)]).iloc[0] for day in (window[0], window[1] + DAY))
        there = (before > 0.0) & at_end_of_day(serving, window[1]).astype(bool)
        return float((after[there] < self.below * before[there]).mean()) if there.any() else float("nan")


class Concentration(Statistic):
    """Herfindahl-Hirschman index: the sum of the squared shares of the exchanges in a mode, over the window."""

    mode: Mode
    exchanges: Exchanges | None = None

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """In (0, 1]."""
        table = episode.by_exchange(Traded(modes=(self.mode,), exchanges=self.exchanges))
        days = table.loc[str(window[0]) : str(window[1])].mean()
        return float(((days / days.sum()) ** 2).sum())


class Events(Statistic):
    """How often something stands in the journal, within the window."""

    events: tuple[Name, ...] = Field(min_length=1)
    mode: Mode | None = None
    exchanges: Exchanges | None = None
    cause: Name | None = Field(None, description="such as `licence:` and an office")

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A count."""
        lines = episode.events(self.events, self.mode, self.exchanges, window)
        return float(len(lines) if self.cause is None else (lines["cause"] == self.cause).sum())


class Delay(Statistic):
    """Median over exchanges of the time from the first day of the window to the first event of each within it."""

    event: Name
    mode: Mode
    exchanges: Exchanges
    unit: Literal["days", "weeks"] = "days"

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """Days or weeks; NaN if nothing happened."""
        first = _first(episode, (self.event,), self.mode, self.exchanges, window)
        return (
            float(np.median(first - _day(window[0])) / (7.0 if self.unit == "weeks" else 1.0)) if first.size else np.nan
        )


class Notice(Statistic):
    """Median over exchanges of the days from the announced end of a venue to the last day of the window."""

    mode: Mode
    exchanges: Exchanges

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """Days; NaN if no end was announced."""
        first = _first(episode, ("wind-down",), self.mode, self.exchanges, window)
        return float(np.median(_day(window[1]) - first)) if first.size else np.nan


class Relocates(Statistic):
    """Whether at least one of the exchanges named closes at home and opens abroad, both within the window."""

    by_run: ClassVar[bool] = False
    exchanges: Exchanges

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """0 or 1."""
        return float(bool(_moves(episode, self.exchanges, window)) if episode.covers(window[1]) else np.nan)


class RelocationLag(Statistic):
    """Days from the closing at home to the opening abroad, of the first that closes of those that do both."""

    exchanges: Exchanges

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """Below 0 if it opens first; NaN if none does both."""
        moves = _moves(episode, self.exchanges, window)
        return moves[0][1] - moves[0][0] if moves else np.nan


class BlockedSites(Statistic):
    """Sites blocked so far when the window ends."""

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A count."""
        return float(at_end_of_day(episode.scalar("blocked_sites"), window[1]))


class ApplicationsPending(Statistic):
    """Applications that wait or are examined at an office when the window ends."""

    office: Id

    def read(self, episode: EpisodeSeries, window: Window) -> float:
        """A count."""
        parts = (episode.scalar(name, office=self.office) for name in ("licences_waiting", "licences_examined"))
        return float(sum(at_end_of_day(part, window[1]) for part in parts))


STATISTICS: Mapping[str, type[Statistic]] = {
    "level": Level,
    "share": Share,
    "multiple": Multiple,
    "change": Change,
    "gain": Gain,
    "half-life": HalfLife,
    "ramp": Ramp,
    "open-venues": OpenVenues,
    "closed-venues": ClosedVenues,
    "gone": Gone,
    "stopped": Stopped,
    "concentration": Concentration,
    "events": Events,
    "delay": Delay,
    "notice": Notice,
    "relocates": Relocates,
    "relocation-lag": RelocationLag,
    "blocked-sites": BlockedSites,
    "applications-pending": ApplicationsPending,
}
"""By the name under `statistic` in an evidence file."""


def _ratio(a: float, b: float) -> float:
    """The ratio; infinite where something comes from nothing, NaN for nothing from nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(a) / np.float64(b))


def _day(day: date) -> float:
    return float(np.datetime64(day, "s").astype(np.int64) / 86400.0)


def _first(
    episode: EpisodeSeries, events: tuple[str, ...], mode: str, exchanges: Exchanges, window: Window
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The time of each exchange's first event, in days since 1970, in order of the exchanges' ids."""
    return np.array(list(_first_by_exchange(episode, events, mode, exchanges, window).values()))


def _first_by_exchange(
    episode: EpisodeSeries, events: tuple[str, ...], mode: str, exchanges: Exchanges, window: Window
) -> dict[str, float]:
    first = episode.events(events, mode, exchanges, window).groupby("subject")["date"].min()
    return {str(name): date.timestamp() / 86400.0 for name, date in first.items()}


def _moves(episode: EpisodeSeries, exchanges: Exchanges, window: Window) -> list[tuple[float, float]]:
    """When each exchange that closed at home and opened abroad did so, the first that closed first."""
    closed = _first_by_exchange(episode, CLOSED, "domestic", exchanges, window)
    opened = _first_by_exchange(episode, ("launched",), "offshore", exchanges, window)
    return sorted((day, opened[name]) for name, day in closed.items() if name in opened)
