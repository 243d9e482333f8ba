"""What a scenario says to the facts of its record, at many points of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import days_from
from sim.plurals import counted
from sim.scenario.errors import ScenarioError
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.job import Job
from sim.study.jobs.worker_pool import Workers, worker_pool
from sim.study.point_worlds import Point, PointWorlds
from sim.study.study import BASELINE
from sim.suggest import check_known

if TYPE_CHECKING:
    from sim.engine import Engine
    from sim.evidence.evidence_file import Fact
    from sim.evidence.facts import Evidence
    from sim.evidence.statistics import Statistic
    from sim.scenario.scenario import Scenario
    from sim.world.arrays import Floats

REPLICATIONS_OF_A_POINT = 1_000_000
"""Replication r of point p is the scenario's replication p times this, plus r: points share no random draws."""
_MOST_PER_JOB = 256


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

    A point whose values are not valid together, and a replication that fails, are NaN; see `FactValues`. Raises
    ValueError for counts below one, an unknown policy, and interventions that it has not.
    """
    from sim.engine import batch_simulator

    if seed < 0 or first < 0 or not 1 <= replications <= REPLICATIONS_OF_A_POINT:
        raise ValueError(
            f"seed and first are whole numbers from 0 on, replications one from 1 to {REPLICATIONS_OF_A_POINT:,}"
        )
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    name, _ = batch_simulator(engine)
    rows = tuple(points) if points is not None else ({},)
    values = np.full((len(rows), replications, len(evidence.statistics)), np.nan)
    invalid: dict[int, str] = {}
    failed: dict[tuple[int, int], str] = {}
    worlds = PointWorlds(scenario, policy, tuple(without))
    jobs = _jobs(worlds, evidence, rows, replications, seed, name, first, invalid)
    done, facts = 0, values.shape[2]
    with worker_pool(executor, name) as run_jobs, closing(run_jobs(jobs)) as results:
        for result in results:
            p = int(result.policy)
            r = result.first - _number(first + p, 0)
            values[p, r : r + len(result.measures)] = result.measures[:, result.measures.shape[1] - facts :]
            failed |= {(p, each.replication - _number(first + p, 0)): each.error for each in result.failures}
            done += len(result.measures)
            if watch is not None:
                watch(Progress(done, 0, (len(rows) - len(invalid)) * replications))
    return FactValues(rows, evidence.compared, evidence.statistics, values, invalid, failed)


def _number(point: int, replication: int) -> int:
    return point * REPLICATIONS_OF_A_POINT + replication


def _jobs(
    worlds: PointWorlds, evidence: Evidence, points: Sequence[Point], replications: int, seed: int, engine: str,
    first: int, invalid: dict[int, str],
) -> Iterator[Job]:  # fmt: skip
    """The jobs of each point, made when they are asked for; points that are none go to `invalid`."""
    from sim.engine.result import record_times
    from sim.evidence.block import reader_of
    from sim.model.outcomes.tally import EVERY

    scenario = worlds.scenario
    until = days_from(scenario.start, scenario.end)
    reader = reader_of(scenario, evidence, *worlds.built, record_times(until, EVERY))
    for p, point in enumerate(points):
        try:
            world = worlds.world(point)
        except (ScenarioError, ValueError) as error:
            invalid[p] = str(error)
            continue
        for r in range(0, replications, _MOST_PER_JOB):
            count = min(_MOST_PER_JOB, replications - r)
            yield Job(
                str(p), world, engine, seed, _number(first + p, r), count, until, EVERY, (), reader=reader
            )  # fmt: skip
