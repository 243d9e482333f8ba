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

Where too few points count, the way is gone in rounds (`further`): sequential Monte Carlo from the posterior of the
emulators to that of real runs, through L_emulators^(1-t) L_runs^t with t from 0 to 1 (Del Moral, Doucet and Jasra 2012,
"An adaptive sequential Monte Carlo method for approximate Bayesian computation", Statistics and Computing 22). A round
raises t until half of the points still count, draws points anew by their weights, and moves each: a chain on the
emulators proposes a place, where the simulator is run, and the ratios there and here decide (surrogate transitions: Liu
2001, "Monte Carlo Strategies in Scientific Computing", 9.4.3). A point keeps its runs for as long as it stays; so few
runs do, since what they say by luck has no bias (Andrieu and Roberts 2009, Annals of Statistics 37(2)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from pandas import DataFrame

from sim.calibration.history_matching import Matching
from sim.calibration.particles import drawn_anew, moved, next_step
from sim.calibration.targets import Targets
from sim.plurals import counted
from sim.world.arrays import Floats

RELIABLE = 0.7
"""Shape of the tail of weights up to which they can be relied on."""
_LEAST = 50
"""Points that must count for a posterior to be drawn from them."""
_ENOUGH = 0.5
"""Part of the points that count when no more rounds are needed."""
FIRST = 60_000_000
"""Number of the first point, so that these runs share no random draws with waves and predictions."""


@dataclass(frozen=True, eq=False)
class Round:
    """Points (n, d) after a round, and the logarithms (n,) of what their runs say over what the emulators say.

    `power` is that of the ratio, `accepted` the part of the points that moved, `proposed` (n, d) where to, and
    `distances` (n, R, F) those of the facts there.
    """

    power: float
    points: Floats
    ratios: Floats
    accepted: float
    proposed: Floats
    distances: Floats


@dataclass(frozen=True, eq=False)
class RealRuns:
    """Runs at points (n, d) that follow the posterior of the emulators, and the rounds that went on from there.

    `distances` (n, R, F) are those of the facts from the record, as `Targets.scaled` has them, `names` (d,) those of
    the parameters.
    """

    matching: Matching
    names: tuple[str, ...]
    points: Floats
    distances: Floats
    rounds: tuple[Round, ...] = ()

    @property
    def replications(self) -> int:
        """Runs at each point."""
        return int(self.distances.shape[1])

    @property
    def sample(self) -> Floats:
        """Points (n, d) as they are now; with their `weights` they follow the posterior of real runs."""
        return self.rounds[-1].points if self.rounds else self.points

    @cached_property
    def weights(self) -> Floats:
        """What each point of `sample` counts (n,), one on average."""
        logs = (1.0 - self.power) * self.ratios
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.mean())

    @property
    def power(self) -> float:
        """How far the points have gone from the posterior of the emulators, 0, to that of real runs, 1."""
        return self.rounds[-1].power if self.rounds else 0.0

    @property
    def ratios(self) -> Floats:
        """Logarithms (n,) of what runs at points of `sample` say over what the emulators say, but for a constant."""
        return self.rounds[-1].ratios if self.rounds else self.log_ratios(self.points, self.distances)

    @property
    def effective(self) -> float:
        """Part of the points that count: 1 where emulators and real runs agree, and runs are many.

        Of points that are at the same place one counts.
        """
        _, parts = self._distinct
        return float(1.0 / np.sum(parts**2)) / len(self.points)

    @property
    def luck(self) -> float:
        """Part of the points that would count at first if the emulators were exact, for so few runs at each."""
        half = self.replications // 2
        halves = (self.distances[:, :half], self.distances[:, half : 2 * half])
        first, second = (self.log_ratios(self.points, distances) for distances in halves)
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
        return self.sample[drawn_anew(np.log(np.maximum(self.weights, np.finfo(float).tiny)), 0.5)]

    def parameters(self) -> DataFrame:
        """How the posterior of each parameter moves, the furthest first, in standard deviations of the emulators'.

        Columns: `mean` and `deviation` in parts of the range, by the emulators; `shift` of the mean and the ratio of
        deviations, `spread`, by real runs; `error`, the standard error of the shift that comes from having few points.
        """
        points, parts = self._distinct
        mean, deviation = self.points.mean(axis=0), self.points.std(axis=0)
        real = parts @ points
        spread = np.sqrt(parts @ (points - real) ** 2)
        error = np.sqrt((parts**2) @ (points - real) ** 2)
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
        predicted, _ = self.matching.emulators.predict(self.points)
        off = self.distances.mean(axis=1) - predicted
        chance = np.diag(self._chance) / self.replications
        unit = self.matching.targets.scaled_error
        size = np.sqrt(np.maximum((off**2).mean(axis=0) - chance, 0.0))
        table = DataFrame({"bias": off.mean(axis=0) / unit, "size": size / unit}, index=self.matching.targets.names)
        return table.rename_axis("fact").sort_values("size", ascending=False, kind="stable")

    def log_ratios(self, points: Floats, distances: Floats) -> Floats:
        """Logarithms (n,) of what runs (n, r, F) at points (n, d) say over what the emulators say, but for a constant.

        The covariance of chance is that of the first runs, so that ratios of all rounds can be compared.
        """
        real = record_log_likelihood(distances, self._chance, self.matching.targets)
        return np.asarray(real - self.matching.log_likelihood(points))

    @property
    def method(self) -> str:
        """How a posterior comes from these runs, in words that go on from how it came from emulators."""
        each = f"{self.replications} real runs at each point"
        if not self.rounds:
            return f", then weighed by {each}"
        weighed = "" if self.power == 1.0 else " and weighed by them"
        return f", then moved in {counted(len(self.rounds), 'round')} of {each}{weighed}"

    def __str__(self) -> str:
        n, table = len(self.points), self.parameters()
        furthest, row = str(table.index[0]), table.iloc[0]
        each = f"{self.replications} real runs at each"
        if self.rounds:
            accepted = ", ".join(f"{one.accepted:.0%}" for one in self.rounds)
            came = f"{counted(len(self.rounds), 'round')} of {each}, in which {accepted} of them moved"
        else:
            came = f"{each} ({self.luck:.0%} would with exact emulators)"
        said = f"{self.effective:.0%} of {n:,} points count after {came}"
        moved = f"{furthest} moves furthest, by {row['shift']:+.2f} ± {row['error']:.2f} standard deviations"
        doubt = "" if self.reliable else "; too few to draw from, so this posterior is that of the emulators"
        return f"{said}; {moved}{doubt}"

    @cached_property
    def _distinct(self) -> tuple[Floats, Floats]:
        """The points of the sample that differ, and the part (summing to one) that each counts."""
        points, which = np.unique(self.sample, axis=0, return_inverse=True)
        parts = np.bincount(which.ravel(), self.weights / self.weights.sum(), len(points))
        return points, np.asarray(parts, dtype=float)

    @cached_property
    def _chance(self) -> Floats:
        return chance_among(self.distances)


