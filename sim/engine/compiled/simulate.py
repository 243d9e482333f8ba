"""One run from the first day to the last, compiled."""

import numpy as np

from sim.engine.batch import empty_batch
from sim.engine.compiled.batch import simulate_part
from sim.engine.compiled.recorder import CASES, DECISIONS, LINES, WHEN, WHO, Recorder
from sim.engine.result import Result, record_times
from sim.model.exchanges.decision_record import Decision
from sim.world.arrays import World


def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    workspace = simulate_part(world, seed, np.array([replication]), until, times, None, empty_batch(world, 1, 0))
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
