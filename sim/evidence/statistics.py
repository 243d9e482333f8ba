"""The statistics by which facts are read off runs, by name, each with its arguments as an evidence file writes them.

A statistic reads replications over the window of its fact. It is NaN where a run ends before that, or has nothing to
read.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.clock import DAY
from sim.evidence.episode import Episode
from sim.evidence.series import Floats, Traded, Window
from sim.scenario.values.base import FileBlock, Id, Name
from sim.scenario.values.units import Fraction
from sim.scenario.world.strategies import Mode
from sim.world.codes import MODES

CLOSED = ("closed", "closure")
"""Events with which a venue is gone: at the end of its wind-down or at its deadline, or by force."""
Exchanges = tuple[Id, ...]
SeriesName = Name
"""One of the series that the evidence file names."""


class Statistic(FileBlock):
    """Arguments of a statistic, which read with a window are its values."""

    by_run: ClassVar[bool] = True
    """Whether each run has a value to compare; if not, only the mean over runs is one, as of a yes or no."""
    lowest: ClassVar[float] = -np.inf
    """Below what it never is."""
    counts: ClassVar[bool] = False
    """Whether its values are whole numbers."""
    undefined: ClassVar[str] = "both parts of a ratio are nothing"
    """When it is NaN in a run that reaches the days of its fact."""

    @abstractmethod
    def read(self, episode: Episode, window: Window) -> Floats:
        """The value in each replication, (R,)."""


class Count(Statistic):
    """A whole number from 0 on, which every run has that reaches the days of its fact."""

    lowest = 0.0
    counts = True
    undefined = "never"


class Level(Statistic):
    """Mean of a series in the window, times a factor."""

    lowest = 0.0
    undefined = "never"
    of: SeriesName
    factor: float = 1.0

    def read(self, episode: Episode, window: Window) -> Floats:
        """Units of volume times the factor."""
        return np.asarray(self.factor * episode.mean(self.of, window))


class Share(Statistic):
    """One series as a part of another, in the window; with `before`, over the same in those days."""

    lowest = 0.0
    of: SeriesName
    within: SeriesName
    before: Window | None = None

    def read(self, episode: Episode, window: Window) -> Floats:
        """In [0, 1], or a ratio of two such."""
        share = _ratio(episode.mean(self.of, window), episode.mean(self.within, window))
        if self.before is None:
            return share
        return _ratio(share, _ratio(episode.mean(self.of, self.before), episode.mean(self.within, self.before)))


class Multiple(Statistic):
    """A series in the window over the same, or another, in the days before, times a factor."""

    lowest = 0.0
    of: SeriesName
    before: Window
    to: SeriesName | None = Field(None, description="default: the same")
    factor: float = 1.0

    def read(self, episode: Episode, window: Window) -> Floats:
        """A ratio."""
        return self.factor * _ratio(episode.mean(self.of, window), episode.mean(self.to or self.of, self.before))


class Change(Multiple):
    """A multiple less one."""

    lowest = -1.0

    def read(self, episode: Episode, window: Window) -> Floats:
        """-1 where all is gone."""
        return np.asarray(super().read(episode, window) - 1.0)


class Gain(Statistic):
    """What a series gained from the days before to the window, as a part of another series before."""

    of: SeriesName
    before: Window
    lost: SeriesName

    def read(self, episode: Episode, window: Window) -> Floats:
        """A ratio."""
        gained = episode.mean(self.of, window) - episode.mean(self.of, self.before)
        return _ratio(gained, episode.mean(self.lost, self.before))


class HalfLife(Statistic):
    """Days in which a series halves, from the straight line through the logarithms of its daily means."""

    undefined = "nothing is traded on one of the days"
    of: SeriesName

    def read(self, episode: Episode, window: Window) -> Floats:
        """Days."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(episode.daily(self.of, window))
            day = np.arange(logs.shape[1]) - 0.5 * (logs.shape[1] - 1)
            slope = (np.ascontiguousarray(logs) * day).sum(axis=1) / (day**2).sum()
            return np.where(np.isfinite(logs).all(axis=1), -np.log(2.0) / slope, np.nan)


