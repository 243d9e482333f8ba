"""What a compiled run writes down: all of it, or only what the summary measures need."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.model.outcomes.tally import Spells, Tally, count_line
from sim.model.state import State
from sim.world.arrays import Bools, Floats, Ints, World
from sim.world.codes import E_APPLICATION, E_FIRED, E_GRANTED, E_REFUSED, E_WITHDRAWN, OPTIONS, TERMS


class Tape(NamedTuple):
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
    whole: Annotated[Bools, 1]  # (1,)
    tally: Tally
    spells: Spells


def empty_tape(world: World, tally: Tally, spells: Spells, whole: bool) -> Tape:
    """A tape without room, see `ledger.grown`."""
    ints, s, j, z = np.int64, OPTIONS, len(world.places.tax), np.zeros
    return Tape(
        z((0, 6), ints), z((0, 2)), z((0, 7), ints), z((0, 3)), z((0, s), np.bool_), z((0, s, len(TERMS))),
        z((0, s, 3)), z((0, 5)), z((0, j)), z((0, 3)), z(3, ints), np.array([whole]), tally, spells,
    )  # fmt: skip


@inlined
def write_lines(tape: Tape, state: State) -> None:
    """Take the lines that the model wrote."""
    log = state.log
    for n in range(log.lines[0]):
        event = log.codes[n, 0]
        count_line(tape.tally, tape.spells, event, log.values[n, 0])
        if not (tape.whole[0] or _is_kept(event)):
            continue
        at = tape.used[0]
        for field in range(6):
            tape.codes[at, field] = log.codes[n, field]
        tape.values[at, 0], tape.values[at, 1] = log.values[n, 0], log.values[n, 1]
        tape.used[0] = at + 1
    log.lines[0] = 0


@inlined
def _is_kept(event: int) -> bool:
    return event in (E_APPLICATION, E_GRANTED, E_REFUSED, E_WITHDRAWN, E_FIRED)


@kernel
def write_decision(tape: Tape, state: State, day: float, exchange: int, cause: int, reason: int) -> None:
    """Take the record of the decision on the desk."""
    at, desk = tape.used[1], state.desk
    tape.who[at, 0], tape.who[at, 1], tape.who[at, 2] = exchange, cause, reason
    for n in range(len(desk.outcome)):
        tape.who[at, 3 + n] = desk.outcome[n]
    tape.when[at, 0], tape.when[at, 1], tape.when[at, 2] = day, desk.scale[0], desk.scale[1]
    for o in range(len(desk.feasible)):
        tape.feasible[at, o] = desk.feasible[o]
        for n in range(desk.terms.shape[1]):
            tape.terms[at, o, n] = desk.terms[o, n]
        for m in range(desk.demand.shape[1]):
            tape.demand[at, o, m] = desk.demand[o, m]
    for p in range(len(desk.hazard)):
        tape.hazard[at, p] = desk.hazard[p]
    for j in range(len(desk.hosts)):
        tape.hosts[at, j] = desk.hosts[j]
    tape.used[1] = at + 1


@kernel
def begin_work(tape: Tape, agency: int, day: float) -> int:
    """Note that a case is taken up; returns its place on the tape."""
    at = tape.used[2]
    tape.work[at, 0], tape.work[at, 1], tape.work[at, 2] = agency, day, np.inf
    tape.used[2] = at + 1
    return int(at)
