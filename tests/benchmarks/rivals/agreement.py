"""Whether two versions are the same model: means of what a run is compared by, over many runs.

Each figure (shares by mode on five days, parts of the exchanges by last strategy, decisions, launches and closures per
exchange) is compared by the two-sample t test of Welch (1947). The level is Bonferroni's: if all versions are the same
model, one of them is refused wrongly in a thousand calls at most. Versions that go from day to day may besides be off by a tolerance,
which is absolute for shares and parts, and relative for counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.rivals.outcome import NAMES, Outcome
from tests.benchmarks.rivals.parameters import Floats

ERROR = 0.001
"""Probability that a call refuses any version wrongly."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Agreement:
    """How one version compares with ours at one size."""

    version: str
    exchanges: int
    runs: tuple[int, int]
    largest_t: float
    largest_share: float  # largest difference of a mean share
    disagreeing: tuple[str, ...]  # one line per figure that is off

    @property
    def agrees(self) -> bool:
        return not self.disagreeing


def level(comparisons: int) -> float:
    """Level of each test when so many versions and sizes are compared."""
    return ERROR / (comparisons * len(NAMES))


def figures(outcomes: list[Outcome]) -> Floats:
    """(N, Q) of N runs."""
    return np.array([outcome.figures for outcome in outcomes])


def compare(
    version: str, exchanges: int, ours: Floats, theirs: Floats, tolerance: float, alpha: float
) -> Agreement:  # fmt: skip
    """Compare samples (N, Q) of two versions, each figure at level `alpha`."""
    gap = np.abs(theirs.mean(axis=0) - ours.mean(axis=0))
    allowed = tolerance * np.maximum(1.0, ours.mean(axis=0)) + _ROUNDING
    t, most = _welch(np.maximum(0.0, gap - allowed), ours, theirs, alpha)
    off = [
        f"{NAMES[q]}: {theirs[:, q].mean():.4f} instead of {ours[:, q].mean():.4f} (t = {t[q]:.1f}, at most {most[q]:.1f})"
        for q in np.flatnonzero(t > most)
    ]
    shares = np.array([" on day " in name for name in NAMES])
    return Agreement(
        version, exchanges, (len(ours), len(theirs)), float(t.max()), float(gap[shares].max()), tuple(off)
    )  # fmt: skip


def _welch(gap: Floats, ours: Floats, theirs: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Gaps in standard errors (Q,), and how large they may be with the degrees of freedom that the samples have."""
    from scipy.special import stdtrit

    parts = [np.maximum(sample.var(axis=0, ddof=1) / len(sample), _ROUNDING**2) for sample in (ours, theirs)]
    squares = [part**2 / (len(sample) - 1) for part, sample in zip(parts, (ours, theirs), strict=True)]
    freedom = sum(parts) ** 2 / sum(squares)
    return gap / np.sqrt(sum(parts)), stdtrit(freedom, 1.0 - alpha / 2.0)
