"""What an engine hands over: arrays, with indices as in `sim.world.codes` and the scenario's names."""

from dataclasses import dataclass

import numpy as np

from sim.model.exchanges.decision_record import Decision
from sim.model.outcomes.snapshot import Frame
from sim.world.arrays import Floats, Ints

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
