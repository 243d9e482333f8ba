"""One run from the first day to the last, compiled."""

import numpy as np

from sim.engine.compiled.loop import open_run, run_until
from sim.engine.compiled.recorder import CASES, DECISIONS, LINES, WHEN, WHO, Recorder
from sim.engine.compiled.workspace import empty_workspace, with_capacity
from sim.engine.result import AFTER_ALL, Result, record_times
from sim.kernels.compile import as_compiled
from sim.kernels.pointers import share
from sim.model.exchanges.decision_record import Decision
from sim.model.outcomes.tally import empty_tally, empty_window_sums
from sim.model.state import empty_state
from sim.world.arrays import World


@as_compiled
def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    state = empty_state(world, seed, replication)
    workspace = empty_workspace(
        world, state, empty_tally(world, times), empty_window_sums(world, 0, np.zeros(2)), whole=True
    )
    w, s, kept = share(world), share(state), share(workspace)
    open_run(w, s, kept)
    while not run_until(w, s, kept, until + AFTER_ALL):
        workspace = with_capacity(workspace, state)
        kept = share(workspace)
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
    names = ("feasible", "terms", "demand", "hazard", "hosts")
    arrays = zip(*(getattr(recorder, name)[made].copy() for name in names), strict=True)
    rows = zip(recorder.who[made].tolist(), recorder.when[made].tolist(), arrays, strict=True)
    return tuple(
        Decision(**dict(zip((*WHO, *WHEN, *names), (*who, *when, *row), strict=True))) for who, when, row in rows
    )
