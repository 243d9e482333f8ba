"""Profile likelihoods: how well the record can be met with a parameter, or a measure, held at each of its values.

At each value the other parameters are those that meet the record best. The deviance, twice the logarithm of the
likelihood lost against the best of all, is about chi-squared with one degree of freedom where the value is true, so
values up to 2.71 make a 90 % interval (Royston 2007, "Profile likelihood for estimation and confidence intervals",
Stata Journal 7(3); Raue et al. 2009, Bioinformatics 25(15): a flat profile is a parameter that is not identified).

Of a parameter, emulators stand for the simulator, with all errors. Of a measure, a function of all parameters, they
only propose worlds, some for each value, and the simulator is run there: what these runs give for the measure and for
the deviance is the profile. A deviance may so be larger than need be, where another world with the same value would
meet the record better. But two worlds that meet it are the proof that it does not tell their values apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.calibration.emulator import Emulator, emulator_of
from sim.calibration.history_matching import Matching
from sim.calibration.identification import measured, worlds_at
from sim.calibration.parameter_space import ParameterSpace
from sim.calibration.real_runs import chance_among, record_log_likelihood
from sim.scenario.ranges import rounded
from sim.scenario.scenario import Scenario
from sim.study.jobs.measure_reader import measure_names
from sim.study.jobs.worker_pool import Workers
from sim.suggest import check_known
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from sim.calibration.calibrate import Calibration

_STEP = 1e-4
_ITERATIONS = 40
_HELD_TO = 0.01
"""How near, as a part of the interval of the prior, a proposed world comes to the value at which a measure is held."""
_TRIED, _TRIALS = 3, 10
"""Worlds that are proposed for each value, and runs of each by which one of them is chosen."""
_ENDS = (0.05, 0.95)
_FIRST = 80_000_000
"""Number of the first point, so that real runs share no random draws with others."""
_SHOWN = 3
"""Significant digits of a measure; a mean of a hundred runs tells no more."""

Objective = Callable[["Floats"], "Floats"]
"""What is to be small (n,) at points (n, d)."""


def profiles(
    calibration: Calibration, names: Sequence[str], points: int, replications: int, executor: Workers
) -> DataFrame:
    """The profiles of parameters and of measures, one row per name and value: see `Calibration.profiles`."""
    from threadpoolctl import threadpool_limits

    scenario = next(iter(calibration.scenarios.values()))
    check_profiled(calibration.space, scenario, names)
    rows: list[dict[str, object]] = []
    with threadpool_limits(limits=1, user_api="blas"):  # threads cost more than such small matrices take
        for name in names:
            if name in calibration.space.names:
                rows += _rows_of_parameter(calibration, name, points)
            else:
                rows += _rows_of_measure(calibration, scenario, name, points, replications, executor)
    return DataFrame(rows)


def check_profiled(space: ParameterSpace, scenario: Scenario, names: Sequence[str]) -> None:
    """Raise ValueError for what is neither a parameter nor a measure of a scenario."""
    known = [*space.names, *measure_names(scenario)]
    for name in names:
        check_known(name, known, "parameter or measure")


def profile(matching: Matching, coordinate: int, parts: Floats, best: Floats) -> tuple[Floats, Floats]:
    """The deviance (n,) with one coordinate held at each of `parts` (n,), which are in order, and the points (n, d).

    `best` (d,) is the point from which the search begins, such as that of a posterior's sample which meets the record
    best. Each next value begins where the one before it, nearer to that point, has ended.
    """
    found, deviance = np.empty((len(parts), len(best))), np.empty(len(parts))
    lost = _misfit(matching)
    middle = int(np.abs(parts - best[coordinate]).argmin())
    for order in (range(middle, len(parts)), range(middle - 1, -1, -1)):
        point = best
        for i in order:
            point = point.copy()
            point[coordinate] = parts[i]
            point, deviance[i] = _minimised(lost, point, held=coordinate)
            found[i] = point
    _, whole = _minimised(lost, best)
    return deviance - min(whole, float(deviance.min())), found


def proposed_worlds(matching: Matching, measure: Emulator, values: Floats, sample: Floats) -> Floats:
    """Points (n, tried, d) that meet the record best, by emulators, with a measure at each of `values` (n,).

    `sample` (m, d) follows the posterior; searches begin at the points of it that are the best ones for a value.
    """
    lost, near = _misfit(matching), _HELD_TO * float(np.ptp(values))
    there, measures = lost(sample), measure.predict(sample)[0]

    def proposed(value: float) -> list[Floats]:
        def objective(points: Floats) -> Floats:
            return np.asarray(lost(points) + ((measure.predict(points)[0] - value) / near) ** 2)

        starts = sample[np.argsort(there + ((measures - value) / near) ** 2, kind="stable")[:_TRIED]]
        return [_minimised(objective, start)[0] for start in starts]

    return np.array([proposed(float(value)) for value in values])


def _rows_of_parameter(calibration: Calibration, name: str, points: int) -> list[dict[str, object]]:
    at = calibration.space.names.index(name)
    parts = np.linspace(0.0, 1.0, points)
    deviance, worlds = profile(calibration.matching, at, parts, _best(calibration))
    values = [str(calibration.space.parameters[at].value(float(part))) for part in parts]
    return _rows(calibration, name, parts, values, deviance, worlds)


def _rows_of_measure(
    calibration: Calibration, scenario: Scenario, name: str, points: int, replications: int, executor: Workers
) -> list[dict[str, object]]:
    """Of the best of the worlds that emulators propose for each value, and of the best of all: what real runs say."""
    matching, space = calibration.matching, calibration.space
    waves = matching.waves

    def real(points: Floats, runs: int) -> Floats:
        worlds = worlds_at(space, scenario, points)
        return measured(scenario, worlds, [name], runs, matching.plan.seed, executor)[:, 0]

    simulated = np.concatenate([wave.points for wave in waves])
    values = real(simulated, 1)
    low, high = np.nanquantile(values[: len(waves[0].points)], _ENDS)
    there = np.isfinite(values)
    if not high > low:
        raise ValueError(f"{name} of {scenario.name} is the same all over the prior, so nothing can narrow it")
    emulator = emulator_of(simulated[there], values[there])
    proposals = proposed_worlds(matching, emulator, np.linspace(low, high, points), calibration.sample)
    tried = _real_misfit(calibration, proposals.reshape(-1, len(space)), _TRIALS, executor).reshape(len(proposals), -1)
    best, _ = _minimised(_misfit(matching), _best(calibration))
    worlds = np.concatenate([proposals[np.arange(len(proposals)), tried.argmin(axis=1)], best[np.newaxis]])
    means = real(worlds, replications)
    deviance = _real_misfit(calibration, worlds, replications, executor)
    order = np.argsort(means, kind="stable")
    parts = (means - low) / (high - low)
    told = [str(rounded(float(value), _SHOWN)) for value in means[order]]
    return _rows(calibration, name, parts[order], told, (deviance - deviance.min())[order], worlds[order])


def _rows(
    calibration: Calibration, name: str, parts: Floats, values: Sequence[str], deviance: Floats, worlds: Floats
) -> list[dict[str, object]]:
    return [
        {"of": name, "part": part, "value": value, "deviance": lost}
        | {each.name: each.value(float(at)) for each, at in zip(calibration.space.parameters, world, strict=True)}
        for part, value, lost, world in zip(parts.tolist(), values, deviance.tolist(), worlds, strict=True)
    ]


def _best(calibration: Calibration) -> Floats:
    """The point of the posterior's sample that meets the record best."""
    return np.asarray(calibration.sample[int(calibration.matching.log_likelihood(calibration.sample).argmax())])


