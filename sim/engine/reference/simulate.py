"""One run from the first day to the last."""

from collections.abc import Callable

import numpy as np

from sim.engine.compiled.entrances import at_hand, initialise, take_snapshot
from sim.engine.reference.processes import start_requested
from sim.engine.reference.reference_run import ReferenceRun
from sim.engine.reference.simpy_events import Process
from sim.engine.result import AFTER_ALL, Result, record_times
from sim.kernels.compile import as_compiled
from sim.model.events import RECORD
from sim.model.outcomes.snapshot import Frame, empty_frame
from sim.model.state import empty_state
from sim.world.arrays import Floats, Ints, World


@as_compiled
def simulate(
    world: World,
    seed: int,
    replication: int,
    until: float,
    every: float,
    before_decision: Callable[[ReferenceRun, int, int, int], None] | None = None,
) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days; compiled if that is at hand.

    `before_decision` is called with the run, the exchange, the cause and its index just before each decision.
    """
    run = ReferenceRun(world, empty_state(world, seed, replication), before_decision, at_hand(world))
    initialise(run.world_ptr, run.state_ptr)
    start_requested(run)
    times = record_times(until, every)
    frame = empty_frame(world, len(times))
    queues = np.zeros((len(times), 2 * (len(run.inspectors) + len(run.officers))), dtype=np.int64)
    run.start(recorder(run, times, frame, queues))
    run.env.run(until=until + AFTER_ALL)
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


def recorder(run: ReferenceRun, times: Floats, frame: Frame, queues: Ints) -> Process:
    """Write down the state at each of `times`; `queues` (T, 2 G + 2 O) takes those waiting, then those served."""
    servers = [*run.inspectors, *run.officers]
    frame_ptr = run.pointer(frame)
    for t, day in enumerate(times):
        yield run.wait(day - run.now, RECORD, t)
        take_snapshot(run.world_ptr, run.state_ptr, frame_ptr, t, run.now)
        queues[t] = [len(station.queue) for station in servers] + [station.count for station in servers]
