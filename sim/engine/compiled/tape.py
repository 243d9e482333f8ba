"""What a compiled run writes down: journal lines, decisions and work, in arrays that grow."""

from typing import NamedTuple

import numpy as np

from sim.model.kernel import growing_kernel, twin
from sim.model.state import State
from sim.model.world import Bools, Floats, Ints


class Tape(NamedTuple):
    """Lines N, decisions D, cases W; `used` holds how many of each are in use."""

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


TapeRef = twin(Tape)


@growing_kernel
def write_lines(tape: Tape, state: State) -> None:
    """Take the lines that the model wrote."""
    log = state.log
    for n in range(log.lines[0]):
        at = tape.used[0]
        if at == len(tape.codes):
            tape.codes = np.concatenate((tape.codes, np.empty_like(tape.codes)))  # type: ignore[misc]
            tape.values = np.concatenate((tape.values, np.empty_like(tape.values)))  # type: ignore[misc]
        tape.codes[at] = log.codes[n]
        tape.values[at] = log.values[n]
        tape.used[0] = at + 1
    log.lines[0] = 0


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
