"""What a compiled run writes down, in arrays that grow: all of it, or only what the summary measures need."""

from typing import NamedTuple

import numpy as np

from sim.model.codes import E_APPLICATION, E_FIRED, E_GRANTED, E_REFUSED, E_WITHDRAWN, OPTIONS, TERMS
from sim.model.kernel import growing_kernel, twin
from sim.model.shared import share
from sim.model.state import State
from sim.model.tally import Spells, Tally, count_line
from sim.model.world import Bools, Floats, Ints, World

_ROOM = 256  # entries at first; arrays double when they are full


class Tape(NamedTuple):
    """Lines N, decisions D, cases W; `used` holds how many of each are in use.

    If it is not `whole`, it takes no decisions, and only lines on licences and rules.
    """

    codes: Ints  # (N, 6)
    values: Floats  # (N, 2)
    who: Ints  # (D, 7) exchange, cause, reason, before, choice, runner-up, host
    when: Floats  # (D, 3) day, scale, margin
    feasible: Bools  # (D, S)
    terms: Floats  # (D, S, 8)
    demand: Floats  # (D, S, 3)
    hazard: Floats  # (D, 5)
    hosts: Floats  # (D, J)
    work: Floats  # (W, 3) agency, began, ended
    used: Ints  # (3,)
    whole: Bools  # (1,)
    tally: Tally
    spells: Spells


TapeRef = twin(Tape)


def empty_tape(world: World, tally: Tally, spells: Spells, whole: bool) -> Tape:
    """A tape to write on."""
    ints, s, j, n = np.int64, OPTIONS, len(world.places.tax), _ROOM if whole else 1
    return Tape(
        np.empty((_ROOM, 6), ints), np.empty((_ROOM, 2)), np.empty((n, 7), ints), np.empty((n, 3)),
        np.empty((n, s), np.bool_), np.empty((n, s, len(TERMS))), np.empty((n, s, 3)), np.empty((n, 5)),
        np.empty((n, j)), np.empty((_ROOM, 3)), np.zeros(3, ints), np.array([whole]),
        share(tally), share(spells),
    )  # fmt: skip


@growing_kernel
def write_lines(tape: Tape, state: State) -> None:
    """Take the lines that the model wrote."""
    log = state.log
    for n in range(log.lines[0]):
        event = log.codes[n, 0]
        count_line(tape.tally, tape.spells, event, log.values[n, 0])
        if not (tape.whole[0] or _is_kept(event)):
            continue
        at = tape.used[0]
        if at == len(tape.codes):
            tape.codes = np.concatenate((tape.codes, np.empty_like(tape.codes)))  # type: ignore[misc]
            tape.values = np.concatenate((tape.values, np.empty_like(tape.values)))  # type: ignore[misc]
        tape.codes[at] = log.codes[n]
        tape.values[at] = log.values[n]
        tape.used[0] = at + 1
    log.lines[0] = 0


@growing_kernel
def _is_kept(event: int) -> bool:
    return event in (E_APPLICATION, E_GRANTED, E_REFUSED, E_WITHDRAWN, E_FIRED)


@growing_kernel
def write_decision(tape: Tape, state: State, day: float, exchange: int, cause: int, reason: int) -> None:
    """Take the record of the decision on the desk."""
    at, desk = tape.used[1], state.desk
    if at == len(tape.when):
        _grow_decisions(tape)
    tape.who[at, 0], tape.who[at, 1], tape.who[at, 2] = exchange, cause, reason
    tape.who[at, 3:7] = desk.outcome
    tape.when[at, 0], tape.when[at, 1], tape.when[at, 2] = day, desk.scale[0], desk.scale[1]
    tape.feasible[at] = desk.feasible
    tape.terms[at] = desk.terms
    tape.demand[at] = desk.demand
    tape.hazard[at] = desk.hazard
    tape.hosts[at] = desk.hosts
    tape.used[1] = at + 1


@growing_kernel
def _grow_decisions(tape: Tape) -> None:
    tape.who = np.concatenate((tape.who, np.empty_like(tape.who)))  # type: ignore[misc]
    tape.when = np.concatenate((tape.when, np.empty_like(tape.when)))  # type: ignore[misc]
    tape.feasible = np.concatenate((tape.feasible, np.empty_like(tape.feasible)))  # type: ignore[misc]
    tape.terms = np.concatenate((tape.terms, np.empty_like(tape.terms)))  # type: ignore[misc]
    tape.demand = np.concatenate((tape.demand, np.empty_like(tape.demand)))  # type: ignore[misc]
    tape.hazard = np.concatenate((tape.hazard, np.empty_like(tape.hazard)))  # type: ignore[misc]
    tape.hosts = np.concatenate((tape.hosts, np.empty_like(tape.hosts)))  # type: ignore[misc]


@growing_kernel
def begin_work(tape: Tape, agency: int, day: float) -> int:
    """Note that a case is taken up; returns its place on the tape."""
    at = tape.used[2]
    if at == len(tape.work):
        tape.work = np.concatenate((tape.work, np.empty_like(tape.work)))  # type: ignore[misc]
    tape.work[at, 0], tape.work[at, 1], tape.work[at, 2] = agency, day, np.inf
    tape.used[2] = at + 1
    return int(at)


@growing_kernel
def read_tape(
    tape: Tape,
) -> tuple[Ints, Floats, Ints, Floats, Bools, Floats, Floats, Floats, Floats, Floats]:
    """The parts in use, in the order of the fields."""
    n, d, w = tape.used[0], tape.used[1], tape.used[2]
    return (
        tape.codes[:n], tape.values[:n], tape.who[:d], tape.when[:d], tape.feasible[:d], tape.terms[:d],
        tape.demand[:d], tape.hazard[:d], tape.hosts[:d], tape.work[:w],
    )  # fmt: skip
