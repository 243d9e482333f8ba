"""History matching: waves of simulations that rule out what the record excludes, and the posterior of what is left.

A point is ruled out by a fact if the record is more than three standard deviations from what the emulator expects, with
the variances of the record, of the model's own error, of the emulator and of chance added up (Craig, Goldstein, Seheult
and Smith 1997; Vernon, Goldstein and Bower 2010; three by Pukelsheim 1994). Each wave simulates points that are not
ruled out, so emulators get better where it counts. At the end, the same variances make a normal likelihood: sampling
with an assumed error of model and record is exact for that error (Wilkinson 2013, "Approximate Bayesian computation
gives exact results under the assumption of model error", Statistical Applications in Genetics and Molecular Biology
12(2)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.calibration.emulator import Emulators, emulators_of
from sim.calibration.particles import Region, posterior_sample, region_below, sobol
from sim.calibration.targets import Targets
from sim.world.arrays import Floats

CUTOFF = 3.0
"""Standard deviations beyond which a fact rules a point out."""
_MANY_FACTS = 10
"""Facts from which on a point may miss one without being ruled out: no model meets all."""

SimulatePoints = Callable[["Floats", int], "Floats"]
"""Facts (n, R, F) at points (n, d) of the unit cube; the number is that of the first point, so none shares draws."""


@dataclass(frozen=True)
class MatchingPlan:
    """How much is simulated: `points` with `replications` in each of `waves`, and how large the population is."""

    waves: int = 3
    points: int = 300
    replications: int = 3
    population: int = 1000
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Wave:
    """Points (n, d) that were simulated, and the values (n, R, F) of the facts."""

    points: Floats
    values: Floats


@dataclass(frozen=True, eq=False)
class WaveReport:
    """What is known after a wave.

    `ruled_out` (F,): the part of what was left before that each fact rules out by itself. `volume`: the part of the
    prior that is left. `cutoff` is above `CUTOFF` where no point is within it.
    """

    points: int
    replications: int
    ruled_out: Floats
    volume: float
    cutoff: float


@dataclass(frozen=True, eq=False)
class Matching:
    """Waves so far, what each left, and the emulators that were fitted to all."""

    targets: Targets
    plan: MatchingPlan
    dimensions: int
    waves: tuple[Wave, ...] = ()
    reports: tuple[WaveReport, ...] = ()
    region: Region | None = None

    @cached_property
    def start(self) -> Floats:
        """A population that follows the prior."""
        return sobol(self.plan.population, self.dimensions, self.plan.seed)

    @cached_property
    def emulators(self) -> Emulators:
        """Emulators of all facts, from all waves."""
        points = np.concatenate([wave.points for wave in self.waves])
        distances = self.targets.scaled(np.concatenate([wave.values for wave in self.waves]))
        size = np.abs(distances.mean(axis=1))
        weight = -(np.minimum(size, 3.0)).sum(axis=1)
        return emulators_of(points, distances, self.targets.scaled_error, weight)

    def next_points(self) -> Floats:
        """The points of the next wave: spread over the prior, then over what is left of it, then over the posterior."""
        number, n = len(self.waves), self.plan.points
        if self.region is None:
            return sobol(n, self.dimensions, self.plan.seed)
        rng = self._generator(number)
        left = self.region.points
        if number == self.plan.waves - 1:
            sample = self.posterior(np.random.default_rng(rng.integers(2**63)))
            left = np.concatenate([sample[: len(sample) // 2], left[: len(left) // 2]])
        return left[rng.choice(len(left), n, replace=n > len(left))]

    def after(self, wave: Wave) -> Matching:
        """With one wave more, and what it rules out."""
        grown = replace(self, waves=(*self.waves, wave))
        before = self.start if self.region is None else self.region.points
        rng = grown._generator(1000 + len(self.waves))
        region = region_below(grown.implausibility, CUTOFF, self.start, rng)
        ruled_out = (np.abs(grown.implausibilities(before)) > region.level).mean(axis=0)
        points, replications = wave.values.shape[:2]
        report = WaveReport(points, replications, ruled_out, region.volume, region.level)
        return replace(grown, reports=(*self.reports, report), region=region)

    def implausibilities(self, points: Floats) -> Floats:
        """Distance of each fact (n, F) from the record in standard deviations, negative below it."""
        mean, variance = self.emulators.predict(points)
        return np.asarray(mean / np.sqrt(variance + self.targets.scaled_error**2))

    def implausibility(self, points: Floats) -> Floats:
        """The largest distance (n,), of many facts the second largest."""
        distances = np.sort(np.abs(self.implausibilities(points)), axis=1)
        return np.asarray(distances[:, -2 if len(self.targets) >= _MANY_FACTS else -1])

    def log_likelihood(self, points: Floats, facts: Sequence[int] | None = None) -> Floats:
        """Logarithm of the likelihood (n,) of the record, of all facts or some, but for a constant."""
        by_fact = self.log_likelihoods(points)
        return np.asarray((by_fact if facts is None else by_fact[:, list(facts)]).sum(axis=1))

    def log_likelihoods(self, points: Floats) -> Floats:
        """The same by fact, (n, F)."""
        mean, variance = self.emulators.predict(points)
        variance = variance + self.targets.scaled_error**2
        return np.asarray(-0.5 * (mean**2 / variance + np.log(variance / self.targets.scaled_error**2)))

    def posterior(self, rng: np.random.Generator | None = None, facts: Sequence[int] | None = None) -> Floats:
        """A sample (population, d) of the posterior, given all facts or some."""
        rng = self._generator(2000) if rng is None else rng
        return posterior_sample(lambda points: self.log_likelihood(points, facts), self.start, rng)

    def surprise(self) -> Floats:
        """Errors of the emulators at the points of the last wave, (n, F), in their own standard deviations.

        Of emulators that were fitted without that wave. Where they are right, about 95 % lie within 2.
        """
        last, before = self.waves[-1], replace(self, waves=self.waves[:-1])
        mean, variance = before.emulators.predict(last.points)
        return np.asarray((self.targets.scaled(last.values)[:, 0] - mean) / np.sqrt(variance))

    def _generator(self, purpose: int) -> np.random.Generator:
        return np.random.default_rng([self.plan.seed, purpose])


def match(
    targets: Targets,
    dimensions: int,
    simulate: SimulatePoints,
    plan: MatchingPlan,
    stored: Sequence[Wave] = (),
    keep: Callable[[int, Wave], object] = lambda number, wave: None,
    tell: Callable[[int, WaveReport], object] = lambda number, report: None,
) -> Matching:
    """All waves, one after the other.

    Parameters
    ----------
    targets, dimensions
        The facts, and the number of parameters.
    simulate
        Called once for each wave that is not `stored`.
    stored
        Waves of an interrupted matching, from the first on.
    keep, tell
        Called with each new wave as soon as it is simulated, and with what each leaves.
    """
    matching = Matching(targets, plan, dimensions)
    for number in range(plan.waves):
        if number < len(stored):
            wave = stored[number]
        else:
            points = matching.next_points()
            wave = Wave(points, simulate(points, number * plan.points))
            keep(number, wave)
        matching = matching.after(wave)
        tell(number, matching.reports[-1])
    return matching
