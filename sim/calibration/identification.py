"""What a record identifies: which facts narrow which parameters, and how far measures narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame, Index

from sim.calibration.parameter_space import ParameterSpace
from sim.calibration.particles import sobol
from sim.scenario.scenario import Scenario
from sim.study.compare import compare
from sim.study.jobs.worker_pool import Workers
from sim.study.statistics.parameter_draws import means_by_draw
from sim.study.statistics.posterior import Posterior, scenario_hash
from sim.study.study import BASELINE
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from sim.calibration.calibrate import Calibration

_POINTS = 4096
"""Points of the prior on which each fact is weighed by itself."""
_ENDS = (0.05, 0.5, 0.95)


def narrowing(calibration: Calibration) -> DataFrame:
    """See `Calibration.narrowing`."""
    matching, space = calibration.matching, calibration.space
    points = sobol(_POINTS, len(space), matching.plan.seed)
    spread = points.std(axis=0)
    weights = np.exp(matching.log_likelihoods(points))
    rows = [1.0 - _weighted_spread(points, weight) / spread for weight in weights.T]
    return DataFrame(rows, index=list(matching.targets.names), columns=list(space.names)).rename_axis("fact")


def identified_measures(
    calibration: Calibration, scenario: Scenario, measures: Sequence[str], replications: int, executor: Workers
) -> DataFrame:
    """Measures of the baseline over the prior and over the posterior, from real runs.

    One row per measure: prior_low, prior_median, prior_high, the same of the posterior (ends of 90 %), `width`, the
    posterior over the prior, and `exact`, what at least would be left of the spread over the prior if the record had no
    error at all. Each world counts with the mean over `replications` runs.
    """
    matching, space, posterior = calibration.matching, calibration.space, calibration.posteriors[scenario.name]

    def values(worlds: Posterior) -> Floats:
        return measured(scenario, worlds, measures, replications, matching.plan.seed, executor)

    prior = worlds_at(space, scenario, sobol(len(posterior.rows), len(space), matching.plan.seed))
    table = DataFrame(index=Index(measures, name="measure"))
    for name, worlds in {"prior": prior, "posterior": posterior}.items():
        table[[f"{name}_{end}" for end in ("low", "median", "high")]] = np.nanquantile(values(worlds), _ENDS, axis=0).T
    first = matching.waves[0]
    exact = _spread_left(matching.targets.scaled(first.values), values(worlds_at(space, scenario, first.points)))
    width = (table["posterior_high"] - table["posterior_low"]) / (table["prior_high"] - table["prior_low"])
    return table.assign(width=width, exact=exact)


def worlds_at(space: ParameterSpace, scenario: Scenario, points: Floats) -> Posterior:
    """The worlds of a scenario at points (n, d) of the unit cube."""
    return Posterior(scenario_hash(scenario), tuple(space.values(scenario.name, point) for point in points), {})


def measured(
    scenario: Scenario, worlds: Posterior, measures: Sequence[str], replications: int, seed: int, executor: Workers
) -> Floats:
    """Measures of the baseline in each world, means over its replications (worlds, measures)."""
    study = compare(
        scenario, [BASELINE], replications * len(worlds.rows), seed=seed, executor=executor, paths=False, draws=worlds
    )
    return np.column_stack([means_by_draw(study.values(measure), study.draws) for measure in measures])


def _spread_left(distances: Floats, values: Floats) -> list[float]:
    """Of each measure (n, M), the standard deviation about what facts (n, R, F) predict, over that of all.

    Facts predict it by a ridge regression on them and their squares, fitted without the points that are predicted.
    """
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    facts = distances.mean(axis=1)
    features = np.concatenate([facts, facts**2], axis=1)
    left = []
    for value in values.T:
        there = ~np.isnan(value)
        model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-1, 4, 16)))
        predicted = cross_val_predict(model, features[there], value[there], cv=10)
        left.append(float(np.std(value[there] - predicted) / np.std(value[there])))
    return left


def _weighted_spread(points: Floats, weight: Floats) -> Floats:
    part = weight / weight.sum()
    middle = part @ points
    return np.asarray(np.sqrt(part @ (points - middle) ** 2))
