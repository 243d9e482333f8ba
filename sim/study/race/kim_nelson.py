"""Finding the best of many policies: a race in which the beaten leave early.

Procedure KN of Kim & Nelson (2001, ACM Transactions on Modeling and Computer Simulation 11(3)). After `n0` replications
the variance of every paired difference is known, and with it a triangle: two systems run on until one leads the other
by more than

    W(n) = max(0, delta / 2 (h² S² / delta² - n)) / n,    h² = (n0 - 1) ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1)

and the trailing one is out. If the best is ahead of all others by at least `delta`, it wins with probability
1 - alpha or more, for normal measures and any correlation between systems: alpha / (k - 1) for each pair is
Bonferroni's, so common random numbers are allowed and make S² small. If others are within `delta` of the best, one of
them may win instead. KN++ (Kim & Nelson 2006), which updates S², is
valid only as delta goes to 0; two-stage procedures that end with Rinott's (1978) need independent systems.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Sample = Callable[[tuple[int, ...], int, int], Array]
"""(systems, first, count) -> (count, systems): the measure in replications first ... first + count - 1."""

Stopped = Literal["best known", "within indifference zone", "cap"]


@dataclass(frozen=True)
class Race:
    """What is asked of a race.

    `delta`: the least difference worth detecting, in the unit of the measure (indifference zone). `confidence`: the
    probability of finding the best if it is ahead by that much. `n0`: replications of the first stage, from which
    variances are known; 20 or more, since a difference that shows in few replications is not seen in fewer.
    `maximum`: replications after which a system is run no further.
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
class Outcome:
    """How a race ended.

    best: the winner. survivors: the winner and those not told apart from it, in order of their number.
    eliminated_at (k,): replications at which a system was out, 0 if it never was. replications (k,): how many each one
    took part in. mean (k,): mean measure over those. history: (replications, systems left) whenever some left.
    stopped: `best known`, every other was beaten; `within indifference zone`, some were only found to be closer than
    delta, and the one with the better mean won; `cap`, the maximum was reached with several left, and the best mean of
    them is named without guarantee.
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
        """Part of the replications saved against running all systems as long as the longest."""
        return 1.0 - float(self.replications.sum()) / (len(self.replications) * int(self.replications.max()))


def race(sample: Sample, k: int, options: Race, batch: int = 50) -> Outcome:
    """Run a race among systems 0 ... k - 1.

    Replications are asked for `batch` at a time and looked at one by one, so that the batch decides what is computed
    in vain and nothing else. Raises ValueError for fewer than two systems, a sample of the wrong shape, or a measure
    that is not defined (NaN, infinite): a mean over some replications of one system and others of another would not
    compare like with like.
    """
    if k < 2 or batch < 1:
        raise ValueError(f"a race needs two systems or more and a batch of 1 or more, got {k} and {batch}")
    pilot = _measured(sample, np.arange(k), 0, options.n0)
    field = _Field(pilot, options)
    field.look()
    while field.running:
        count = min(batch, options.maximum - field.n)
        block = np.full((count, k), np.nan)
        block[:, field.left] = _measured(sample, field.left, field.n, count)
        for values in block:
            field.add(values)
            field.look()
            if not field.running:
                break
    return field.outcome()


class _Field:
    """The systems still in the race, `left`, after `n` replications."""

    def __init__(self, pilot: Array, options: Race) -> None:
        k = pilot.shape[1]
        self.options = options
        self.n = len(pilot)
        self.left = np.arange(k)
        self.closes = closing(pilot, options.delta, options.confidence)
        self.total = np.add.accumulate(pilot, axis=0)[-1]
        self.out = np.zeros(k, dtype=np.int64)
        self.beaten = np.zeros(k, dtype=np.bool_)
        self.history: list[tuple[int, int]] = []

    @property
    def running(self) -> bool:
        return len(self.left) > 1 and self.n < self.options.maximum

    def add(self, values: Array) -> None:
        """One more replication, (k,)."""
        self.total[self.left] += values[self.left]
        self.n += 1

    def look(self) -> None:
        """Let go who trails another by more than the width of their triangle; without width, also who is equal."""
        sign = 1.0 if self.options.larger_is_better else -1.0
        total = sign * self.total[self.left]
        width = self.options.delta / 2.0 * np.maximum(self.closes[np.ix_(self.left, self.left)] - self.n, 0.0)
        lead = total[None, :] - total[:, None]
        earlier = self.left[None, :] < self.left[:, None]
        loses = (lead > width) | ((width == 0.0) & (lead == 0.0) & earlier)
        goes = loses.any(axis=1)
        if not goes.any():
            return
        self.out[self.left[goes]] = self.n
        # Behind a triangle that has closed, only a mean lead of delta or more is more than not being told apart.
        clear = (width > 0.0) | (lead >= self.options.delta * self.n)
        self.beaten[self.left[goes]] = (loses & clear).any(axis=1)[goes]
        self.left = self.left[~goes]
        self.history.append((self.n, len(self.left)))

    def outcome(self) -> Outcome:
        replications = np.where(self.out > 0, self.out, self.n)
        mean = self.total / replications
        order = mean[self.left] if self.options.larger_is_better else -mean[self.left]
        best = int(self.left[np.argmax(order)])
        close = (self.out > 0) & ~self.beaten & (self.out >= self.closes[:, best])
        survivors = tuple(int(i) for i in np.union1d(self.left, np.flatnonzero(close)))
        stopped: Stopped = "within indifference zone" if close.any() else "best known"
        if len(self.left) > 1:
            stopped = "cap"
        return Outcome(
            best, survivors, self.out, replications, mean, tuple(self.history), stopped, self.options.confidence
        )


def closing(pilot: Array, delta: float, confidence: float) -> Array:
    """Where the triangle of each pair closes, in replications: h² S² / delta², (k, k), from a first stage (n0, k)."""
    n0, k = pilot.shape
    alpha = (1.0 - confidence) / (k - 1)
    h2 = (n0 - 1) * ((2.0 * alpha) ** (-2.0 / (n0 - 1)) - 1.0)
    spread = np.array([np.var(pilot - column[:, None], axis=0, ddof=1) for column in pilot.T])
    return np.asarray(h2 * spread / delta**2)


def _measured(sample: Sample, systems: NDArray[np.int64], first: int, count: int) -> Array:
    """A sample, checked."""
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
