"""What a record identifies: which facts narrow which parameters, and how far measures narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.particles import sobol
from sim.study.compare import compare
from sim.study.statistics.parameter_draws import means_by_draw
from sim.study.statistics.posterior import Posterior, scenario_hash
from sim.study.study import BASELINE

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.calibration.calibrate import Calibration
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.worker_pool import Workers
    from sim.world.arrays import Floats

_POINTS = 4096
"""Points of the prior on which each fact is weighed by itself."""
_ENDS = (0.05, 0.5, 0.95)


def narrowing(calibration: Calibration) -> DataFrame:
    """By how much each fact alone narrows each parameter: rows are facts, columns parameters.

    One less the standard deviation given that fact alone, over that of the prior; 0 where it says nothing.
    """
    from pandas import DataFrame

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

    One row per measure: prior_low, prior_median, prior_high, the same of the posterior (ends of 90 %), and `width`, the
    posterior over the prior. Each world counts with the mean over `replications` runs.
    """
    from pandas import DataFrame

    posterior = calibration.posteriors[scenario.name]
    points = sobol(len(posterior.rows), len(calibration.space), calibration.matching.plan.seed)
    rows = tuple(calibration.space.values(scenario.name, point) for point in points)
    prior = Posterior(scenario_hash(scenario), rows, {})
    ends = {}
    for name, worlds in {"prior": prior, "posterior": posterior}.items():
        study = compare(
            scenario, [BASELINE], replications * len(worlds.rows), seed=calibration.matching.plan.seed,
            executor=executor, paths=False, draws=worlds,
        )  # fmt: skip
        ends[name] = {m: np.nanquantile(means_by_draw(study.values(m), study.draws), _ENDS) for m in measures}
    return DataFrame.from_dict(
        {
            measure: {
                f"{name}_{column}": float(value)
                for name, found in ends.items()
                for column, value in zip(("low", "median", "high"), found[measure], strict=True)
            }
            | {"width": float(np.ptp(ends["posterior"][measure]) / np.ptp(ends["prior"][measure]))}
            for measure in measures
        },
        orient="index",
    ).rename_axis("measure")


def _weighted_spread(points: Floats, weight: Floats) -> Floats:
    part = weight / weight.sum()
    middle = part @ points
    return np.asarray(np.sqrt(part @ (points - middle) ** 2))
