"""Whether two versions are the same model: means of what a run is compared by, over many runs.

Each figure (shares by mode on five days, parts of the exchanges by last strategy, decisions, launches and closures per
exchange) is compared by a two-sample z test. The bound is Bonferroni's: if all versions are the same model, one of them
is refused wrongly in a thousand calls at most. Versions that go from day to day may besides be off by a tolerance,
which is absolute for shares and parts, and relative for counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

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
    largest_z: float
    largest_share: float  # largest difference of a mean share
    disagreeing: tuple[str, ...]  # one line per figure that is off

    @property
    def agrees(self) -> bool:
        return not self.disagreeing


def bound(comparisons: int) -> float:
    """Largest |z| that is let pass when so many versions and sizes are compared."""
    return NormalDist().inv_cdf(1.0 - ERROR / (2.0 * comparisons * len(NAMES)))


def figures(outcomes: list[Outcome]) -> Floats:
    """(N, Q) of N runs."""
    return np.array([outcome.figures for outcome in outcomes])


def compare(
    version: str, exchanges: int, ours: Floats, theirs: Floats, tolerance: float, most: float
) -> Agreement:  # fmt: skip
    """Compare samples (N, Q) of two versions; `most` is the largest |z| allowed."""
    mean = ours.mean(axis=0)
    gap = np.abs(theirs.mean(axis=0) - mean)
    error = np.sqrt(ours.var(axis=0, ddof=1) / len(ours) + theirs.var(axis=0, ddof=1) / len(theirs))
    allowed = tolerance * np.maximum(1.0, mean) + _ROUNDING
    z = np.maximum(0.0, gap - allowed) / np.maximum(error, _ROUNDING)
    off = [
        f"{NAMES[q]}: {theirs[:, q].mean():.4f} instead of {mean[q]:.4f} (z = {z[q]:.1f}, at most {most:.1f})"
        for q in np.flatnonzero(z > most)
    ]
    shares = np.array([" on day " in name for name in NAMES])
    return Agreement(
        version, exchanges, (len(ours), len(theirs)), float(z.max()), float(gap[shares].max()), tuple(off)
    )  # fmt: skip
