"""Single replications of many policies, for studies in which each replication has policies of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.clock import days_from
from sim.engine import Engine, batch_simulator
from sim.model.outcomes.tally import EVERY
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.schedule.expand import UNNAMED
from sim.study.jobs.job import Failure, Job
from sim.study.jobs.measure_reader import MeasureReader
from sim.study.jobs.worker_pool import Workers, worker_pool
from sim.study.statistics.parameter_draws import Draws
from sim.world.arrays import World
from sim.world.build import world_of

Key = tuple[int, ...]
"""Numbers that stand for a policy."""
Case = tuple[Key, int]
"""The key of a policy, and a replication."""
Row = NDArray[np.float64]
"""Measures of one replication, (M,)."""
_WORLDS_CACHED = 512


def individual_runs(
    scenario: Scenario,
    cases: Iterable[Case],
    policy_of: Callable[[Key, Scenario], Policy],
    seed: int,
    executor: Workers,
    engine: Engine,
    reader: MeasureReader,
    draws: Draws | None = None,
) -> tuple[dict[Case, Row], tuple[Failure, ...]]:
    """The measures (M,) of each case that are read, NaN where the replication failed; and the failures.

    `policy_of` makes the policy of a key in a scenario, which is that of the draw of a replication if parameters are
    drawn; it is called when the first such case is about to run.
    """
    name, _ = batch_simulator(engine)

    @lru_cache(maxsize=_WORLDS_CACHED)
    def world(key: Key, draw: int | None) -> World:
        own = scenario if draws is None or draw is None else draws.scenario_of(draw)
        policies = {UNNAMED: policy_of(key, own)}  # made from one of its own, so it needs no checks
        return world_of(own.model_copy(update={"policies": policies}), UNNAMED)[0]

    def jobs() -> Iterator[Job]:
        until, every = days_from(scenario.start, scenario.end), EVERY
        for key, replication in cases:
            draw = None if draws is None else replication % draws.count
            words = " ".join(map(str, key))
            yield Job(words, world(key, draw), name, seed, replication, 1, until, every, reader.records)

    measures: dict[Case, Row] = {}
    failures: list[Failure] = []
    with worker_pool(executor, name) as run_jobs:
        for result in run_jobs(jobs()):
            key = tuple(map(int, result.policy.split()))
            measures[key, result.first] = reader.values(result.measures, result.paths)[0]
            failures += result.failures
    return measures, tuple(failures)