def _misfit(matching: Matching) -> Objective:
    """Twice the negative logarithm of the likelihood."""
    return lambda points: np.asarray(-2.0 * matching.log_likelihood(points))


def _real_misfit(calibration: Calibration, worlds: Floats, replications: int, executor: Workers) -> Floats:
    """Twice the negative logarithm of the likelihood (n,), by real runs of worlds (n, d)."""
    targets = calibration.matching.targets
    distances = targets.scaled(calibration.simulated(worlds, _FIRST, replications, executor))
    return np.asarray(-2.0 * record_log_likelihood(distances, chance_among(distances), targets))


def _minimised(objective: Objective, start: Floats, held: int | None = None) -> tuple[Floats, float]:
    """The point at which an objective is least, one coordinate `held` or none, from a start, and its value."""
    from scipy.optimize import minimize

    at = np.array([d for d in range(len(start)) if d != held])

    def with_gradient(values: Floats) -> tuple[float, Floats]:
        steps = np.where(values < 0.5, _STEP, -_STEP)  # inwards
        points = np.tile(start, (len(at) + 1, 1))
        points[:, at] = values
        points[np.arange(len(at)) + 1, at] += steps
        found = objective(points)
        return float(found[0]), (found[1:] - found[0]) / steps

    found = minimize(
        with_gradient, start[at], jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(at),
        options={"maxiter": _ITERATIONS},
    )  # fmt: skip
    point = start.copy()
    point[at] = found.x
    return point, float(found.fun)
