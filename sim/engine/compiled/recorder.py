"""What a compiled run records: all of it, or only what the summary measures and a monitor need."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import inlined, kernel, rare
from sim.kernels.shapes import Shape
from sim.model.outcomes.monitor import Monitor, monitor_line
from sim.model.outcomes.tally import Tally, WindowSums, count_line
from sim.model.state import DecisionRecord, State
from sim.world.arrays import Bools, Floats, Ints
from sim.world.codes import E_APPLICATION, E_FIRED, E_GRANTED, E_REFUSED, E_WITHDRAWN, OPTIONS, POSTURES, TERMS

LINES, DECISIONS, CASES = range(3)


class Recorder(NamedTuple):
    """What a run leaves behind. If it is not full, it takes no decisions, and only lines on licences and rules."""

    codes: Annotated[Ints, Shape("lines", 6)]
    values: Annotated[Floats, Shape("lines", 2)]
    outcome: Annotated[Ints, Shape("decisions", 7)]
    scale: Annotated[Floats, Shape("decisions", 3)]
    feasible: Annotated[Bools, Shape("decisions", OPTIONS)]
    terms: Annotated[Floats, Shape("decisions", OPTIONS, len(TERMS))]
    demand: Annotated[Floats, Shape("decisions", OPTIONS, 3)]
    hazard: Annotated[Floats, Shape("decisions", len(POSTURES))]
    hosts: Annotated[Floats, Shape("decisions", "J")]
    work: Annotated[Floats, Shape("cases", 3)]  # agency, began, ended
    used: Annotated[Ints, Shape(3)]  # lines, decisions and cases so far
    full: Annotated[Bools, Shape(1)]
    tally: Tally
    window_sums: WindowSums
    monitor: Monitor


@inlined
def write_lines(recorder: Recorder, state: State) -> None:
    """Take the lines that the model wrote."""
    journal = state.journal
    for n in range(journal.used[0]):
        event = journal.codes[n, 0]
        count_line(recorder.tally, recorder.window_sums, event, journal.codes[n, 2], journal.values[n, 0])
        monitor_line(recorder.monitor, journal.codes[n], journal.values[n, 0])
        if recorder.full[0] or _counts_for_measures(event):
            line = recorder.used[LINES]
            for field in range(6):
                recorder.codes[line, field] = journal.codes[n, field]
            recorder.values[line, 0], recorder.values[line, 1] = journal.values[n, 0], journal.values[n, 1]
            recorder.used[LINES] = line + 1
    journal.used[0] = 0


@inlined
def _counts_for_measures(event: int) -> bool:
    return event in (E_APPLICATION, E_GRANTED, E_REFUSED, E_WITHDRAWN, E_FIRED)


@rare
def write_decision(recorder: Recorder, decision: DecisionRecord) -> None:
    """Take the record of the last decision."""
    row = recorder.used[DECISIONS]
    for n in range(len(decision.outcome)):
        recorder.outcome[row, n] = decision.outcome[n]
    for n in range(len(decision.scale)):
        recorder.scale[row, n] = decision.scale[n]
    for o in range(len(decision.feasible)):
        recorder.feasible[row, o] = decision.feasible[o]
        valued = decision.valued[o]
        for n in range(decision.terms.shape[1]):
            recorder.terms[row, o, n] = decision.terms[o, n] if valued else 0.0
        for m in range(decision.demand.shape[1]):
            recorder.demand[row, o, m] = decision.demand[o, m] if valued else 0.0
    for p in range(len(decision.hazard)):
        recorder.hazard[row, p] = decision.hazard[p]
    for j in range(len(decision.hosts)):
        recorder.hosts[row, j] = decision.hosts[j]
    recorder.used[DECISIONS] = row + 1


@kernel
def begin_work(recorder: Recorder, agency: int, day: float) -> int:
    """Record that a case is taken up; returns its row."""
    case = recorder.used[CASES]
    recorder.work[case, 0], recorder.work[case, 1], recorder.work[case, 2] = agency, day, np.inf
    recorder.used[CASES] = case + 1
    return int(case)
