"""Batches of replications: what an ensemble keeps of each run, the same from any engine."""

from dataclasses import dataclass

import numpy as np

from sim.kernels.compile import kernel
from sim.model.outcomes.measures import measure, measure_count, queue_times
from sim.model.outcomes.tally import Tally, WindowSums, close_tally
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import Floats, Ints, World

WINDOW = (30.0, 30.0)
"""Days of the reference and of the final window."""


@dataclass(frozen=True)
class Batch:
    """R replications: measures (R, M), focal volume by mode and outside (R, T, 4), days of firing (R, A, rungs).

    Measures are in the order of `measures.measure_names`; a rung that was never reached is NaN. `events` counts, per
    replication, what happened, in the order of `codes.EVENTS`.
    """

    measures: Floats
    paths: Floats
    fired: Floats
    events: Floats


def empty_batch(world: World, count: int, records: int) -> Batch:
    """A batch of `count` replications, to be filled; with 0 `records` no paths are kept."""
    rules, rungs = len(world.rules.rungs), int(np.max(world.rules.rungs, initial=0))
    return Batch(
        measures=np.full((count, measure_count(world)), np.nan),
        paths=np.full((count, records, 4), np.nan),
        fired=np.full((count, rules, rungs), np.nan),
        events=np.zeros((count, len(c.EVENTS))),
    )


@kernel
def close(
    state: State, tally: Tally, sums: WindowSums, codes: Ints, values: Floats, work: Floats, measures: Floats,
    path: Floats, fired: Floats, events: Floats,
) -> None:  # fmt: skip
    """After the last record: fill one row of a batch.

    `codes` (N, 6) and `values` (N, 2) of the journal, of which only lines on licences and rules are read; `work` (W, 3)
    agency, began, ended of each case.
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
    for n in range(len(codes)):
        if codes[n, 0] == c.E_FIRED:
            fired[codes[n, 1], int(values[n, 1]) - 1] = values[n, 0]
