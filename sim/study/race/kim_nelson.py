"""Selecting the best of many systems: those that are beaten are eliminated early.

Procedure KN of Kim & Nelson (2001, ACM Transactions on Modeling and Computer Simulation 11(3)). After `n0` replications
the variance of every paired difference is estimated, and with it a triangular continuation region: two systems continue
until one leads the other by more than

    W(n) = max(0, delta / 2 (h² S² / delta² - n)) / n,    h² = (n0 - 1) ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1)

and the trailing one is eliminated. If the best is ahead of all others by at least `delta`, it wins with probability
1 - alpha or more, for normal measures and any correlation between systems: alpha / (k - 1) for each pair is
Bonferroni's, so common random numbers are allowed and make S² small. If others are within `delta` of the best, one of
them may win instead. KN++ (Kim & Nelson 2006), which updates S², is valid only as delta goes to 0; two-stage procedures
that end with Rinott's (1978) need independent systems.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.confidence_intervals import Array

Sample = Callable[[tuple[int, ...], int, int], Array]
"""(systems, first, count) -> (count, systems): the measure in replications first ... first + count - 1."""

Stopped = Literal["best known", "within indifference zone", "cap"]
"""Why a race ended, see `RaceOutcome`."""


@dataclass(frozen=True)
class RaceOptions:
    """Options of a race.

    `delta`: the least difference worth detecting, in the unit of the measure (indifference zone). `confidence`: the
    probability of selecting the best if it is ahead by that much. `n0`: replications of the first stage, from which
    variances are estimated; take 20 or more, for systems that differ in few replications only seem equal in fewer.
    `maximum`: replications after which the race ends.
    """

    delta: float
    confidence: float = 0.95
    n0: int = 30
    maximum: int = 10_000
    larger_is_better: bool = True

    def __post_init__(self) -> None:
        if not 0.0 < self.delta < np.inf:
            raise ValueError(f"delta must be a number above 0, got {self.delta}")
        if not 0.5 < self.confidence < 1.0:
            raise ValueError(f"confidence lies between 0.5 and 1, got {self.confidence}")
        if not 2 <= self.n0 <= self.maximum:
            raise ValueError(f"2 <= n0 <= maximum is needed, got {self.n0} and {self.maximum}")


@dataclass(frozen=True)
class RaceOutcome:
    """How a race ended.

    best: the winner. survivors: the winner and those not told apart from it, in order of their number.
    eliminated_at (k,): replications after which a system was eliminated, 0 if it never was. replications (k,): how many
    each one took part in. mean (k,): mean measure over those. history: (replications, systems remaining) whenever some
    were eliminated. stopped: why, as in `sim.study.race.race.Selection`.
    """

    best: int
    survivors: tuple[int, ...]
    eliminated_at: NDArray[np.int64]
    replications: NDArray[np.int64]
    mean: Array
    history: tuple[tuple[int, int], ...]
    stopped: Stopped
    confidence: float

    @property
    def saving(self) -> float:
        """Share of the replications saved, compared with running all systems as long as the longest."""
        return 1.0 - float(self.replications.sum()) / (len(self.replications) * int(self.replications.max()))


def run_race(sample: Sample, k: int, options: RaceOptions, batch: int = 50) -> RaceOutcome:
    """Run a race among systems 0 ... k - 1.

    Replications are sampled `batch` at a time and compared one by one. So the batch size does not change the outcome,
    only how many replications are simulated and not used. Raises ValueError for fewer than two systems, a sample of the
    wrong shape, or a measure that is not defined (NaN, infinite): means over different replications cannot be compared.
    """
    if k < 2 or batch < 1:
        raise ValueError(f"a race needs two systems or more and a batch of 1 or more, got {k} and {batch}")
    pilot = _checked_sample(sample, np.arange(k), 0, options.n0)
    contest = _Contest(pilot, options)
    contest.eliminate()
    while contest.running:
        count = min(batch, options.maximum - contest.n)
        rows = np.full((count, k), np.nan)
        rows[:, contest.remaining] = _checked_sample(sample, contest.remaining, contest.n, count)
        for values in rows:
            contest.add(values)
            contest.eliminate()
            if not contest.running:
                break
    return contest.outcome()


class _Contest:
    """The systems still in the race, `remaining`, after `n` replications."""

    def __init__(self, pilot: Array, options: RaceOptions) -> None:
        k = pilot.shape[1]
        self.options = options
        self.n = len(pilot)
        self.remaining = np.arange(k)
        self.limits = continuation_limits(pilot, options.delta, options.confidence)
        self.total = np.add.accumulate(pilot, axis=0)[-1]
        self.eliminated_at = np.zeros(k, dtype=np.int64)
        self.clearly_beaten = np.zeros(k, dtype=np.bool_)
        self.history: list[tuple[int, int]] = []

    @property
    def running(self) -> bool:
        """Whether more replications are to be compared."""
        return len(self.remaining) > 1 and self.n < self.options.maximum

    def add(self, values: Array) -> None:
        """Add a replication, (k,)."""
        self.total[self.remaining] += values[self.remaining]
        self.n += 1

    def eliminate(self) -> None:
        """Eliminate who trails another by more than the width of their region; at width 0, the later of equals too."""
        sign = 1.0 if self.options.larger_is_better else -1.0
        total = sign * self.total[self.remaining]
        limits = self.limits[np.ix_(self.remaining, self.remaining)]
        width = self.options.delta / 2.0 * np.maximum(limits - self.n, 0.0)
        lead = total[None, :] - total[:, None]
        earlier = self.remaining[None, :] < self.remaining[:, None]
        loses = (lead > width) | ((width == 0.0) & (lead == 0.0) & earlier)
        losers = loses.any(axis=1)
        if not losers.any():
            return
        eliminated = self.remaining[losers]
        self.eliminated_at[eliminated] = self.n
        # Once the region has closed, a mean lead below delta only means that the two were not told apart.
        clear = (width > 0.0) | (lead >= self.options.delta * self.n)
        self.clearly_beaten[eliminated] = (loses & clear).any(axis=1)[losers]
        self.remaining = self.remaining[~losers]
        self.history.append((self.n, len(self.remaining)))

    def outcome(self) -> RaceOutcome:
        """The outcome after the last elimination."""
        replications = np.where(self.eliminated_at > 0, self.eliminated_at, self.n)
        mean = self.total / replications
        score = mean[self.remaining] if self.options.larger_is_better else -mean[self.remaining]
        best = int(self.remaining[np.argmax(score)])
        eliminated = self.eliminated_at > 0
        close = eliminated & ~self.clearly_beaten & (self.eliminated_at >= self.limits[:, best])
        survivors = tuple(int(i) for i in np.union1d(self.remaining, np.flatnonzero(close)))
        stopped: Stopped = "within indifference zone" if close.any() else "best known"
        if len(self.remaining) > 1:
            stopped = "cap"
        return RaceOutcome(
            best, survivors, self.eliminated_at, replications, mean, tuple(self.history), stopped,
            self.options.confidence,
        )  # fmt: skip


def continuation_limits(pilot: Array, delta: float, confidence: float) -> Array:
    """After how many replications the region of each pair closes, h² S² / delta² (k, k), from a first stage (n0, k)."""
    n0, k = pilot.shape
    alpha = (1.0 - confidence) / (k - 1)
    h2 = (n0 - 1) * ((2.0 * alpha) ** (-2.0 / (n0 - 1)) - 1.0)
    spread = np.array([np.var(pilot - column[:, None], axis=0, ddof=1) for column in pilot.T])
    return np.asarray(h2 * spread / delta**2)


def _checked_sample(sample: Sample, systems: NDArray[np.int64], first: int, count: int) -> Array:
    """A sample; raises ValueError for a wrong shape or a measure that is not defined."""
    values = np.asarray(sample(tuple(int(i) for i in systems), first, count), dtype=np.float64)
    if values.shape != (count, len(systems)):
        raise ValueError(f"the sample has shape {values.shape}, expected {(count, len(systems))}")
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(
            f"the measure of system {systems[column]} is not defined in replication {first + row}; "
            "race on a measure that always is, or give those replications a value"
        )
    return values
