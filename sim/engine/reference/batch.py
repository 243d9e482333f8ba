"""Batches of replications by the reference engine, one after another."""

from collections.abc import Callable, Sequence

import numpy as np

from sim.engine.batch import WINDOW, Batch, close, empty_batch
from sim.engine.compiled.entrances import initialise, prepare, tally_record
from sim.engine.reference.processes import start_requested
from sim.engine.reference.reference_run import ReferenceRun
from sim.engine.reference.simpy_events import Process
from sim.engine.result import AFTER_ALL, record_times
from sim.kernels.compile import as_compiled, in_python
from sim.model.events import RECORD
from sim.model.outcomes.tally import Tally, WindowSums, clear_tally, count_line, empty_tally, empty_window_sums
from sim.model.state import empty_state
from sim.world.arrays import Floats, Ints, World


@as_compiled
def simulate_batch(
    world: World,
    seed: int,
    replications: Sequence[int],
    until: float,
    every: float,
    paths: bool = False,
    window: tuple[float, float] = WINDOW,
    before_decision: Callable[[ReferenceRun, int, int, int], None] | None = None,
) -> Batch:
    """Simulate replications; the same bits as by the compiled engine."""
    times = record_times(until, every)
    batch = empty_batch(world, len(replications), len(times) if paths else 0)
    tally, sums = empty_tally(world, times), empty_window_sums(world, len(times), np.array(window, dtype=float))
    prepare(world)
    for r, replication in enumerate(replications):
        clear_tally(tally, sums)
        run = ReferenceRun(world, empty_state(world, seed, int(replication)), before_decision, not in_python)
        run.on_journal = lambda codes, values: _count(tally, sums, codes, values)
        initialise(run.world_ptr, run.state_ptr)
        start_requested(run)
        run.start(_recorder(run, tally, sums, times))
        run.env.run(until=until + AFTER_ALL)
        work = np.array(run.work, dtype=float).reshape(len(run.work), 3)
        close(
            run.state,
            tally,
            sums,
            *run.journal(),
            work,
            batch.measures[r],
            batch.paths[r],
            batch.fired[r],
            batch.events[r],
        )
    return batch


def _recorder(run: ReferenceRun, tally: Tally, sums: WindowSums, times: Floats) -> Process:
    """Tally the state at each of `times`."""
    pointers = run.pointer(tally), run.pointer(sums)
    for t, day in enumerate(times):
        yield run.wait(day - run.now, RECORD, t)
        tally_record(run.world_ptr, run.state_ptr, *pointers, t)


def _count(tally: Tally, sums: WindowSums, codes: Ints, values: Floats) -> None:
    for n in range(len(codes)):
        count_line(tally, sums, codes[n, 0], values[n, 0])