def chance_among(distances: Floats) -> Floats:
    """Covariance of facts (F, F) among the runs of a point, pooled over all points, from distances (n, R, F)."""
    points, runs, facts = distances.shape
    flat = (distances - distances.mean(axis=1, keepdims=True)).reshape(-1, facts)
    return np.asarray(flat.T @ flat / (points * (runs - 1)))


def record_log_likelihood(distances: Floats, chance: Floats, targets: Targets) -> Floats:
    """Logarithm of the synthetic likelihood (n,) of the record at points with runs (n, R, F), but for a constant."""
    means, runs = distances.mean(axis=1), distances.shape[1]
    covariance = targets.scaled_error**2 * np.eye(len(targets)) + chance * (1.0 - 1.0 / runs)
    return np.asarray(-0.5 * np.einsum("nf,nf->n", means, np.linalg.solve(covariance, means.T).T))


def further(
    runs: RealRuns,
    simulate: Callable[[Floats, int], Floats],
    most: int,
    tell: Callable[[int, Round], object] = lambda number, each: None,
) -> RealRuns:
    """Rounds from the posterior of the emulators to that of real runs: until half of the points count there.

    Parameters
    ----------
    runs
        The first runs.
    simulate
        Distances (n, R, F) of the facts at points (n, d), in the round of this number.
    most
        Number of rounds at most. Where they are too few, `weights` make up for the rest of the way.
    tell
        Called after each round.
    """
    for number in range(most):
        if runs.power == 1.0 and runs.effective >= _ENOUGH:
            break
        runs = replace(runs, rounds=(*runs.rounds, _round(runs, simulate, number)))
        tell(number, runs.rounds[-1])
    return runs


def _round(runs: RealRuns, simulate: Callable[[Floats, int], Floats], number: int) -> Round:
    rng = np.random.default_rng([runs.matching.plan.seed, 5000 + number])
    step = next_step(runs.ratios, 1.0 - runs.power)
    power = 1.0 if step == 1.0 - runs.power else runs.power + step
    chosen = drawn_anew(step * runs.ratios, rng.random())
    points, ratios = runs.sample[chosen], runs.ratios[chosen]
    proposed = moved(points, runs.matching.log_likelihood, rng)
    distances = simulate(proposed, number)
    there = runs.log_ratios(proposed, distances)
    taken = np.log(rng.random(len(points))) < power * (there - ratios)
    return Round(
        power, np.where(taken[:, np.newaxis], proposed, points), np.where(taken, there, ratios),
        float(taken.mean()), proposed, distances,
    )  # fmt: skip
