"""Whether intervals of a calibration hold the truth as often as they say: on simulated records, whose truth is known.

    python -m tests.benchmarks.calibration_coverage china_2017 --records 50

For each record, parameters are drawn from their ranges, one history is simulated, and each fact is read off it and
moved by the errors of record and model that the calibration assumes (simulation-based calibration: Cook, Gelman and
Rubin 2006; Talts et al. 2018). Then the scenario is calibrated on these facts. Printed: in how many records the interval
of 90 % holds the truth, by parameter and over all, and whether ranks of truths are uniform. The first wave, which knows
no record yet, is simulated once for all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import stats

import sim
from sim.calibration.calibrate import record_of
from sim.calibration.history_matching import MatchingPlan, Wave, match
from sim.calibration.parameter_space import ParameterSpace, parameter_space
from sim.calibration.particles import sobol
from sim.calibration.targets import Targets, targets_of
from sim.evidence.facts import Evidence
from sim.study.fact_values import fact_values
from sim.world.arrays import Floats

_FIRST_OF_TRUTHS = 10_000_000
"""Number of the point of the first truth, so that it shares no random draws with a wave."""

Simulate = Callable[[Floats, int, int], Floats]
"""Facts (n, R, F) at points (n, d), from the number of the first point and of replications."""


@dataclass(frozen=True)
class Coverage:
    """By record and parameter (records, d): the rank of the truth in the posterior, as a part, and widths of 90 %."""

    ranks: Floats
    widths: Floats
    names: tuple[str, ...]

    @property
    def held(self) -> Floats:
        """Part of the records whose interval of 90 % holds the truth, by parameter (d,)."""
        return np.asarray(((self.ranks > 0.05) & (self.ranks < 0.95)).mean(axis=0))

    @property
    def uniform(self) -> float:
        """The p-value of Kolmogorov and Smirnov for ranks of all parameters being uniform."""
        return float(stats.kstest(self.ranks.ravel(), "uniform").pvalue)


def coverage(
    simulate: Simulate, targets: Targets, names: tuple[str, ...], records: int, plan: MatchingPlan
) -> Coverage:
    """Calibrate on so many simulated records; of `targets` only the errors are used."""
    first = sobol(plan.points, len(names), plan.seed)
    shared = Wave(first, simulate(first, 0, plan.replications))
    truths = np.random.default_rng([plan.seed, 77]).random((records, len(names)))
    histories = simulate(truths, _FIRST_OF_TRUTHS, 1)[:, 0]
    found = [
        _calibrated(simulate, targets, shared, truth, history, replace(plan, seed=plan.seed + number))
        for number, (truth, history) in enumerate(zip(truths, histories, strict=True))
    ]
    return Coverage(np.array([ranks for ranks, _ in found]), np.array([widths for _, widths in found]), names)


def _calibrated(
    simulate: Simulate, targets: Targets, shared: Wave, truth: Floats, history: Floats, plan: MatchingPlan
) -> tuple[Floats, Floats]:
    """Calibrate on one record: ranks of the truth in the posterior, and widths of it over those of the prior."""
    error = np.array([target.error for target in targets.targets])
    record = history + error * np.random.default_rng([plan.seed, 78]).standard_normal(len(error))
    there = np.flatnonzero(np.isfinite(record))
    own = Targets(tuple(replace(targets.targets[j], record=float(record[j])) for j in there))

    def known(points: Floats, number: int) -> Floats:
        return simulate(points, number, plan.replications)[..., there]

    stored = [Wave(shared.points, shared.values[..., there])]
    sample = match(own, len(truth), known, plan, stored).posterior()
    return (sample < truth).mean(axis=0), np.ptp(np.quantile(sample, [0.05, 0.95], axis=0), axis=0) / 0.9


def simulated_facts(
    scenario: sim.Scenario, evidence: Evidence, space: ParameterSpace, points: Floats, first: int, replications: int
) -> Floats:
    """The facts for calibration at points of the cube."""
    values = [space.values(scenario.name, point) for point in points]
    found = fact_values(scenario, evidence, values, replications, first=first, executor=2)
    return found.values[..., [fact.use == "calibrate" for fact in found.facts.values()]]


def main() -> None:
    """Calibrate on simulated records of a scenario and print how often the truth is held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario")
    parser.add_argument("--records", type=int, default=50)
    parser.add_argument("--waves", type=int, default=2)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--population", type=int, default=400)
    options = parser.parse_args()
    scenario = sim.load(options.scenario)
    worldly = {path: range_ for path, range_ in scenario.uncertainties.items() if not path.startswith("policies")}
    scenario = scenario.model_copy(update={"uncertainties": worldly})  # ranges in policies are slow to set
    evidence, space = record_of(sim.load(options.scenario)), parameter_space([scenario])
    targets = targets_of(evidence.compared, "calibrate")
    simulate = partial(simulated_facts, scenario, evidence, space)
    plan = MatchingPlan(options.waves, options.points, 2, options.population)
    found = coverage(simulate, targets, space.names, options.records, plan)
    for name, held, width in zip(found.names, found.held, found.widths.mean(axis=0), strict=True):
        print(f"{held:5.0%}  width {width:4.0%}  {name}")
    print(f"{found.held.mean():5.0%}  all; ranks uniform: p = {found.uniform:.2g}")


if __name__ == "__main__":
    main()
