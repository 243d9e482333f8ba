"""The small model in our engines."""

from __future__ import annotations

from sim.engine.compiled import simulate_batch
from sim.engine.reference import simulate_batch as reference
from sim.engine.result import Batch
from sim.model.outcomes.measures import measure_names
from sim.world import codes as c
from sim.world.arrays import World
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, EVERY, STRATEGIES

_MEASURES = measure_names(("homeland", "harbour"), ())


def run_reference(world: World, seed: int, replication: int) -> Outcome:
    """One run of the reference engine, as an ensemble records it."""
    return _outcomes(reference(world, seed, [replication], DAYS, EVERY, paths=True))[0]


def run(world: World, seed: int, replication: int) -> Outcome:
    """One run of the compiled engine, as an ensemble records it."""
    return _outcomes(simulate_batch(world, seed, [replication], DAYS, EVERY, paths=True))[0]


def ensemble(world: World, seed: int, replications: int, workers: int) -> list[Outcome]:
    """Replications 0 up to `replications` of the compiled engine, in so many threads."""
    block = simulate_batch(world, seed, range(replications), DAYS, EVERY, paths=True, threads=workers)
    return _outcomes(block)


def _outcomes(block: Batch) -> list[Outcome]:
    """What each replication of a block comes to; the traders are its only focal segment."""
    last = [_MEASURES.index(f"survival:{name}") for name in STRATEGIES]
    counts = block.events[:, [c.E_DECISION, c.E_LAUNCHED, c.E_CLOSED]].astype(int).tolist()
    shares = block.paths / block.paths[:, :1].sum(axis=2, keepdims=True)
    strategies = block.measures[:, last].astype(int).tolist()
    return [Outcome(s, tuple(n), *k) for s, n, k in zip(shares, strategies, counts, strict=True)]
