"""What a scenario says to the facts of its record, at many points of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from sim.clock import days_from
from sim.engine import Engine, batch_simulator
from sim.engine.result import record_times
from sim.evidence.evidence_file import Fact
from sim.evidence.evidence_json import as_json
from sim.evidence.fact_reader import FactReader, reader_of
from sim.evidence.facts import Evidence
from sim.evidence.statistics import Statistic
from sim.model.outcomes.tally import EVERY
from sim.plurals import counted
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.job import Job, JobResult
from sim.study.jobs.worker_pool import RunJobs, Workers, worker_pool
from sim.study.point_worlds import Point, PointWorlds
from sim.study.store.point_files import PointFiles, point_folder
from sim.study.study import BASELINE
from sim.suggest import check_known
from sim.world.arrays import Floats

REPLICATIONS_OF_A_POINT = 1_000_000
"""Replication r of point p is the scenario's replication p times this, plus r: points share no random draws."""
_MOST_PER_JOB = 256
_POINTS_PER_FILE = 64


@dataclass(frozen=True, eq=False, repr=False)
class FactValues:
    """What replications at points of the parameters say to facts; `fact_values` makes it.

    `facts` are those that a run can be compared with, by id, in the order of the last axis of `values` (points,
    replications, facts), and `statistics` how they are read. A value is NaN where it is undefined; `why_undefined` says
    why. `invalid`: points whose values are not valid together, `failed`: errors by point and replication.
    """

    points: tuple[Point, ...]
    facts: Mapping[str, Fact]
    statistics: Mapping[str, Statistic]
    values: Floats
    invalid: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def of(self, fact: str) -> Floats:
        """The values of one fact, (points, replications). Raises ValueError for an unknown one."""
        check_known(fact, self.facts, "fact")
        return self.values[..., list(self.facts).index(fact)]

    def why_undefined(self, fact: str, point: int, replication: int) -> str:
        """What it may come from that a fact is NaN in a replication of a point."""
        check_known(fact, self.facts, "fact")
        if point in self.invalid:
            return self.invalid[point]
        if (point, replication) in self.failed:
            return self.failed[point, replication]
        return f"{self.statistics[fact].undefined}, or the run ends before the days of the fact"

    def __repr__(self) -> str:
        points, replications, facts = self.values.shape
        return (
            f"{counted(facts, 'fact')} in {counted(replications, 'replication')} at each of {counted(points, 'point')}"
        )


def fact_values(
    scenario: Scenario,
    evidence: Evidence,
    points: Sequence[Point] | None = None,
    replications: int = 1,
    seed: int = 0,
    policy: str = BASELINE,
    executor: Workers = None,
    engine: Engine = "auto",
    watch: Watcher | None = None,
    first: int = 0,
    without: Sequence[str] = (),
    store: str | PathLike[str] | None = None,
) -> FactValues:
    """Simulate what a scenario says to the facts of its record.

    Parameters
    ----------
    scenario, evidence, policy
        What is simulated, and the facts that are read off it.
    points
        Values by path at each point; None: the file's own alone.
    replications
        Of each point.
    executor, engine, watch
        As in `sim.compare`.
    first
        Number of the first point. Point and replication are the address of the random draws: a point has the same
        values whatever others are simulated with it.
    without
        Interventions and rules that are taken out of the policy.
    store
        A folder that gets the points as they are done; what was interrupted goes on from there.

    A point whose values are not valid together, and a replication that fails, are NaN; see `FactValues`. Raises
    ValueError for counts below one, an unknown policy, interventions that it has not, and a folder of other points.
    """
    _check_numbers(seed, first, replications)
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    name, _ = batch_simulator(engine)
    rows = tuple(points) if points is not None else ({},)
    values = np.full((len(rows), replications, len(evidence.statistics)), np.nan)
    invalid: dict[int, str] = {}
    found = FactValues(rows, evidence.compared, evidence.statistics, values, invalid, {})
    jobs = _FactJobs(PointWorlds(scenario, policy, tuple(without)), evidence, found, name, seed, first)
    files = PointFiles(None if store is None else point_folder(Path(store), jobs.about), values, invalid)
    with worker_pool(executor, name) as run_jobs:
        _fill(jobs, files, _chunks(len(rows), store is not None), run_jobs, watch)
    return found


