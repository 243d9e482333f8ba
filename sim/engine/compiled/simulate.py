"""Batches of replications one after another in compiled code, on several threads, and a single run with all of it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np

from sim.engine.compiled.entrances import prepare, run_replications
from sim.engine.compiled.loop import job_of
from sim.engine.compiled.recorder import CASES, DECISIONS, LINES, Recorder
from sim.engine.compiled.run_memory import run_memory
from sim.engine.compiled.workspace import Workspace
from sim.engine.result import AFTER_ALL, WINDOW, Batch, Decision, Result, decision_of, empty_batch, record_times
from sim.kernels.compile import as_compiled
from sim.kernels.pointers import share
from sim.model.outcomes.monitor import Monitor
from sim.world.arrays import Floats, Ints, World


def simulate_batch(
    world: World,
    seed: int,
    replications: Sequence[int],
    until: float,
    every: float,
    paths: bool = False,
    window: tuple[float, float] = WINDOW,
    monitor: Monitor | None = None,
    threads: int = 1,
) -> Batch:
    """Simulate replications in compiled code, without the interpreter's lock, on so many threads.

    Each replication gives the same bits whatever the others, their order and the number of threads. `Batch.monitored`
    has what the monitor recorded of each.
    """
    numbers, times = np.array(replications, dtype=np.int64), record_times(until, every)
    parts = [part for part in np.array_split(numbers, threads) if len(part)] or [numbers]

    def simulated(part: Ints) -> Batch:
        batch = empty_batch(world, len(part), len(times) if paths else 0, 0 if monitor is None else len(monitor.row))
        _simulate_part(world, seed, part, until, times, window, monitor, batch)
        return batch

    if len(parts) == 1:
        return simulated(numbers)
    with ThreadPoolExecutor(len(parts)) as pool:
        batches = list(pool.map(simulated, parts))
    return Batch(**{f.name: np.concatenate([getattr(batch, f.name) for batch in batches]) for f in fields(Batch)})


@as_compiled
def _simulate_part(
    world: World, seed: int, replications: Ints, until: float, times: Floats, window: tuple[float, float] | None,
    monitor: Monitor | None, batch: Batch,
) -> Workspace:  # fmt: skip
    """Simulate replications into the rows of a batch. Without a window keep all of the last one, and fill no row."""
    prepare(world)
    world_ptr, job, end = share(world), share(job_of(batch, replications)), until + AFTER_ALL
    with run_memory(world, seed, times, window, monitor) as memory:
        while not run_replications(world_ptr, *memory.pointers, memory.workspace_ptr, job, end):
            memory.grow()
        return memory.workspace


def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    batch = empty_batch(world, 1, 0, 0)
    workspace = _simulate_part(world, seed, np.array([replication]), until, times, None, None, batch)
    recorder = workspace.recorder
    lines, cases = recorder.used[LINES], recorder.used[CASES]
    return Result(
        times=times,
        frame=workspace.frame,
        queues=workspace.queues,
        codes=recorder.codes[:lines].copy(),
        values=recorder.values[:lines].copy(),
        decisions=_decisions(recorder),
        work=tuple(
            (int(agency), float(began), float(min(ended, until))) for agency, began, ended in recorder.work[:cases]
        ),
    )


def _decisions(recorder: Recorder) -> tuple[Decision, ...]:
    made = slice(recorder.used[DECISIONS])
    arrays = (
        recorder.outcome, recorder.scale, recorder.feasible, recorder.terms, recorder.demand, recorder.hazard,
        recorder.hosts,
    )  # fmt: skip
    return tuple(decision_of(*row) for row in zip(*(array[made].copy() for array in arrays), strict=True))
