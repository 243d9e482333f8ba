"""Replications as a record sees them: volumes by day, what is open at the end of a day, and what the journal tells.

Days are whole ones; an instant is the midnight with which a day begins, and record t is taken on day t from the start.
All that is read has a first axis over the R replications, and is NaN where the runs do not reach.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.clock import DAY, days_from
from sim.evidence.series import Floats, Recorded, SeriesTable, Traded, Window
from sim.model.outcomes.monitor import ANY, LIMITED, PENDING, SERVING, SITES, VOLUME
from sim.world import codes as c

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Reading:
    """A quantity on the records from `begin` up to `end`: kinds as in `sim.model.outcomes.monitor`."""

    kind: int
    begin: int
    end: int
    venues: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()
    office: int = 0


@dataclass(frozen=True)
class Query:
    """Lines of the journal with these events, in a mode (or ANY), by exchanges (None: about whomever), within days."""

    events: tuple[int, ...]
    mode: int
    exchanges: tuple[int, ...] | None
    between: tuple[float, float]
    cause: str | None = None


@dataclass(frozen=True)
class Cast:
    """Who takes part in a scenario, and when it starts.

    `exchanges`: ids, in the order of the arrays. `groups`: the exchanges of each group. `segments`: by id, whether at
    home in the focal country. `offices`: ids.
    """

    start: datetime
    exchanges: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    segments: Mapping[str, bool]
    offices: tuple[str, ...]


def cast_of(scenario: Scenario) -> Cast:
    """The cast of a scenario."""
    return Cast(
        scenario.start,
        tuple(name for each in scenario.exchanges for name in each.ids),
        {each.group: tuple(each.ids) for each in scenario.exchanges if each.group},
        {each.id: each.home == scenario.focal for each in scenario.segments},
        tuple(each.id for each in scenario.offices),
    )


class Episode(ABC):
    """Replications of a scenario, recorded day by day up to record `last`."""

    def __init__(self, cast: Cast, series: SeriesTable, replications: int, last: int) -> None:
        self.cast, self.series, self.replications, self.last = cast, series, replications, last

    @abstractmethod
    def read(self, reading: Reading) -> Floats:
        """What was read of a quantity, (R, end - begin)."""

    @abstractmethod
    def jumps(self, begin: int, end: int) -> NDArray[np.bool_]:
        """Whether anything happened just when each record was taken, (R, end - begin)."""

    @abstractmethod
    def ask(self, query: Query) -> tuple[Floats, Floats]:
        """How many lines a query finds, (R,), and the day of the first of each exchange that it names, (R, F); NaN."""

    def covers(self, day: date) -> bool:
        """Whether the runs go on into this day."""
        return self.day(day) <= self.last

    def within(self, days: Window) -> Window:
        """The midnights with which the days of a window begin, as far as the runs go."""
        start = self.cast.start.date()
        return max(days[0], start), min(days[1], start + self.last * DAY)

    def mean(self, name: str, days: Window) -> Floats:
        """Mean of a named series over whole days, (R,); NaN if not all of them are there."""
        parts = self.series.parts[name]
        outside = sum(self.series.columns[part].mean(days) for part in parts if isinstance(part, Recorded))
        if not any(isinstance(part, Traded) for part in parts):
            return np.full(self.replications, outside)
        return np.asarray(outside + self.daily(name, days).mean(axis=1))

    def daily(self, name: str, days: Window) -> Floats:
        """Means of each day of what a named series has of the run, (R, days)."""
        return self._daily(self.path(name, (days[0], days[1] + DAY)), days)

    def path(self, name: str, instants: Window) -> Floats:
        """What a named series has of the run at each midnight from the first to the last, (R, instants)."""
        parts = [part for part in self.series.parts[name] if isinstance(part, Traded)]
        return np.asarray(sum(self._series(VOLUME, instants, *self._chosen(part)) for part in parts))

    def path_to_the_end(self, name: str, first: date) -> Floats:
        """The same from a day to the end of the run."""
        return self.path(name, (first, self.within((first, date.max))[1]))

    def volume_by_exchange(self, part: Traded, instants: Window) -> Floats:
        """What a selection trades, (R, instants, exchanges)."""
        venues, segments = self._chosen(part)
        by_exchange = [tuple(v for v in venues if v // 3 == f) for f in self._numbers(part.exchanges)]
        return np.stack([self._series(VOLUME, instants, own, segments) for own in by_exchange], axis=-1)

    def daily_by_exchange(self, part: Traded, days: Window) -> Floats:
        """Means of each day of what a selection trades, (R, days, exchanges)."""
        volume = self.volume_by_exchange(part, (days[0], days[1] + DAY))
        return np.stack([self._daily(own, days) for own in np.moveaxis(volume, -1, 0)], axis=-1)

    def serving(self, modes: Sequence[str], exchanges: Iterable[str] | None, instants: Window) -> Floats:
        """How many venues serve customers, (R, instants)."""
        return self._series(SERVING, instants, self._venues(modes, exchanges), ())

    def limited(self, modes: Sequence[str], exchanges: Iterable[str] | None, instants: Window) -> Floats:
        """How many venues lack the licence for some products and trade the others, (R, instants)."""
        return self._series(LIMITED, instants, self._venues(modes, exchanges), ())

    def serving_by_exchange(self, modes: Sequence[str], exchanges: Iterable[str] | None, instant: date) -> Floats:
        """How many venues of each exchange do at a midnight, (R, exchanges)."""
        names = self.members(exchanges)
        return np.stack([self.serving(modes, [name], (instant, instant))[:, 0] for name in names], axis=-1)

    def blocked_sites(self, instant: date) -> Floats:
        """Sites blocked so far, (R,)."""
        return self._series(SITES, (instant, instant), (), ())[:, 0]

    def pending(self, office: str, instant: date) -> Floats:
        """Applications that wait or are examined, (R,)."""
        return self._series(PENDING, (instant, instant), (), (), self.cast.offices.index(office))[:, 0]

    def count(
        self, events: Iterable[str], mode: str | None, exchanges: Iterable[str] | None, days: Window, cause: str | None
    ) -> Floats:
        """How often something stands in the journal, (R,)."""
        return self.ask(self._query(events, mode, exchanges, days, cause))[0]

    def first(self, events: Iterable[str], mode: str, exchanges: Iterable[str], days: Window) -> Floats:
        """When it first does for each exchange, in days from the start, (R, exchanges); NaN if never."""
        found = self.ask(self._query(events, mode, exchanges, days, None))[1]
        return np.ascontiguousarray(found[:, self._numbers(exchanges)])

    def day(self, day: date) -> float:
        """Days from the start to the midnight with which a day begins."""
        return days_from(self.cast.start, datetime.combine(day, time()))

    def members(self, exchanges: Iterable[str] | None) -> list[str]:
        """Ids of exchanges, with groups replaced by their members, in the order of the scenario; all for None."""
        if exchanges is None:
            return list(self.cast.exchanges)
        chosen = {member for name in exchanges for member in self.cast.groups.get(name, [name])}
        return [name for name in self.cast.exchanges if name in chosen]

    def _numbers(self, exchanges: Iterable[str] | None) -> list[int]:
        number = {name: f for f, name in enumerate(self.cast.exchanges)}
        return [number[name] for name in self.members(exchanges)]

    def _venues(self, modes: Sequence[str], exchanges: Iterable[str] | None) -> tuple[int, ...]:
        numbers = sorted(c.MODES.index(mode) for mode in modes)
        return tuple(3 * f + m for f in self._numbers(exchanges) for m in numbers)

    def _chosen(self, part: Traded) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The venues and segments that a selection means."""
        named = part.segments
        chosen = [
            k
            for k, (name, focal) in enumerate(self.cast.segments.items())
            if name not in part.without
            and (named is None or (focal == (named == "focal") if isinstance(named, str) else name in named))
        ]
        return self._venues(part.modes, part.exchanges), tuple(chosen)

    def _query(
        self, events: Iterable[str], mode: str | None, exchanges: Iterable[str] | None, days: Window, cause: str | None
    ) -> Query:
        return Query(
            tuple(c.EVENTS.index(name) for name in events if name in c.EVENTS),
            ANY if mode is None else c.MODES.index(mode),
            None if exchanges is None else tuple(self._numbers(exchanges)),
            (self.day(days[0]), self.day(days[1] + DAY)),
            cause,
        )

    def _series(
        self, kind: int, instants: Window, venues: tuple[int, ...], segments: tuple[int, ...], office: int = 0
    ) -> Floats:
        """A quantity at each midnight from the first to the last, (R, instants); NaN if the runs have not all."""
        if not self._reaches(instants):
            return np.full((self.replications, (instants[1] - instants[0]).days + 1), np.nan)
        begin = int(self.day(instants[0]))
        return self.read(Reading(kind, begin, int(self.day(instants[1])) + 1, venues, segments, office))

    def _daily(self, path: Floats, days: Window) -> Floats:
        """The mean of each day between midnights (R, n + 1), (R, n).

        The straight line between two midnights, or what was there at the first if something happens just at the second:
        it has not happened yet while the day lasts.
        """
        if not self._reaches((days[0], days[1] + DAY)):
            return path[:, 1:]
        begin = int(self.day(days[0])) + 1
        jumped = self.jumps(begin, begin + path.shape[1] - 1)
        return np.where(jumped, path[:, :-1], 0.5 * (path[:, :-1] + path[:, 1:]))

    def _reaches(self, instants: Window) -> bool:
        """Whether a record was taken at each midnight from the first to the last."""
        begin = self.day(instants[0])
        return begin >= 0.0 and begin % 1.0 == 0.0 and self.day(instants[1]) <= self.last
