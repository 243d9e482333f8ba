"""A single run as an episode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.evidence.episode import Episode, Query, Reading, cast_of
from sim.evidence.series import Floats, SeriesTable
from sim.model.outcomes.monitor import ANY, LIMITED, PENDING, SERVES_NOBODY, SERVING, SIMULTANEOUS, SITES, jumps
from sim.model.outcomes.tally import EVERY
from sim.world import codes as c

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.results.run import Run


class RunEpisode(Episode):
    """One replication, with all of its time series and its journal. Raises ValueError unless it has a record a day."""

    def __init__(self, run: Run, series: SeriesTable) -> None:
        day = run.data["day"].values
        if len(day) > 1 and not np.array_equal(np.diff(day), np.full(len(day) - 1, EVERY)):
            raise ValueError("facts are read off runs that are recorded every day; set `record.every` to 1 d")
        super().__init__(cast_of(run.scenario), series, 1, len(day) - 1)
        self.run, self._jumps = run, jumps(day, run.journal["day"].to_numpy())

    def read(self, reading: Reading) -> Floats:
        """See `Episode`."""
        data, records = self.run.data, slice(reading.begin, reading.end)
        if reading.kind == SITES:
            return np.asarray(data["blocked_sites"].values[np.newaxis, records], dtype=float)
        if reading.kind == PENDING:
            waiting, examined = data["licences_waiting"].values, data["licences_examined"].values
            return np.asarray((waiting + examined)[np.newaxis, records, reading.office], dtype=float)
        f, m = np.divmod(np.array(reading.venues, dtype=int), len(c.MODES))
        if reading.kind == SERVING:
            status = data["status"].values[records][:, f, m]
            return _added(np.where(np.isin(status, SERVES_NOBODY), 0.0, 1.0))[np.newaxis]
        if reading.kind == LIMITED:
            return _added((data["status"].values[records][:, f, m] == c.STATUS_LIMITED) * 1.0)[np.newaxis]
        return self._volume(records, f, m, reading.segments)[np.newaxis]

    def jumps(self, begin: int, end: int) -> NDArray[np.bool_]:
        """See `Episode`."""
        return self._jumps[np.newaxis, begin:end]

    def ask(self, query: Query) -> tuple[Floats, Floats]:
        """See `Episode`."""
        lines, first = self._lines(query), np.full((1, len(self.cast.exchanges)), np.nan)
        if query.exchanges is not None:
            days = lines.groupby("subject")["day"].min()
            first[0] = days.reindex(list(self.cast.exchanges)).to_numpy()
        return np.array([float(len(lines))]), first

    def _lines(self, query: Query) -> DataFrame:
        journal = self.run.journal
        begin, end = query.between
        chosen = journal["event"].isin([c.EVENTS[event] for event in query.events])
        chosen &= (journal["day"] > begin - SIMULTANEOUS) & (journal["day"] < end + SIMULTANEOUS)
        if query.mode != ANY:
            chosen &= journal["mode"] == c.MODES[query.mode]
        if query.exchanges is not None:
            chosen &= journal["subject"].isin([self.cast.exchanges[f] for f in query.exchanges])
        if query.cause is not None:
            chosen &= journal["cause"] == query.cause
        return journal[chosen]

    def _volume(self, records: slice, f: NDArray[np.int_], m: NDArray[np.int_], segments: tuple[int, ...]) -> Floats:
        """Added up in the order in which a monitor does: segments, then venues."""
        share, volume = self.run.data["share"].values[records], self.run.data["segment_volume"].values[records]
        by_venue = np.zeros((len(share), len(f)))
        for k in segments:
            by_venue += share[:, k, f, m] * volume[:, k, np.newaxis]
        return _added(by_venue)


def _added(by_venue: Floats) -> Floats:
    """Sums over venues (T,), added up one after another."""
    total = np.zeros(len(by_venue))
    for own in by_venue.T:
        total += own
    return total
