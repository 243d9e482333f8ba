"""Blocks of replications by the reference engine, one after another."""

from collections.abc import Callable, Sequence

import numpy as np

from sim.engine.batch import WINDOW, Block, close, empty_block
from sim.engine.reference.processes import follow_up
from sim.engine.reference.reference_run import Story
from sim.engine.reference.simpy_events import Process
from sim.engine.result import AFTER_ALL, record_times
from sim.kernels.compile import as_compiled, kernel
from sim.kernels.pointers import share
from sim.model.events import RECORD
from sim.model.handlers import begin
from sim.model.outcomes.tally import Spells, Tally, clear_tally, count_line, empty_spells, empty_tally, tally_record
from sim.model.state import empty_state
from sim.world.arrays import Floats, Ints, World


@as_compiled
def simulate_block(
    world: World,
    seed: int,
    replications: Sequence[int],
    until: float,
    every: float,
    paths: bool = False,
    window: tuple[float, float] = WINDOW,
    before_decision: Callable[[Story, int, int, int], None] | None = None,
) -> Block:
    """Simulate replications; the same bits as by the compiled engine."""
    times = record_times(until, every)
    found = empty_block(world, len(replications), len(times) if paths else 0)
    kept = empty_tally(world, times), empty_spells(world, len(times), np.array(window, dtype=float))
    tally, spells = share(kept[0]), share(kept[1])
    for r, replication in enumerate(replications):
        clear_tally(tally, spells)
        story = Story(world, empty_state(world, seed, int(replication)), before_decision)
        story.heard = lambda codes, values: _count(tally, spells, codes, values)
        begin(story.w, story.s)
        follow_up(story)
        story.start(_recorder(story, tally, spells, times))
        story.env.run(until=until + AFTER_ALL)
        work = np.array(story.work, dtype=float).reshape(len(story.work), 3)
        close(
            story.s,
            tally,
            spells,
            *story.journal(),
            work,
            found.measures[r],
            found.paths[r],
            found.fired[r],
            found.events[r],
        )
    return found


def _recorder(story: Story, tally: Tally, spells: Spells, times: Floats) -> Process:
    """Tally the state at each of `times`."""
    for t, day in enumerate(times):
        yield story.wait(day - story.now, RECORD, t)
        tally_record(story.w, story.s, tally, spells, t)


@kernel
def _count(tally: Tally, spells: Spells, codes: Ints, values: Floats) -> None:
    for n in range(len(codes)):
        count_line(tally, spells, codes[n, 0], values[n, 0])