class Ramp(Statistic):
    """Days from the first of the window until a series is a part of the way from its level before to a plateau."""

    lowest = 0.0
    undefined = "the series never gets there"
    of: SeriesName
    part: Fraction
    plateau: Window
    before: Window | None = Field(None, description="default: from nothing")

    def read(self, episode: Episode, window: Window) -> Floats:
        """Whole days; NaN if it never gets there."""
        plateau = episode.mean(self.of, self.plateau)
        start = np.zeros_like(plateau) if self.before is None else episode.mean(self.of, self.before)
        level = start + self.part * (plateau - start)
        reached = episode.path_to_the_end(self.of, window[0]) >= level[:, np.newaxis]
        return np.where(reached.any(axis=1), reached.argmax(axis=1).astype(float), np.nan)


class OpenVenues(Count):
    """Venues of a mode that serve customers when the window ends; with `most`, the most at any time in it.

    With `limited`, those alone that lack the licence for some products, or those that lack none.
    """

    mode: Mode
    exchanges: Exchanges | None = None
    most: bool = False
    limited: bool | None = Field(None, description="default: both")

    def read(self, episode: Episode, window: Window) -> Floats:
        """A count."""
        instants = episode.within(window) if self.most else (window[1] + DAY, window[1] + DAY)
        chosen = [self.mode], self.exchanges, instants
        limited = 0.0 if self.limited is None else episode.limited(*chosen)
        found = limited if self.limited else episode.serving(*chosen) - limited
        return np.asarray(np.max(found, axis=1))


class ClosedVenues(Count):
    """Exchanges among those named whose venue of a mode does not serve customers when the window ends."""

    mode: Mode
    exchanges: Exchanges

    def read(self, episode: Episode, window: Window) -> Floats:
        """A count."""
        end = window[1] + DAY
        return len(episode.members(self.exchanges)) - episode.serving([self.mode], self.exchanges, (end, end))[:, 0]


class Gone(Statistic):
    """Part of the exchanges named that have no venue of any mode that serves customers when the window ends."""

    lowest = 0.0
    undefined = "never"
    exchanges: Exchanges

    def read(self, episode: Episode, window: Window) -> Floats:
        """In [0, 1]."""
        serving = episode.serving_by_exchange(MODES, self.exchanges, window[1] + DAY)
        gone = np.where(np.isnan(serving), np.nan, serving == 0.0)
        return np.asarray(gone.sum(axis=1) / gone.shape[1])


class Stopped(Statistic):
    """Part of the venues that serve focal users abroad on the first day, and at the end less than a part of them.

    Venues that closed for all are not counted.
    """

    lowest = 0.0
    undefined = "no venue abroad serves focal users before and is still there"
    exchanges: Exchanges
    below: Fraction = Field(description="of their focal volume on the first day")

    def read(self, episode: Episode, window: Window) -> Floats:
        """In [0, 1]; NaN if there are none."""
        focal, end = Traded(modes=("offshore",), exchanges=self.exchanges, segments="focal"), window[1] + DAY
        before = episode.volume_by_exchange(focal, (window[0], window[0]))[:, 0]
        after = episode.volume_by_exchange(focal, (end, end))[:, 0]
        there = (before > 0.0) & (episode.serving_by_exchange(["offshore"], self.exchanges, end) > 0.0)
        stopped = there & (after < self.below * before)
        return _ratio(stopped.sum(axis=1), there.sum(axis=1))


class Concentration(Statistic):
    """Herfindahl-Hirschman index: the sum of the squared shares of the exchanges in a mode, over the window."""

    lowest = 0.0
    undefined = "nothing is traded"
    mode: Mode
    exchanges: Exchanges | None = None

    def read(self, episode: Episode, window: Window) -> Floats:
        """In (0, 1]."""
        days = episode.daily_by_exchange(Traded(modes=(self.mode,), exchanges=self.exchanges), window)
        sizes = np.ascontiguousarray(days.sum(axis=1))
        return _ratio((sizes**2).sum(axis=1), sizes.sum(axis=1) ** 2)


