"""What a run of any version is compared by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.rivals.parameters import DAYS, RECORDS, STRATEGIES, Floats

WEEKS = DAYS // 7
NAMES = (
    *(f"{mode} on day {day}" for day in RECORDS[1:] for mode in ("domestic", "otc", "offshore", "outside")),
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
