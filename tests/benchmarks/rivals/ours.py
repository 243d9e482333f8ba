"""The small model in our engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.engine.result import Result
from sim.model import codes as c
from sim.model.world import World
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, EVERY, STRATEGIES


def run_reference(world: World, seed: int, replication: int) -> Outcome:
    """One run of the reference engine."""
    return outcome_of(reference(world, seed, replication, DAYS, EVERY))


def run(world: World, seed: int, replication: int) -> Outcome:
    """One run of the compiled engine."""
    return outcome_of(compiled(world, seed, replication, DAYS, EVERY))


def ensemble(world: World, seed: int, replications: int, workers: int) -> list[Outcome]:
    """Replications 0 up to `replications` of the compiled engine, in so many threads."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda replication: run(world, seed, replication), range(replications)))


def outcome_of(result: Result) -> Outcome:
    """What a run of our engines comes to."""
    frame, events = result.frame, result.codes[:, 0]
    shares = np.column_stack([frame.share[:, 0].sum(axis=1), frame.outside[:, 0]])
    last = [c.STRATEGIES[s] for s in frame.strategy[-1]]
    counts = [int(np.sum(events == event)) for event in (c.E_DECISION, c.E_LAUNCHED, c.E_CLOSED)]
    return Outcome(shares, tuple(last.count(name) for name in STRATEGIES), *counts)
