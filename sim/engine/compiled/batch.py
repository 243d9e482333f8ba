"""Blocks of replications inside compiled code, on several threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np

from sim.engine.batch import WINDOW, Batch, close, empty_batch
from sim.engine.compiled.loop import open_run, run_until
from sim.engine.compiled.recorder import CASES, LINES
from sim.engine.compiled.workspace import Workspace, empty_workspace, with_capacity
from sim.engine.result import AFTER_ALL, record_times
from sim.kernels.compile import allocating_kernel, as_compiled
from sim.kernels.memory import Memory, packed, restore
from sim.kernels.pointers import share
from sim.model.outcomes.tally import clear_tally, empty_tally, empty_window_sums
from sim.model.state import EventRequests, JournalBuffer, State, empty_state
from sim.world.arrays import Floats, Ints, World


def simulate_batch(
    world: World,
    seed: int,
    replications: Sequence[int],
    until: float,
    every: float,
    paths: bool = False,
    window: tuple[float, float] = WINDOW,
    threads: int = 1,
) -> Batch:
    """Simulate replications in compiled code, without the interpreter's lock, on so many threads.

    Each replication gives the same bits whatever the others, their order and the number of threads.
    """
    numbers = np.array(replications, dtype=np.int64)
    parts = [part for part in np.array_split(numbers, threads) if len(part)] or [numbers]

    def work(part: Ints) -> Batch:
        return _simulate_part(world, seed, part, until, every, paths, window)

    if len(parts) == 1:
        return work(numbers)
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(work, parts))
    return Batch(**{f.name: np.concatenate([getattr(each, f.name) for each in done]) for f in fields(Batch)})


@as_compiled
def _simulate_part(
    world: World, seed: int, replications: Ints, until: float, every: float, paths: bool, window: tuple[float, float]
) -> Batch:
    times = record_times(until, every)
    tally, sums = empty_tally(world, times), empty_window_sums(world, len(times), np.array(window, dtype=float))
    # The event requests and the journal are larger than all else, and empty when a run begins.
    state, memory = packed(empty_state(world, seed, 0), leave_out=(EventRequests, JournalBuffer))
    blank = Memory(memory.floats.copy(), memory.ints.copy(), memory.flags.copy(), memory.keys.copy())
    found, done = empty_batch(world, len(replications), len(times) if paths else 0), np.zeros(2, np.int64)
    workspace = empty_workspace(world, state, tally, sums, whole=False)
    w, s, here, clean = share(world), share(state), share(memory), share(blank)
    while not _run_batch(
        w, s, here, clean, share(workspace), replications, until + AFTER_ALL, found.measures, found.paths, found.fired,
        found.events, done,
    ):  # fmt: skip
        workspace = with_capacity(workspace, state)
    return found


@allocating_kernel
def _run_batch(
    world: World, state: State, memory: Memory, blank: Memory, workspace: Workspace, replications: Ints, end: float,
    measures: Floats, paths: Floats, fired: Floats, events: Floats, done: Ints,
) -> bool:  # fmt: skip
    """Simulate replications one after another. False if the ledger has no more room, to be called again.

    `done` (2,) says where it goes on: replications done, and whether the next one has begun.
    """
    recorder = workspace.recorder
    for r in range(done[0], len(replications)):
        if not done[1]:
            restore(memory, blank)
            state.key[1] = np.uint64(replications[r])
            recorder.used[:] = 0
            clear_tally(recorder.tally, recorder.window_sums)
            open_run(world, state, workspace)
        if not run_until(world, state, workspace, end):
            done[0], done[1] = r, 1
            return False
        done[1] = 0
        lines, cases = recorder.used[LINES], recorder.used[CASES]
        close(
            state, recorder.tally, recorder.window_sums, recorder.codes[:lines], recorder.values[:lines],
            recorder.work[:cases], measures[r],
            paths[r], fired[r], events[r],
        )  # fmt: skip
    return True
