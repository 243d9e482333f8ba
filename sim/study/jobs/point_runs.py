"""Measures of several policies at many points of the parameters, all in the same replications."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.clock import days_from
from sim.engine import Engine, batch_simulator
from sim.model.outcomes.tally import EVERY
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.job import Job
from sim.study.jobs.measure_reader import MeasureReader, measure_reader
from sim.study.jobs.worker_pool import RunJobs, Workers, worker_pool
from sim.study.point_worlds import Point
from sim.study.store.point_files import PointFiles, point_folder
from sim.world.arrays import Floats
from sim.world.build import varied_world, world_of

_POINTS_PER_CHUNK = 64
_MOST_PER_JOB = 256


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
    values = np.full((len(points), len(policies), replications, len(measures)), np.nan)
    invalid: dict[int, str] = {}
    found = PointRuns(tuple(points), tuple(policies), tuple(measures), values, invalid, {})
    folder = None if store is None else point_folder(store, _about(scenario, found, replications, seed))
    files = PointFiles(folder, values, invalid)
    made = scenario_of or (lambda p: scenario.with_values(points[p]) if points[p] else scenario)
    jobs = _PointJobs(scenario, found, name, seed, measure_reader(scenario, measures), made, first_of)
    done, total = Progress(total=len(points) * len(policies) * replications), len(points)
    with worker_pool(executor, name) as run_jobs:
        for first in range(0, total, _POINTS_PER_CHUNK):
            chunk = range(first, min(first + _POINTS_PER_CHUNK, total))
            runs = len(chunk) * len(policies) * replications
            if files.restore(chunk):
                done = Progress(done.simulated, done.stored + runs, done.total)
            else:
                _simulate(found, run_jobs, jobs, chunk)
                files.keep(chunk, (p for p, _, _ in found.failed))
                done = Progress(done.simulated + runs, done.stored, done.total)
            if watch is not None:
                watch(done)
    return found


@dataclass(frozen=True)
class _PointJobs:
    """The jobs of points, each made when it is asked for; points that are none go to `invalid`."""

    scenario: Scenario
    runs: PointRuns
    engine: str
    seed: int
    reader: MeasureReader
    scenario_of: Callable[[int], Scenario]
    first_of: Callable[[int], int]

    def of(self, points: Sequence[int]) -> Iterator[Job]:
        """The jobs of some points."""
        scenario, until = self.scenario, days_from(self.scenario.start, self.scenario.end)
        built = {policy: world_of(scenario, policy) for policy in self.runs.policies}
        replications = self.runs.values.shape[2]
        for p in points:
            try:
                varied = self.scenario_of(p)
            except (ScenarioError, ValueError) as error:
                self.runs.invalid[p] = str(error)  # type: ignore[index]  # still being filled
                continue
            for k, policy in enumerate(self.runs.policies):
                world = varied_world(scenario, built[policy], varied, policy)
                for first in range(0, replications, _MOST_PER_JOB):
                    count, number = min(_MOST_PER_JOB, replications - first), self.first_of(p) + first
                    yield Job(
                        f"{p} {k}", world, self.engine, self.seed, number, count, until, EVERY, self.reader.records
                    )


def _simulate(found: PointRuns, run_jobs: RunJobs, jobs: _PointJobs, chunk: range) -> None:
    with closing(run_jobs(jobs.of(chunk))) as results:
        for result in results:
            p, k = map(int, result.policy.split())
            before = jobs.first_of(p)
            rows = slice(result.first - before, result.last - before)
            found.values[p, k, rows] = jobs.reader.values(result.measures, result.paths)
            for failure in result.failures:
                key = (p, found.policies[k], failure.replication - before)
                found.failed[key] = failure.error  # type: ignore[index]  # still being filled


def _about(scenario: Scenario, runs: PointRuns, replications: int, seed: int) -> dict[str, Any]:
    """What the values in a folder depend on, as JSON."""
    return {
        "scenario": scenario.model_dump(mode="json"),
        "points": [dict(point) for point in runs.points],
        "policies": list(runs.policies),
        "measures": list(runs.measures),
        "replications": replications,
        "seed": seed,
    }
