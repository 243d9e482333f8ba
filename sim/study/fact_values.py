"""What a scenario says to the facts of its record, at many points of its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np

from sim.clock import days_from
from sim.engine import Engine, batch_simulator
from sim.engine.result import record_times
from sim.evidence.evidence_file import Fact
from sim.evidence.evidence_json import as_json
from sim.evidence.fact_reader import reader_of
from sim.evidence.facts import Evidence
from sim.evidence.statistics import Statistic
from sim.model.outcomes.tally import EVERY
from sim.plurals import counted
from sim.scenario.scenario import Scenario
from sim.study.jobs.collect import Watcher
from sim.study.jobs.point_jobs import PointJobs, fill_points
from sim.study.jobs.worker_pool import Workers
from sim.study.point_worlds import Point, PointWorlds
from sim.study.store.point_files import point_folder
from sim.study.study import BASELINE
from sim.suggest import check_known
from sim.world.arrays import Floats

REPLICATIONS_OF_A_POINT = 1_000_000
"""Replication r of point p is the scenario's replication p times this, plus r: points share no random draws."""


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
    if seed < 0 or first < 0 or not 1 <= replications <= REPLICATIONS_OF_A_POINT:
        raise ValueError(
            f"seed and first are whole numbers from 0 on, replications one from 1 to {REPLICATIONS_OF_A_POINT:,}"
        )
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    name, _ = batch_simulator(engine)
    rows = tuple(points) if points is not None else ({},)
    about = {
        "scenario": scenario.model_dump(mode="json"),
        "evidence": as_json(evidence),
        "policy": policy,
        "without": list(without),
        "points": [dict(point) for point in rows],
        "replications": replications,
        "seed": seed,
        "first": first,
    }
    folder = None if store is None else point_folder(Path(store), about)
    worlds, until = PointWorlds(scenario, policy, tuple(without)), days_from(scenario.start, scenario.end)
    jobs = PointJobs(
        name, seed, until,
        worlds=lambda p: (worlds.world(rows[p]),),
        first_of=lambda p: (first + p) * REPLICATIONS_OF_A_POINT,
        read=lambda result: result.measures[:, result.measures.shape[1] - len(evidence.statistics) :],
        reader=reader_of(scenario, evidence, *worlds.built, record_times(until, EVERY)),
    )  # fmt: skip
    values = np.full((len(rows), 1, replications, len(evidence.statistics)), np.nan)
    invalid, failed = fill_points(jobs, values, executor, folder, watch)
    errors = {(p, r): error for (p, _, r), error in failed.items()}
    return FactValues(rows, evidence.compared, evidence.statistics, values[:, 0], invalid, errors)