class Events(Count):
    """How often something stands in the journal, within the window."""

    events: tuple[Name, ...] = Field(min_length=1)
    mode: Mode | None = None
    exchanges: Exchanges | None = None
    cause: Name | None = Field(None, description="such as `licence:` and an office")

    def read(self, episode: Episode, window: Window) -> Floats:
        """A count."""
        return episode.count(self.events, self.mode, self.exchanges, window, self.cause)


class Delay(Statistic):
    """Median over exchanges of the time from the first day of the window to the first event of each within it."""

    lowest = 0.0
    undefined = "it happens to none of the exchanges"
    event: Name
    mode: Mode
    exchanges: Exchanges
    unit: Literal["days", "weeks"] = "days"

    def read(self, episode: Episode, window: Window) -> Floats:
        """Days or weeks; NaN if nothing happened."""
        first = episode.first((self.event,), self.mode, self.exchanges, window)
        return _median(first - episode.day(window[0])) / (7.0 if self.unit == "weeks" else 1.0)


class Notice(Statistic):
    """Median over exchanges of the days from the announced end of a venue to the last day of the window."""

    undefined = "none of the exchanges announces an end"
    mode: Mode
    exchanges: Exchanges

    def read(self, episode: Episode, window: Window) -> Floats:
        """Days; NaN if no end was announced."""
        return _median(episode.day(window[1]) - episode.first(("wind-down",), self.mode, self.exchanges, window))


class Relocates(Statistic):
    """Whether at least one of the exchanges named closes at home and opens abroad, both within the window."""

    lowest = 0.0
    by_run: ClassVar[bool] = False
    undefined = "never"
    exchanges: Exchanges

    def read(self, episode: Episode, window: Window) -> Floats:
        """0 or 1."""
        closed, opened = _moves(episode, self.exchanges, window)
        return np.asarray(np.isfinite(closed + opened).any(axis=1), dtype=float)


class RelocationLag(Statistic):
    """Days from the closing at home to the opening abroad, of the first that closes of those that do both."""

    undefined = "none of the exchanges closes at home and opens abroad"
    exchanges: Exchanges

    def read(self, episode: Episode, window: Window) -> Floats:
        """Below 0 if it opens first; NaN if none does both."""
        closed, opened = _moves(episode, self.exchanges, window)
        first = np.where(np.isfinite(closed + opened), closed, np.inf)
        earliest = first.min(axis=1)
        then = np.where(first == earliest[:, np.newaxis], opened, np.inf).min(axis=1)
        return np.asarray(np.where(np.isfinite(earliest), then, np.nan) - earliest)


class BlockedSites(Count):
    """Sites blocked so far when the window ends."""

    def read(self, episode: Episode, window: Window) -> Floats:
        """A count."""
        return episode.blocked_sites(window[1] + DAY)


class ApplicationsPending(Count):
    """Applications that wait or are examined at an office when the window ends."""

    office: Id

    def read(self, episode: Episode, window: Window) -> Floats:
        """A count."""
        return episode.pending(self.office, window[1] + DAY)


STATISTICS: dict[str, type[Statistic]] = {
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


def _ratio(a: NDArray[Any], b: NDArray[Any]) -> Floats:
    """The ratio; infinite where something comes from nothing, NaN for nothing from nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.asarray(a, dtype=float) / b)


def _median(values: Floats) -> Floats:
    """Median of each row (R, F) over what is there, (R,); NaN if nothing is."""
    there = [row[~np.isnan(row)] for row in values]
    return np.array([np.median(row) if len(row) else np.nan for row in there], dtype=float)


def _moves(episode: Episode, exchanges: Exchanges, window: Window) -> tuple[Floats, Floats]:
    """When each exchange closed at home and when it opened abroad, (R, F) each; NaN if it did not."""
    closed = episode.first(CLOSED, "domestic", exchanges, window)
    return closed, episode.first(("launched",), "offshore", exchanges, window)
