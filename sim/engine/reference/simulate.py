"""One run from the first day to the last, and batches of replications, one after another."""

from collections.abc import Callable, Sequence

import numpy as np

from sim.engine.compiled.entrances import at_hand, initialise, monitor_record, prepare, take_snapshot, tally_record
from sim.engine.reference.processes import start_requested
from sim.engine.reference.reference_run import Process, ReferenceRun
from sim.engine.result import AFTER_ALL, WINDOW, Batch, Result, close, empty_batch, record_times
from sim.kernels.compile import as_compiled, in_python
from sim.model.events import RECORD
from sim.model.outcomes.monitor import Monitor, clear_monitor, copied_monitor, empty_monitor, monitor_line
from sim.model.outcomes.snapshot import Frame, empty_frame
from sim.model.outcomes.tally import Tally, WindowSums, clear_tally, count_line, empty_tally, empty_window_sums
from sim.model.state import empty_state
from sim.world.arrays import Floats, Ints, World

BeforeDecision = Callable[[ReferenceRun, int, int, int], None]
"""What is called with the run, the exchange, the cause and its index just before each decision."""


@as_compiled
def simulate(
    world: World, seed: int, replication: int, until: float, every: float, before_decision: BeforeDecision | None = None
) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days; compiled if that is at hand."""
    run = ReferenceRun(world, empty_state(world, seed, replication), before_decision, at_hand(world))
    times = record_times(until, every)
    frame = empty_frame(world, len(times))
    queues = np.zeros((len(times), 2 * (len(run.inspectors) + len(run.officers))), dtype=np.int64)
    _simulate(run, _recorder(run, times, frame, queues), until)
    codes, values = run.journal()
    return Result(
        times=times,
        frame=frame,
        queues=queues,
        codes=codes,
        values=values,
        decisions=tuple(run.decisions),
        work=tuple((agency, began, min(ended, until)) for agency, began, ended in run.work),
    )


@as_compiled
def simulate_batch(
    world: World,
    seed: int,
    replications: Sequence[int],
    until: float,
    every: float,
    paths: bool = False,
    window: tuple[float, float] = WINDOW,
    monitor: Monitor | None = None,
    before_decision: BeforeDecision | None = None,
) -> Batch:
    """Simulate replications; the same bits as by the compiled engine."""
    times = record_times(until, every)
    own = empty_monitor(world) if monitor is None else copied_monitor(monitor)
    batch = empty_batch(world, len(replications), len(times) if paths else 0, len(own.row))
    tally, sums = empty_tally(world, times), empty_window_sums(world, len(times), np.array(window, dtype=float))
    prepare(world)
    for r, replication in enumerate(replications):
        clear_tally(tally, sums)
        clear_monitor(own)
        run = ReferenceRun(world, empty_state(world, seed, int(replication)), before_decision, not in_python)
        run.on_journal = lambda codes, values: _count(tally, sums, own, codes, values)
        _simulate(run, _tallying(run, tally, sums, own, times), until)
        work = np.array(run.work, dtype=float).reshape(len(run.work), 3)
        row = batch.measures[r], batch.paths[r], batch.fired[r], batch.events[r], batch.monitored[r]
        close(run.state, tally, sums, *run.journal(), work, own.row, *row)
    return batch


def _simulate(run: ReferenceRun, recorder: Process, until: float) -> None:
    initialise(run.world_ptr, run.state_ptr)
    start_requested(run)
    run.start(recorder)
    run.env.run(until=until + AFTER_ALL)


def _recorder(run: ReferenceRun, times: Floats, frame: Frame, queues: Ints) -> Process:
    """Write down the state at each of `times`; `queues` (T, 2 G + 2 O) takes those waiting, then those served."""
    frame_ptr = run.pointer(frame)
    for t, day in enumerate(times):
        yield run.wait(day - run.now, RECORD, t)
        take_snapshot(run.world_ptr, run.state_ptr, frame_ptr, t, run.now)
        queues[t] = _queues(run)


def _queues(run: ReferenceRun) -> list[int]:
    """Those waiting, then those served, by station."""
    servers = [*run.inspectors, *run.officers]
    return [len(station.queue) for station in servers] + [station.count for station in servers]


def _tallying(run: ReferenceRun, tally: Tally, sums: WindowSums, monitor: Monitor, times: Floats) -> Process:
    """Tally the state at each of `times`."""
    pointers, monitor_ptr = (run.pointer(tally), run.pointer(sums)), run.pointer(monitor)
    for t, day in enumerate(times):
        yield run.wait(day - run.now, RECORD, t)
        tally_record(run.world_ptr, run.state_ptr, *pointers, t)
        monitor.queues[:] = _queues(run)
        monitor_record(run.world_ptr, run.state_ptr, monitor_ptr, t)


def _count(tally: Tally, sums: WindowSums, monitor: Monitor, codes: Ints, values: Floats) -> None:
    for n in range(len(codes)):
        count_line(tally, sums, codes[n, 0], codes[n, 2], values[n, 0])
        monitor_line(monitor, codes[n], values[n, 0])
