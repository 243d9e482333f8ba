"""Replications one after another inside compiled code: blocks of them on several threads, or a single whole one."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np

from sim.engine.block import WINDOW, Block, empty_block
from sim.engine.compiled.entrances import prepare, run_replications
from sim.engine.compiled.ledger import Ledger, empty_ledger, grown
from sim.engine.compiled.loop import batch_of
from sim.engine.result import AFTER_ALL, record_times
from sim.model.kernel import as_compiled
from sim.model.memory import copied, packed
from sim.model.shared import share
from sim.model.state import empty_state
from sim.model.tally import empty_spells, empty_tally
from sim.model.world import Floats, Ints, World


def simulate_block(
    world: World,
    seed: int,
    replications: Sequence[int],
    until: float,
    every: float,
    paths: bool = False,
    window: tuple[float, float] = WINDOW,
    threads: int = 1,
) -> Block:
    """Simulate replications in compiled code, without the interpreter's lock, on so many threads.

    Each replication gives the same bits whatever the others, their order and the number of threads.
    """
    numbers, times = np.array(replications, dtype=np.int64), record_times(until, every)
    parts = [part for part in np.array_split(numbers, threads) if len(part)] or [numbers]

    def work(part: Ints) -> Block:
        found = empty_block(world, len(part), len(times) if paths else 0)
        simulate_part(world, seed, part, until, times, window, found)
        return found

    if len(parts) == 1:
        return work(numbers)
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(work, parts))
    return Block(**{f.name: np.concatenate([getattr(each, f.name) for each in done]) for f in fields(Block)})


@as_compiled
def simulate_part(
    world: World, seed: int, replications: Ints, until: float, times: Floats, window: tuple[float, float] | None,
    found: Block,
) -> Ledger:  # fmt: skip
    """Simulate replications into the rows of a block. Without a window keep all of the last one, and fill no row."""
    prepare(world)
    spells = empty_spells(world, len(times) if window else 0, np.array(window or (0.0, 0.0), dtype=float))
    state, memory = packed(empty_state(world, seed, 0))
    blank = copied(memory)
    ledger = empty_ledger(world, state, empty_tally(world, times), spells, whole=window is None)
    w, s, here, clean, batch = (
        share(world), share(state), share(memory), share(blank), share(batch_of(found, replications))
    )  # fmt: skip
    while not run_replications(w, s, here, clean, share(ledger), batch, until + AFTER_ALL):
        ledger = grown(ledger, state)
    return ledger
