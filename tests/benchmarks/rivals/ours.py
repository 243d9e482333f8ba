"""The small model in our engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.model.world import World
from tests.benchmarks.rivals.outcome import Outcome, outcome_of
from tests.benchmarks.rivals.world import DAYS, EVERY


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
