"""What a run of any version is compared by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.result import Result
from sim.model import codes as c
from tests.benchmarks.rivals.parameters import STRATEGIES, Floats
from tests.benchmarks.rivals.world import DAYS, RECORDS

WEEKS = DAYS // 7
NAMES = (
    *(f"{mode} on day {day}" for day in RECORDS[1:] for mode in (*c.MODES, "outside")),
    *(f"ending {strategy}" for strategy in STRATEGIES),
    "decisions",
    "launches",
    "closures",
)
"""What the places of `Outcome.figures` are."""


@dataclass(frozen=True)
class Outcome:
    """One run: shares (T, 4) of the traders by mode and outside, exchanges by last strategy, and what happened."""

    shares: Floats
    strategies: tuple[int, ...]
    decisions: int
    launches: int
    closures: int

    @property
    def events(self) -> int:
        """Decisions, launches, closures, and the weekly readings of the books."""
        return self.decisions + self.launches + self.closures + WEEKS

    @property
    def figures(self) -> Floats:
        """All of it in the order of `NAMES`: shares, then parts of the exchanges, then counts per exchange."""
        counts = [*self.strategies, self.decisions, self.launches, self.closures]
        return np.concatenate([self.shares[1:].ravel(), np.array(counts) / sum(self.strategies)])


def outcome_of(result: Result) -> Outcome:
    """What a run of our engines comes to."""
    frame, events = result.frame, result.codes[:, 0]
    shares = np.column_stack([frame.share[:, 0].sum(axis=1), frame.outside[:, 0]])
    last = [c.STRATEGIES[s] for s in frame.strategy[-1]]
    counts = [int(np.sum(events == event)) for event in (c.E_DECISION, c.E_LAUNCHED, c.E_CLOSED)]
    return Outcome(shares, tuple(last.count(name) for name in STRATEGIES), *counts)
