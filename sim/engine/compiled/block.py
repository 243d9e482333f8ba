"""Blocks of replications inside compiled code: summary measures, the path of the modes, and when rules fired."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.engine.compiled.calendar import Calendar, CalendarRef, empty_calendar
from sim.engine.compiled.desks import Desks, DesksRef, empty_desks
from sim.engine.compiled.simulate import replicate
from sim.engine.compiled.tape import Tape, TapeRef, empty_tape
from sim.engine.result import AFTER_ALL, empty_frame, record_times
from sim.model import codes as c
from sim.model.kernel import growing_kernel
from sim.model.memory import Memory, packed, restore
from sim.model.outcomes import measure, measures_of, queue_times
from sim.model.shared import share
from sim.model.snapshot import Frame
from sim.model.state import State, empty_state
from sim.model.tally import clear_tally, close_tally, empty_spells, empty_tally
from sim.model.world import Floats, Ints, World

WINDOW = (30.0, 30.0)
"""Days of the reference and of the final window."""


@dataclass(frozen=True)
class Block:
    """R replications: measures (R, M), focal volume by mode and outside (R, T, 4), days of firing (R, A, rungs).

    A rung that was never reached is NaN.
    """

    measures: Floats
    paths: Floats
    fired: Floats


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

    Each replication gives the same bits whatever the others, their order and the number of threads. Without `paths`
    that array is empty (R, 0, 4).
    """
    parts = [part for part in np.array_split(np.array(replications, dtype=np.int64), threads) if len(part)]

    def work(part: Ints) -> Block:
        return _simulate_part(world, seed, part, until, every, paths, window)

    if len(parts) < 2:
        return work(np.array(replications, dtype=np.int64))
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(work, parts))
    return Block(*(np.concatenate([getattr(each, name) for each in done]) for name in ("measures", "paths", "fired")))


def _simulate_part(
    world: World, seed: int, replications: Ints, until: float, every: float, paths: bool, window: tuple[float, float]
) -> Block:
    times = record_times(until, every)
    count, rungs = len(replications), int(np.max(world.rules.rungs, initial=0))
    tally, spells = empty_tally(world, times), empty_spells(world, len(times), np.array(window, dtype=float))
    state, memory = packed(empty_state(world, seed, 0))
    blank = Memory(memory.floats.copy(), memory.ints.copy(), memory.flags.copy(), memory.keys.copy())
    found = Block(
        measures=np.full((count, measures_of(world)), np.nan),
        paths=np.zeros((count, len(times) if paths else 0, 4)),
        fired=np.full((count, len(world.rules.rungs), rungs), np.nan),
    )
    _run_block(
        share(world), share(state), share(memory), share(blank), empty_calendar(), empty_desks(world),
        empty_tape(world, tally, spells, whole=False), empty_frame(world, 0), np.zeros((0, 0), np.int64), replications,
        until + AFTER_ALL, found.measures, found.paths, found.fired,
    )  # fmt: skip
    return found


@growing_kernel
def _run_block(
    world: World, state: State, memory: Memory, blank: Memory, calendar: Calendar, desks: Desks, tape: Tape,
    frame: Frame, queues: Ints, replications: Ints, end: float, measures: Floats, paths: Floats, fired: Floats,
) -> None:  # fmt: skip
    held, rooms, kept = CalendarRef(*calendar), DesksRef(*desks), TapeRef(*tape)
    for r in range(len(replications)):
        restore(memory, blank)
        state.key[1] = np.uint64(replications[r])
        kept.used[:] = 0
        clear_tally(kept.tally, kept.spells)
        replicate(world, state, held, rooms, kept, frame, queues, end)
        close_tally(state, kept.tally, kept.spells)
        _close_work(kept)
        _close_queues(kept)
        measure(kept.tally, measures[r])
        for t in range(paths.shape[1]):
            paths[r, t] = kept.spells.rows[t]
        _read_rules(kept, fired[r])


@growing_kernel
def _close_work(tape: Tape) -> None:
    """Days of work that all inspectors have spent by the last record."""
    last = tape.tally.day[-1]
    for n in range(tape.used[2]):
        tape.tally.effort[0] += max(0.0, min(last, tape.work[n, 2]) - tape.work[n, 1])


@growing_kernel
def _close_queues(tape: Tape) -> None:
    """How long applications took."""
    events, days = tape.codes[: tape.used[0], 0], tape.values[: tape.used[0], 0]
    who = 3 * tape.codes[: tape.used[0], 1] + tape.codes[: tape.used[0], 2]
    began = events == c.E_APPLICATION
    ended = (events == c.E_GRANTED) | (events == c.E_REFUSED) | (events == c.E_WITHDRAWN)
    queue_times(days[began], who[began], days[ended], who[ended], tape.tally.waits)


@growing_kernel
def _read_rules(tape: Tape, fired: Floats) -> None:
    """Days on which the rungs of the rules (A, rungs) were taken."""
    for n in range(tape.used[0]):
        if tape.codes[n, 0] == c.E_FIRED:
            fired[tape.codes[n, 1], int(tape.values[n, 1]) - 1] = tape.values[n, 0]
