"""What a compiled run writes down: all of it, or only what the summary measures need."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.model.outcomes.tally import Tally, WindowSums, count_line
from sim.model.state import State
from sim.world.arrays import Bools, Floats, Ints, World
from sim.world.codes import E_APPLICATION, E_FIRED, E_GRANTED, E_REFUSED, E_WITHDRAWN, OPTIONS, TERMS


class Recorder(NamedTuple):
    """Lines N, decisions D, cases W; `used` holds how many of each are in use.

    If it is not `whole`, it takes no decisions, and only lines on licences and rules.
    """

    codes: Annotated[Ints, 6]  # (N, 6)
    values: Annotated[Floats, 2]  # (N, 2)
    who: Annotated[Ints, 7]  # (D, 7) exchange, cause, reason, before, choice, runner-up, host
    when: Annotated[Floats, 3]  # (D, 3) day, scale, margin
    feasible: Annotated[Bools, OPTIONS]  # (D, S)
    terms: Annotated[Floats, OPTIONS, len(TERMS)]  # (D, S, 8)
    demand: Annotated[Floats, OPTIONS, 3]  # (D, S, 3)
    hazard: Annotated[Floats, 5]  # (D, 5)
    hosts: Floats  # (D, J)
    work: Annotated[Floats, 3]  # (W, 3) agency, began, ended
    used: Annotated[Ints, 3]  # (3,)
    full: Annotated[Bools, 1]  # (1,)
    tally: Tally
    window_sums: WindowSums


def empty_recorder(world: World, tally: Tally, sums: WindowSums, whole: bool) -> Recorder:
    """A tape without room, see `ledger.grown`."""
    ints, s, j, z = np.int64, OPTIONS, len(world.jurisdictions.tax), np.zeros
    return Recorder(
        z((0, 6), ints), z((0, 2)), z((0, 7), ints), z((0, 3)), z((0, s), np.bool_), z((0, s, len(TERMS))),
        z((0, s, 3)), z((0, 5)), z((0, j)), z((0, 3)), z(3, ints), np.array([whole]), tally, sums,
    )  # fmt: skip


@inlined
def write_lines(recorder: Recorder, state: State) -> None:
    """Take the lines that the model wrote."""
    journal = state.journal
    for n in range(journal.used[0]):
        event = journal.codes[n, 0]
        count_line(recorder.tally, recorder.window_sums, event, journal.values[n, 0])
        if not (recorder.full[0] or _is_kept(event)):
            continue
        at = recorder.used[0]
        for field in range(6):
            recorder.codes[at, field] = journal.codes[n, field]
        recorder.values[at, 0], recorder.values[at, 1] = journal.values[n, 0], journal.values[n, 1]
        recorder.used[0] = at + 1
    journal.used[0] = 0


@inlined
def _is_kept(event: int) -> bool:
    return event in (E_APPLICATION, E_GRANTED, E_REFUSED, E_WITHDRAWN, E_FIRED)


@kernel
def write_decision(recorder: Recorder, state: State, day: float, exchange: int, cause: int, reason: int) -> None:
    """Take the record of the decision on the desk."""
    at, station = recorder.used[1], state.decision
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
    recorder.used[1] = at + 1


@kernel
def begin_work(recorder: Recorder, agency: int, day: float) -> int:
    """Note that a case is taken up; returns its place on the tape."""
    at = recorder.used[2]
    recorder.work[at, 0], recorder.work[at, 1], recorder.work[at, 2] = agency, day, np.inf
    recorder.used[2] = at + 1
    return int(at)
