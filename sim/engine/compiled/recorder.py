"""What a compiled run writes down: all of it, or only what the summary measures need."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.kernels.shapes import Shape
from sim.model.outcomes.tally import Tally, WindowSums, count_line
from sim.model.state import State
from sim.world.arrays import Bools, Floats, Ints
from sim.world.codes import E_APPLICATION, E_FIRED, E_GRANTED, E_REFUSED, E_WITHDRAWN, OPTIONS, POSTURES, TERMS

LINES, DECISIONS, CASES = range(3)
WHO = ("exchange", "cause", "reason", "before", "choice", "runner_up", "host")
WHEN = ("day", "scale", "margin")


class Recorder(NamedTuple):
    """What a run leaves behind. If it is not full, it takes no decisions, and only lines on licences and rules."""

    codes: Annotated[Ints, Shape("lines", 6)]
    values: Annotated[Floats, Shape("lines", 2)]
    who: Annotated[Ints, Shape("decisions", len(WHO))]
    when: Annotated[Floats, Shape("decisions", len(WHEN))]
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


@inlined
def write_lines(recorder: Recorder, state: State) -> None:
    """Take the lines that the model wrote."""
    journal = state.journal
    for n in range(journal.used[0]):
        event = journal.codes[n, 0]
        count_line(recorder.tally, recorder.window_sums, event, journal.values[n, 0])
        if not (recorder.full[0] or _is_kept(event)):
            continue
        at = recorder.used[LINES]
        for field in range(6):
            recorder.codes[at, field] = journal.codes[n, field]
        recorder.values[at, 0], recorder.values[at, 1] = journal.values[n, 0], journal.values[n, 1]
        recorder.used[LINES] = at + 1
    journal.used[0] = 0


@inlined
def _is_kept(event: int) -> bool:
    return event in (E_APPLICATION, E_GRANTED, E_REFUSED, E_WITHDRAWN, E_FIRED)


@kernel
def write_decision(recorder: Recorder, state: State, day: float, exchange: int, cause: int, reason: int) -> None:
    """Take the record of the decision on the desk."""
    at, station = recorder.used[DECISIONS], state.decision
    recorder.who[at, 0], recorder.who[at, 1], recorder.who[at, 2] = exchange, cause, reason
    for n in range(len(station.outcome)):
        recorder.who[at, 3 + n] = station.outcome[n]
    recorder.when[at, 0], recorder.when[at, 1], recorder.when[at, 2] = day, station.scale[0], station.scale[1]
    for o in range(len(station.feasible)):
        recorder.feasible[at, o] = station.feasible[o]
        for n in range(station.terms.shape[1]):
            recorder.terms[at, o, n] = station.terms[o, n]
        for m in range(station.demand.shape[1]):
            recorder.demand[at, o, m] = station.demand[o, m]
    for p in range(len(station.hazard)):
        recorder.hazard[at, p] = station.hazard[p]
    for j in range(len(station.hosts)):
        recorder.hosts[at, j] = station.hosts[j]
    recorder.used[DECISIONS] = at + 1


@kernel
def begin_work(recorder: Recorder, agency: int, day: float) -> int:
    """Note that a case is taken up; returns its place on the tape."""
    at = recorder.used[CASES]
    recorder.work[at, 0], recorder.work[at, 1], recorder.work[at, 2] = agency, day, np.inf
    recorder.used[CASES] = at + 1
    return int(at)
