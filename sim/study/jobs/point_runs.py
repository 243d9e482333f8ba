"""Measures of several policies at many points of the parameters, all in the same replications."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim.clock import days_from
from sim.engine import Engine, batch_simulator
from sim.scenario.scenario import Scenario
from sim.study.jobs.collect import Watcher
from sim.study.jobs.measure_reader import measure_reader
from sim.study.jobs.point_jobs import PointJobs, fill_points
from sim.study.jobs.worker_pool import Workers
from sim.study.point_worlds import Point
from sim.study.store.point_files import point_folder
from sim.world.arrays import Floats, World
from sim.world.build import varied_world, world_of


@dataclass(frozen=True, eq=False, repr=False)
class PointRuns:
    """Measures at points of the parameters; `point_runs` makes it.

    `values` (points, policies, replications, measures) are NaN where a measure is not defined. `invalid`: points whose
    values are not valid together, `failed`: errors by point, policy and replication.
    """

    points: tuple[Point, ...]
    policies: tuple[str, ...]
    measures: tuple[str, ...]
    values: Floats
    invalid: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[tuple[int, str, int], str] = field(default_factory=dict)

    def of(self, measure: str, policy: str, against: str | None = None) -> Floats:
        """A measure under a policy, or its paired difference to another, (points, replications)."""
        values = self.values[..., self.measures.index(measure)]
        own = values[:, self.policies.index(policy)]
        return own if against is None else own - values[:, self.policies.index(against)]


def point_runs(
    scenario: Scenario,
    points: Sequence[Point],
    policies: Sequence[str],
    measures: Sequence[str],
    replications: int,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: Path | None = None,
    watch: Watcher | None = None,
    *,
    scenario_of: Callable[[int], Scenario] | None = None,
    first_of: Callable[[int], int] = lambda point: 0,
) -> PointRuns:
    """Simulate policies of a scenario at points of its parameters.

    Replication r has the same random numbers at every point and under every policy (common random numbers), so what
    differs between points comes from the parameters. Replications of a point begin with number `first_of(point)`, so
    that points which are to differ by luck too can have their own. `scenario_of` makes the scenario of a point, where
    there is a quicker way than `Scenario.with_values`. With a `store`, a folder, finished points are kept there and not
    simulated again. Points whose values are not valid together, and replications that fail, are NaN.
    """
    name, _ = batch_simulator(engine)
    about = {
        "scenario": scenario.model_dump(mode="json"),
        "points": [dict(point) for point in points],
        "policies": list(policies),
        "measures": list(measures),
        "replications": replications,
        "seed": seed,
    }
    folder = None if store is None else point_folder(store, about)
    reader = measure_reader(scenario, measures)
    made = scenario_of or (lambda p: scenario.with_values(points[p]) if points[p] else scenario)
    built = {policy: world_of(scenario, policy) for policy in policies}

    def worlds(p: int) -> Iterator[World]:
        varied = made(p)
        return (varied_world(scenario, built[policy], varied, policy) for policy in policies)

    jobs = PointJobs(
        name, seed, days_from(scenario.start, scenario.end), worlds, first_of,
        lambda result: reader.values(result.measures, result.paths), reader.records,
    )  # fmt: skip
    values = np.full((len(points), len(policies), replications, len(measures)), np.nan)
    invalid, failed = fill_points(jobs, values, executor, folder, watch)
    errors = {(p, policies[k], r): error for (p, k, r), error in failed.items()}
    return PointRuns(tuple(points), tuple(policies), tuple(measures), values, invalid, errors)
