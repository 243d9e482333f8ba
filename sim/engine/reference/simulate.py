"""One run from the first day to the last."""

from collections.abc import Callable

import numpy as np

from sim.engine.reference.processes import follow_up
from sim.engine.reference.reference_run import Story
from sim.engine.reference.simpy_events import Process
from sim.engine.result import AFTER_ALL, Result, empty_frame, record_times
from sim.kernels.compile import as_compiled
from sim.model.events import RECORD
from sim.model.handlers import begin
from sim.model.outcomes.snapshot import Frame, snapshot
from sim.model.state import empty_state
from sim.world.arrays import Floats, Ints, World


@as_compiled
def simulate(
    world: World,
    seed: int,
    replication: int,
    until: float,
    every: float,
    before_decision: Callable[[Story, int, int, int], None] | None = None,
) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days.

    `before_decision` is called with the story, the exchange, the cause and its index just before each decision.
    """
    story = Story(world, empty_state(world, seed, replication), before_decision)
    begin(story.w, story.s)
    follow_up(story)
    times = record_times(until, every)
    frame = empty_frame(world, len(times))
    queues = np.zeros((len(times), 2 * (len(story.inspectors) + len(story.officers))), dtype=np.int64)
    story.start(recorder(story, times, frame, queues))
    story.env.run(until=until + AFTER_ALL)
    codes, values = story.journal()
    return Result(
        times=times,
        frame=frame,
        queues=queues,
        codes=codes,
        values=values,
        decisions=tuple(story.decisions),
        work=tuple((agency, began, min(ended, until)) for agency, began, ended in story.work),
    )


def recorder(story: Story, times: Floats, frame: Frame, queues: Ints) -> Process:
    """Write down the state at each of `times`; `queues` (T, 2 G + 2 O) takes those waiting, then those served."""
    desks = [*story.inspectors, *story.officers]
    for t, day in enumerate(times):
        yield story.wait(day - story.now, RECORD, t)
        snapshot(story.w, story.s, frame, t, story.now)
        queues[t] = [len(desk.queue) for desk in desks] + [desk.count for desk in desks]
