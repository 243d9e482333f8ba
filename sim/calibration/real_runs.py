"""How far the posterior of the emulators is from that of real runs, and what real runs make of it.

The posterior is sampled with emulators in the place of the simulator. Here the simulator itself is run R times at
points that follow it. The means ȳ of the facts in the R runs of a point, and the covariance S of chance among facts,
pooled over all points, make a synthetic likelihood (Wood 2010, "Statistical inference for noisy nonlinear ecological
dynamic systems", Nature 466; Price et al. 2018, Journal of Computational and Graphical Statistics 27(1)) of the record,

    N(0; ȳ, E + S (1 - 1/R)),        E = I / 16, the errors of record and model,

which is without bias for N(0; μ, E + S), with μ what infinitely many runs would say. Its ratio to the likelihood of the
emulators is the weight of the point (importance sampling: one step of approximate Bayesian computation whose kernel is
the error assumed, Wilkinson 2013). So the weighted posterior has no error of the emulators in it, and it takes into
account, as they do not, that facts are correlated within a run.

How many points still count is (Σ w)² / (n Σ w²). A few runs are noisy, and luck alone makes weights differ; from the
difference between the halves of the runs it is told how many points would count if the emulators were exact. If the
largest weights have a tail of shape above 0.7, as fitted by a generalised Pareto distribution, they cannot be relied on
(Vehtari et al. 2024, "Pareto smoothed importance sampling", Journal of Machine Learning Research 25).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.calibration.history_matching import Matching
    from sim.world.arrays import Floats

RELIABLE = 0.7
"""Shape of the tail of weights up to which they can be relied on."""
_LEAST = 50
"""Points that must count for a posterior to be drawn from them."""
FIRST = 60_000_000
"""Number of the first point, so that these runs share no random draws with waves and predictions."""


@dataclass(frozen=True, eq=False)
class RealRuns:
    """Runs at points (n, d) that follow the posterior of the emulators.

    `distances` (n, R, F) are those of the facts from the record, as `Targets.scaled` has them, `names` (d,) those of
    the parameters.
    """

    matching: Matching
    names: tuple[str, ...]
    points: Floats
    distances: Floats

    @property
    def replications(self) -> int:
        """Runs at each point."""
        return int(self.distances.shape[1])

    @cached_property
    def weights(self) -> Floats:
        """What each point counts (n,), one on average."""
        logs = self._log_weights(self.distances)
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.mean())

    @property
    def effective(self) -> float:
        """Part of the points that count: 1 where emulators and real runs agree, and runs are many."""
        return float(1.0 / np.mean(self.weights**2))

    @property
    def luck(self) -> float:
        """Part of the points that would count if the emulators were exact, for so few runs at each."""
        half = self.replications // 2
        first, second = (self._log_weights(self.distances[:, part]) for part in (slice(half), slice(half, 2 * half)))
        return float(np.exp(-np.var(first - second) / 4.0))

    @property
    def tail(self) -> float:
        """Shape of the tail of the largest weights; -inf if all are the same."""
        from scipy.stats import genpareto

        n = len(self.weights)
        largest = np.sort(self.weights)[-int(min(0.2 * n, 3.0 * np.sqrt(n))) - 1 :]
        beyond = largest[1:] - largest[0]
        if not beyond[-1] > 0.0:
            return -np.inf
        return float(genpareto.fit(beyond[beyond > 0.0], floc=0.0)[0])

    @property
    def reliable(self) -> bool:
        """Whether a posterior can be drawn by these weights."""
        return self.tail <= RELIABLE and self.effective * len(self.points) >= _LEAST

    def resampled(self) -> Floats:
        """As many points as there are, drawn by their weights, systematically: a point of weight 2 is there twice."""
        edges = np.cumsum(self.weights) / self.weights.sum()
        n = len(edges)
        return self.points[np.minimum(np.searchsorted(edges, (np.arange(n) + 0.5) / n), n - 1)]

    def parameters(self) -> DataFrame:
        """How the posterior of each parameter moves, the furthest first, in standard deviations of the emulators'.

        Columns: `mean` and `deviation` in parts of the range, by the emulators; `shift` of the mean and the ratio of
        deviations, `spread`, by real runs; `error`, the standard error of the shift that comes from having few points.
        """
        from pandas import DataFrame

        part = self.weights / self.weights.sum()
        mean, deviation = self.points.mean(axis=0), self.points.std(axis=0)
        real = part @ self.points
        spread = np.sqrt(part @ (self.points - real) ** 2)
        error = np.sqrt((part**2) @ (self.points - real) ** 2)
        table = DataFrame(
            {
                "mean": mean, "deviation": deviation, "shift": (real - mean) / deviation,
                "spread": spread / deviation, "error": error / deviation,
            },
            index=list(self.names),
        ).rename_axis("parameter")  # fmt: skip
        return table.sort_values("shift", key=abs, ascending=False, kind="stable")

    def facts(self) -> DataFrame:
        """By how much real runs differ from the emulator of each fact, the worst first.

        Columns, in errors of record and model: `bias`, the mean difference over the points, and `size`, the root of the
        mean square of what is not chance in so few runs.
        """
        from pandas import DataFrame

        predicted, _ = self.matching.emulators.predict(self.points)
        off = self.distances.mean(axis=1) - predicted
        chance = np.diag(self._chance) / self.replications
        unit = self.matching.targets.scaled_error
        size = np.sqrt(np.maximum((off**2).mean(axis=0) - chance, 0.0))
        table = DataFrame({"bias": off.mean(axis=0) / unit, "size": size / unit}, index=self.matching.targets.names)
        return table.rename_axis("fact").sort_values("size", ascending=False, kind="stable")

    def __str__(self) -> str:
        n, table = len(self.points), self.parameters()
        furthest, row = str(table.index[0]), table.iloc[0]
        counted = f"{self.effective:.0%} of {n:,} points count after {self.replications} real runs at each"
        exact = f"{self.luck:.0%} would with exact emulators"
        moved = f"{furthest} moves furthest, by {row['shift']:+.2f} ± {row['error']:.2f} standard deviations"
        doubt = "" if self.reliable else "; too few to draw from, so this posterior is that of the emulators"
        return f"{counted} ({exact}); {moved}{doubt}"

    @cached_property
    def _chance(self) -> Floats:
        """Covariance of facts (F, F) among the runs of a point, pooled over all points."""
        rest = self.distances - self.distances.mean(axis=1, keepdims=True)
        flat = rest.reshape(-1, rest.shape[2])
        return np.asarray(flat.T @ flat / (len(self.points) * (self.replications - 1)))

    def _log_weights(self, distances: Floats) -> Floats:
        """Logarithm of what some of the runs (n, r, F) say over what the emulators say, but for a constant."""
        means, runs = distances.mean(axis=1), distances.shape[1]
        errors = self.matching.targets.scaled_error**2 * np.eye(means.shape[1])
        covariance = errors + self._chance * (1.0 - 1.0 / runs)
        real = -0.5 * np.einsum("nf,nf->n", means, np.linalg.solve(covariance, means.T).T)
        return np.asarray(real - self.matching.log_likelihood(self.points))
