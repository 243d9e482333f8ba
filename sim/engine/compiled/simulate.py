"""One run from the first day to the last, compiled."""

from typing import Any

import numpy as np

from sim.engine.compiled.loop import open_run, run_until
from sim.engine.compiled.recorder import Recorder
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
    recorder, (lines, _, cases) = workspace.recorder, workspace.recorder.used
    done = tuple(
        (int(agency), float(began), float(min(ended, until))) for agency, began, ended in recorder.work[:cases]
    )
    codes, values = recorder.codes[:lines].copy(), recorder.values[:lines].copy()
    return Result(times, workspace.frame, workspace.queues, codes, values, _decisions(recorder), done)


def _decisions(recorder: Recorder) -> tuple[Decision, ...]:
    made = slice(recorder.used[1])
    parts = (
        part[made].copy()
        for part in (recorder.feasible, recorder.terms, recorder.demand, recorder.hazard, recorder.hosts)
    )
    rows = zip(recorder.when[made].tolist(), recorder.who[made].tolist(), *parts, strict=True)
    return tuple(_decision(*row) for row in rows)


def _decision(when: list[float], who: list[int], *record: Any) -> Decision:
    """One decision from its rows on the tape."""
    day, scale, margin = when
    exchange, cause, reason, before, choice, runner_up, host = who
    return Decision(day, exchange, cause, reason, before, choice, runner_up, host, scale, margin, *record)
