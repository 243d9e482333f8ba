"""What an engine hands over: all of one run, or what an ensemble keeps of each of its runs.

Arrays have indices as in `sim.world.codes` and the scenario's names.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels.compile import kernel
from sim.model.outcomes.measures import measure, measure_count
from sim.model.outcomes.queue_times import queue_times
from sim.model.outcomes.snapshot import Frame
from sim.model.outcomes.tally import Tally, WindowSums, close_tally
from sim.model.state import DecisionRecord, State
from sim.world import codes as c
from sim.world.arrays import Bools, Floats, Ints, World

AFTER_ALL = 1e-9
"""A run ends this long after its last day, so that what falls on that day still happens."""
WINDOW = (30.0, 30.0)
"""Days of the reference and of the final window."""


def record_times(until: float, every: float) -> Floats:
    """Days on which the state is recorded, from 0 to `until`, (T,)."""
    return np.arange(int(np.floor(until / every + AFTER_ALL)) + 1, dtype=np.float64) * every


class Decision(NamedTuple):
    """Who decided what, when and why: arrays as in `DecisionRecord`, numbers as in `codes`, `reason` an index."""

    day: float
    exchange: int
    cause: int
    reason: int
    before: int
    choice: int
    runner_up: int
    host: int
    scale: float
    margin: float
    feasible: Bools
    terms: Floats
    demand: Floats
    hazard: Floats
    hosts: Floats


def copy_decision(decision: DecisionRecord) -> Decision:
    """A copy of the record of the last decision."""
    valued = decision.valued[:, None]
    terms, demand = np.where(valued, decision.terms, 0.0), np.where(valued, decision.demand, 0.0)
    others = (decision.hazard.copy(), decision.hosts.copy())
    return decision_of(decision.outcome, decision.scale, decision.feasible.copy(), terms, demand, *others)


def decision_of(outcome: Ints, scale: Floats, *arrays: NDArray[Any]) -> Decision:
    """A decision from the arrays of its record, in their order."""
    day, unit, margin = scale.tolist()
    return Decision._make((day, *outcome.tolist(), unit, margin, *arrays))


@dataclass(frozen=True)
class Result:
    """One run.

    times (T,) days; queues (T, 2 G + 2 O) waiting then served; codes (N, 6) and values (N, 2) of the journal;
    work: (agency, first day, last day) of each case.
    """

    times: Floats
    frame: Frame
    queues: Ints
    codes: Ints
    values: Floats
    decisions: tuple[Decision, ...]
    work: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True)
class Batch:
    """R replications: measures (R, M), focal volume by mode and outside (R, T, 4), days of firing (R, A, rungs).

    Measures are in the order of `measures.measure_names`; a rung that was never reached is NaN. `events` counts, per
    replication, what happened, in the order of `codes.EVENTS`; `monitored` (R, W) has the rows of a monitor.
    """

    measures: Floats
    paths: Floats
    fired: Floats
    events: Floats
    monitored: Floats


def empty_batch(world: World, count: int, records: int, monitored: int) -> Batch:
    """A batch of `count` replications, to be filled; 0 `records` keep no paths, 0 `monitored` no rows of a monitor."""
    rules, rungs = len(world.rules.rungs), int(np.max(world.rules.rungs, initial=0))
    return Batch(
        measures=np.full((count, measure_count(world)), np.nan),
        paths=np.full((count, records, 4), np.nan),
        fired=np.full((count, rules, rungs), np.nan),
        events=np.zeros((count, len(c.EVENTS))),
        monitored=np.full((count, monitored), np.nan),
    )


@kernel
def close(
    state: State, tally: Tally, sums: WindowSums, codes: Ints, values: Floats, work: Floats, row: Floats,
    measures: Floats, path: Floats, fired: Floats, events: Floats, monitored: Floats,
) -> None:  # fmt: skip
    """After the last record: fill one row of a batch.

    `codes` (N, 6) and `values` (N, 2) of the journal, of which only lines on licences and rules are read; `work` (W, 3)
    agency, began, ended of each case; `row` (W,) of a monitor.
    """
    close_tally(state, tally, sums)
    last = tally.day[len(tally.day) - 1]
    for n in range(len(work)):
        tally.effort[0] += max(0.0, min(last, work[n, 2]) - work[n, 1])
    queue_times(codes, values[:, 0], tally.waits)
    measure(tally, measures)
    for e in range(len(events)):
        events[e] = tally.events[e]
    for t in range(len(path)):
        for m in range(path.shape[1]):
            path[t, m] = sums.rows[t, m]
    for n in range(len(row)):
        monitored[n] = row[n]
    for n in range(len(codes)):
        if codes[n, 0] == c.E_FIRED:
            fired[codes[n, 1], int(values[n, 1]) - 1] = values[n, 0]
