"""Blocks of replications inside compiled code, on several threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np

from sim.engine.block import WINDOW, Block, close, empty_block
from sim.engine.compiled.calendar import Calendar, CalendarRef, empty_calendar
from sim.engine.compiled.desks import Desks, DesksRef, empty_desks
from sim.engine.compiled.simulate import replicate
from sim.engine.compiled.tape import Tape, TapeRef, empty_tape
from sim.engine.result import AFTER_ALL, empty_frame, record_times
from sim.model.kernel import growing_kernel
from sim.model.memory import Memory, packed, restore
from sim.model.shared import share
from sim.model.snapshot import Frame
from sim.model.state import State, empty_state
from sim.model.tally import clear_tally, empty_spells, empty_tally
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
    numbers = np.array(replications, dtype=np.int64)
    parts = [part for part in np.array_split(numbers, threads) if len(part)] or [numbers]

    def work(part: Ints) -> Block:
        return _simulate_part(world, seed, part, until, every, paths, window)

    if len(parts) == 1:
        return work(numbers)
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(work, parts))
    return Block(**{f.name: np.concatenate([getattr(each, f.name) for each in done]) for f in fields(Block)})


def _simulate_part(
    world: World, seed: int, replications: Ints, until: float, every: float, paths: bool, window: tuple[float, float]
) -> Block:
    times = record_times(until, every)
    tally, spells = empty_tally(world, times), empty_spells(world, len(times), np.array(window, dtype=float))
    state, memory = packed(empty_state(world, seed, 0))
    blank = Memory(memory.floats.copy(), memory.ints.copy(), memory.flags.copy(), memory.keys.copy())
    found = empty_block(world, len(replications), len(times) if paths else 0)
    _run_block(
        share(world), share(state), share(memory), share(blank), empty_calendar(), empty_desks(world),
        empty_tape(world, tally, spells, whole=False), empty_frame(world, 0), np.zeros((0, 0), np.int64), replications,
        until + AFTER_ALL, found.measures, found.paths, found.fired, found.events,
    )  # fmt: skip
    return found


@growing_kernel
def _run_block(
    world: World, state: State, memory: Memory, blank: Memory, calendar: Calendar, desks: Desks, tape: Tape,
    frame: Frame, queues: Ints, replications: Ints, end: float, measures: Floats, paths: Floats, fired: Floats,
    events: Floats,
) -> None:  # fmt: skip
    held, rooms, kept = CalendarRef(*calendar), DesksRef(*desks), TapeRef(*tape)
    for r in range(len(replications)):
        restore(memory, blank)
        state.key[1] = np.uint64(replications[r])
        kept.used[:] = 0
        clear_tally(kept.tally, kept.spells)
        replicate(world, state, held, rooms, kept, frame, queues, end)
        lines, cases = kept.used[0], kept.used[2]
        close(
            state, kept.tally, kept.spells, kept.codes[:lines], kept.values[:lines], kept.work[:cases], measures[r],
            paths[r], fired[r], events[r],
        )  # fmt: skip
