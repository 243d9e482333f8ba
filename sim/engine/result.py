"""What an engine hands over: arrays, with indices as in `sim.world.codes` and the scenario's names."""

from dataclasses import dataclass

import numpy as np

from sim.model.exchanges.decision_record import Decision
from sim.model.outcomes.snapshot import Frame
from sim.world.arrays import Floats, Ints, World

AFTER_ALL = 1e-9
"""A run ends this long after its last day, so that what falls on that day still happens."""


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


def record_times(until: float, every: float) -> Floats:
    """Days on which the state is recorded, from 0 to `until`, (T,)."""
    return np.arange(int(np.floor(until / every + AFTER_ALL)) + 1, dtype=np.float64) * every


def empty_frame(world: World, count: int) -> Frame:
    """Room for `count` instants."""
    f, k = world.exchanges.taste.shape[:2]
    i = len(world.interventions.key)
    ints = np.int64
    return Frame(
        share=np.zeros((count, k, f, 3)),
        outside=np.zeros((count, k)),
        segment_volume=np.zeros((count, k)),
        habit=np.zeros((count, k, 3)),
        status=np.zeros((count, f, 3), ints),
        host=np.zeros((count, f), ints),
        disguised=np.zeros((count, f), ints),
        strategy=np.zeros((count, f), ints),
        strength=np.zeros((count, i, 3)),
        hazard=np.zeros((count, 5)),
        sites=np.zeros(count, ints),
    )
