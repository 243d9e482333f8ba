"""What facts need of the runs of a block, and the facts read off what a block has recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.evidence.episode import Cast, Episode, Query, Reading, cast_of
from sim.evidence.facts import Evidence
from sim.evidence.series import Floats, SeriesTable
from sim.kernels.shapes import filled, sizes_of
from sim.model.outcomes.monitor import ANY, Monitor
from sim.results.journal_tables import cause_codes
from sim.scenario.scenario import Scenario
from sim.world import codes as c
from sim.world.arrays import World
from sim.world.build.names import Names


@dataclass(frozen=True)
class Needs:
    """What is to be recorded of each run, and where in its row it is."""

    readings: Mapping[Reading, int]
    queries: Mapping[Query, int]
    records: int
    numbers: int


class _Asking(Episode):
    """No replications at all: notes what is read and asked."""

    def __init__(self, cast: Cast, series: SeriesTable, last: int) -> None:
        super().__init__(cast, series, 0, last)
        self.readings, self.queries = dict[Reading, None](), dict[Query, None]()

    def read(self, reading: Reading) -> Floats:
        self.readings[reading] = None
        return np.zeros((0, reading.end - reading.begin))

    def jumps(self, begin: int, end: int) -> NDArray[np.bool_]:
        return np.zeros((0, end - begin), dtype=bool)

    def ask(self, query: Query) -> tuple[Floats, Floats]:
        self.queries[query] = None
        return np.zeros(0), np.zeros((0, len(self.cast.exchanges)))


class BlockEpisode(Episode):
    """The replications of a block, from the rows that a monitor filled."""

    def __init__(self, cast: Cast, series: SeriesTable, needs: Needs, rows: Floats) -> None:
        super().__init__(cast, series, len(rows), needs.records - 1)
        self.needs, self.rows = needs, rows

    def read(self, reading: Reading) -> Floats:
        """See `Episode`."""
        at = self.needs.readings[reading]
        return self.rows[:, at : at + reading.end - reading.begin]

    def jumps(self, begin: int, end: int) -> NDArray[np.bool_]:
        """See `Episode`."""
        return self.rows[:, begin:end] > 0.0

    def ask(self, query: Query) -> tuple[Floats, Floats]:
        """See `Episode`."""
        at = self.needs.queries[query]
        return self.rows[:, at], self.rows[:, at + 1 : at + 1 + len(self.cast.exchanges)]


def needs_of(cast: Cast, series: SeriesTable, records: int, read: Callable[[Episode], object]) -> Needs:
    """What `read` asks of an episode of so many records."""
    asking = _Asking(cast, series, records - 1)
    read(asking)
    readings, queries = list(asking.readings), list(asking.queries)
    lengths = [records, *(each.end - each.begin for each in readings), *(1 + len(cast.exchanges) for _ in queries)]
    *places, numbers = accumulate(lengths)
    of_readings = dict(zip(readings, places[: len(readings)], strict=True))
    return Needs(of_readings, dict(zip(queries, places[len(readings) :], strict=True)), records, numbers)


def monitor_of(needs: Needs, world: World, names: Names, day: Floats) -> Monitor:
    """The monitor that records what is needed in a world, on the `day` of each record (T,)."""
    readings, queries = list(needs.readings), list(needs.queries)
    venues = [venue for each in readings for venue in each.venues]
    sizes = {
        **sizes_of(world), "T": len(day), "readings": len(readings), "venues": len(venues), "queries": len(queries),
        "numbers": needs.numbers,
    }  # fmt: skip
    sizes["queues"] = 2 * (sizes["G"] + sizes["O"])
    return filled(
        Monitor,
        sizes,
        day=day,
        kind=[each.kind for each in readings],
        begin=[each.begin for each in readings],
        end=[each.end for each in readings],
        at=list(needs.readings.values()),
        venue=venues,
        first_venue=[0, *accumulate(len(each.venues) for each in readings)],
        segment=[_flags(each.segments, sizes["K"]) for each in readings],
        office=[each.office for each in readings],
        event=[_flags(_told_of(each), len(c.EVENTS)) for each in queries],
        mode=[each.mode for each in queries],
        anyone=[each.exchanges is None for each in queries],
        exchange=[_flags(each.exchanges or (), sizes["F"]) for each in queries],
        cause=[(ANY, ANY) if each.cause is None else cause_codes(names, each.cause) for each in queries],
        between=[each.between for each in queries],
        place=list(needs.queries.values()),
        demand=np.zeros(sizes["K"]),
        queues=np.zeros(sizes["queues"]),
        taken=[0],
        row=np.zeros(needs.numbers),
    )


@dataclass(frozen=True)
class FactReader:
    """What to record of runs, and how to read facts off it. It travels to workers as plain data."""

    evidence: Evidence
    cast: Cast
    needs: Needs
    monitor: Monitor

    def values(self, rows: Floats) -> Floats:
        """What replications say to facts, (R, facts), from the rows that the monitor filled for them.

        NaN where they failed, which have rows of NaN.
        """
        values = self.evidence.values(BlockEpisode(self.cast, self.evidence.series, self.needs, rows))
        return np.where(np.isnan(rows[:, :1]), np.nan, values)


def reader_of(scenario: Scenario, evidence: Evidence, world: World, names: Names, day: Floats) -> FactReader:
    """How to read facts off runs in a world, recorded on these days (T,)."""
    cast = cast_of(scenario)
    needs = needs_of(cast, evidence.series, len(day), evidence.values)
    return FactReader(evidence, cast, needs, monitor_of(needs, world, names, day))


def _flags(numbers: Sequence[int], length: int) -> NDArray[np.bool_]:
    flags = np.zeros(length, dtype=bool)
    flags[list(numbers)] = True
    return flags


def _told_of(query: Query) -> list[int]:
    """The events of a query: those of exchanges if it names any, since others are about something else."""
    return [e for e in query.events if query.exchanges is None or c.EVENT_SUBJECT[e] == "exchange"]
