"""Single replications of many policies, each built when its turn comes: where every replication has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.clock import days_from
from sim.study.jobs.job import Failure, Work
from sim.study.jobs.pool import Workers, crew

if TYPE_CHECKING:
    from sim.engine import Engine
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.world.arrays import World

Key = tuple[int, ...]
Row = NDArray[np.float64]
_KEPT = 512  # worlds held at a time


def singles(
    scenario: Scenario,
    cases: Iterable[tuple[Key, int]],
    policy_of: Callable[[Key], Policy],
    seed: int,
    executor: Workers,
    engine: Engine,
) -> tuple[dict[tuple[Key, int], Row], tuple[Failure, ...]]:
    """All measures, (M,), by (key of a policy, replication), NaN where a replication failed; and those failures."""
    from sim.engine import batch_simulator

    name, _ = batch_simulator(engine)

    @lru_cache(maxsize=_KEPT)
    def world(key: Key) -> World:
        return _world(scenario, policy_of(key))

    def pieces() -> Iterator[Work]:
        until, every = days_from(scenario.start, scenario.end), scenario.record.every
        for key, replication in cases:
            yield Work(_text(key), world(key), name, seed, replication, 1, until, every, ())

    found: dict[tuple[Key, int], Row] = {}
    failed: list[Failure] = []
    with crew(executor, name) as do:
        for part in do(pieces()):
            found[_key(part.policy), part.first] = part.measures[0]
            failed += part.failures
    return found, tuple(failed)


def _world(scenario: Scenario, policy: Policy) -> World:
    """The arrays of a scenario under a policy made of one of its own, which needs no checks of its own."""
    from sim.schedule.expand import GIVEN
    from sim.world.build import world_of

    return world_of(scenario.model_copy(update={"policies": {GIVEN: policy}}), GIVEN)[0]


def _text(key: Key) -> str:
    return " ".join(map(str, key))


def _key(text: str) -> Key:
    return tuple(map(int, text.split()))