def _chunks(points: int, kept: bool) -> list[range]:
    """The points of each file; all at once where none is kept."""
    size = _POINTS_PER_FILE if kept else max(points, 1)
    return [range(start, min(start + size, points)) for start in range(0, points, size)]


def _fill(
    jobs: _FactJobs, files: PointFiles, chunks: Sequence[range], run_jobs: RunJobs, watch: Watcher | None
) -> None:
    """Restore the points that are kept, and simulate and keep the others."""
    found, simulated, stored = jobs.found, 0, 0
    points, replications, _ = found.values.shape

    def tell() -> None:
        if watch is not None:
            watch(Progress(simulated, stored, (points - len(found.invalid)) * replications))

    for chunk in chunks:
        if files.restore(chunk):
            stored += sum(p not in found.invalid for p in chunk) * replications
            tell()
            continue
        with closing(run_jobs(jobs.of(chunk))) as results:
            for result in results:
                jobs.take(result)
                simulated += len(result.measures)
                tell()
        files.keep(chunk, (p for p, _ in found.failed))


def _check_numbers(seed: int, first: int, replications: int) -> None:
    if seed < 0 or first < 0 or not 1 <= replications <= REPLICATIONS_OF_A_POINT:
        raise ValueError(
            f"seed and first are whole numbers from 0 on, replications one from 1 to {REPLICATIONS_OF_A_POINT:,}"
        )


def _number(point: int, replication: int) -> int:
    return point * REPLICATIONS_OF_A_POINT + replication


@dataclass(frozen=True)
class _FactJobs:
    """The jobs of points, each made when it is asked for, and what becomes of their results."""

    worlds: PointWorlds
    evidence: Evidence
    found: FactValues
    engine: str
    seed: int
    first: int

    def of(self, chunk: range) -> Iterator[Job]:
        """The jobs of some points; points that are none become `invalid`."""
        replications = self.found.values.shape[1]
        for p in chunk:
            try:
                world = self.worlds.world(self.found.points[p])
            except (ScenarioError, ValueError) as error:
                self.found.invalid[p] = str(error)  # type: ignore[index]  # still being filled
                continue
            for r in range(0, replications, _MOST_PER_JOB):
                count, number = min(_MOST_PER_JOB, replications - r), _number(self.first + p, r)
                yield Job(
                    str(p), world, self.engine, self.seed, number, count, self._until, EVERY, (), reader=self._reader
                )

    def take(self, result: JobResult) -> None:
        """Put the facts of a finished job into their places."""
        p = int(result.policy)
        begin, facts = _number(self.first + p, 0), self.found.values.shape[2]
        r = result.first - begin
        rows = result.measures[:, result.measures.shape[1] - facts :]
        self.found.values[p, r : r + len(rows)] = rows
        for failure in result.failures:
            self.found.failed[p, failure.replication - begin] = failure.error  # type: ignore[index]  # still being filled

    @property
    def about(self) -> dict[str, Any]:
        """What the values in a folder depend on, as JSON."""
        return {
            "scenario": self.worlds.scenario.model_dump(mode="json"),
            "evidence": as_json(self.evidence),
            "policy": self.worlds.policy,
            "without": list(self.worlds.without),
            "points": [dict(point) for point in self.found.points],
            "replications": self.found.values.shape[1],
            "seed": self.seed,
            "first": self.first,
        }

    @cached_property
    def _until(self) -> float:
        return days_from(self.worlds.scenario.start, self.worlds.scenario.end)

    @cached_property
    def _reader(self) -> FactReader:
        return reader_of(self.worlds.scenario, self.evidence, *self.worlds.built, record_times(self._until, EVERY))
