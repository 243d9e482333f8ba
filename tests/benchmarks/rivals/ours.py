"""The small model in our engines."""

from __future__ import annotations

import numpy as np

from sim.engine.block import Block
from sim.engine.compiled import simulate_block
from sim.engine.reference import simulate as reference
from sim.engine.result import Result
from sim.model import codes as c
from sim.model.world import World
from sim.record.measures import measure_names
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, EVERY, STRATEGIES

_MEASURES = measure_names(("homeland", "harbour"))


def run_reference(world: World, seed: int, replication: int) -> Outcome:
    """One run of the reference engine."""
    return outcome_of(reference(world, seed, replication, DAYS, EVERY))


def run(world: World, seed: int, replication: int) -> Outcome:
    """One run of the compiled engine, as an ensemble records it."""
    return _outcomes(simulate_block(world, seed, [replication], DAYS, EVERY, paths=True))[0]


def ensemble(world: World, seed: int, replications: int, workers: int) -> list[Outcome]:
    """Replications 0 up to `replications` of the compiled engine, in so many threads."""
    block = simulate_block(world, seed, range(replications), DAYS, EVERY, paths=True, threads=workers)
    return _outcomes(block)


def _outcomes(block: Block) -> list[Outcome]:
    """What each replication of a block comes to; the traders are its only focal segment."""
    last = [_MEASURES.index(f"survival:{name}") for name in STRATEGIES]
    counts = block.events[:, [c.E_DECISION, c.E_LAUNCHED, c.E_CLOSED]].astype(int).tolist()
    shares = block.paths / block.paths[:, :1].sum(axis=2, keepdims=True)
    strategies = block.measures[:, last].astype(int).tolist()
    return [Outcome(s, tuple(n), *k) for s, n, k in zip(shares, strategies, counts, strict=True)]


def outcome_of(result: Result) -> Outcome:
    """What a run of our engines comes to."""
    frame, events = result.frame, result.codes[:, 0]
    shares = np.column_stack([frame.share[:, 0].sum(axis=1), frame.outside[:, 0]])
    last = [c.STRATEGIES[s] for s in frame.strategy[-1]]
    counts = [int(np.sum(events == event)) for event in (c.E_DECISION, c.E_LAUNCHED, c.E_CLOSED)]
    return Outcome(shares, tuple(last.count(name) for name in STRATEGIES), *counts)
