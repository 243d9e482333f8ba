"""The event loop: take the next appointment, let the model say what happens, keep what it asks for."""

import math

from sim.engine.compiled.calendar import Calendar, pop, push
from sim.engine.compiled.desks import NOBODY, Desks, call_next, finish, leave, queue_up
from sim.engine.compiled.tape import Tape, begin_work, write_decision, write_lines
from sim.model import agenda as ag
from sim.model.agenda import rank
from sim.model.codes import C_REVIEW
from sim.model.enforcement import case_work
from sim.model.handlers import happen
from sim.model.kernel import growing_kernel
from sim.model.licensing import apply, examination
from sim.model.snapshot import Frame, snapshot
from sim.model.state import State
from sim.model.tally import tally_record
from sim.model.world import Ints, World


@growing_kernel
def run_until(
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape,
    frame: Frame, queues: Ints, end: float,
) -> None:  # fmt: skip
    """Work off the calendar up to, but not at, `end`; records are taken at `tape.tally.day`."""
    times = tape.tally.day
    if len(times):
        push(calendar, times[0], rank(world, ag.RECORD, 0, 0, 0), ag.RECORD, 0, 0, 0)
    while calendar.size[0] > 0 and calendar.time[0] < end:
        now = calendar.time[0]
        row = calendar.rows[0]
        kind, a, b, c = row[0], row[1], row[2], row[3]
        pop(calendar)
        if kind == ag.RECORD:
            if tape.whole[0]:
                snapshot(world, state, frame, a, now)
                _record_queues(desks, queues[a])
            else:
                tally_record(world, state, tape.tally, tape.spells, a)
            if a + 1 < len(times):
                later = now + (times[a + 1] - now)
                push(calendar, later, rank(world, ag.RECORD, a + 1, 0, 0), ag.RECORD, a + 1, 0, 0)
        elif kind != ag.PATIENCE or leave(desks, c):
            if happen(world, state, kind, a, b, c, now) and tape.whole[0]:
                _write_decision(tape, state, kind, a, b, c, now)
            keep(world, state, calendar, desks, tape, now)
            _call_up(world, state, calendar, desks, tape, kind, a, b, c, now)


@growing_kernel
def _record_queues(desks: Desks, row: Ints) -> None:
    count = len(desks.free)
    for d in range(count):
        row[d] = desks.waiting[d]
        row[count + d] = desks.served[d]


@growing_kernel
def _write_decision(tape: Tape, state: State, kind: int, a: int, b: int, c: int, now: float) -> None:
    if kind == ag.REVIEW:
        write_decision(tape, state, now, a, C_REVIEW, b)
    else:
        write_decision(tape, state, now, a, b, c)


@growing_kernel
def keep(world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, now: float) -> None:
    """Write down what happened and put what the model asks for into the calendar or a queue."""
    write_lines(tape, state)
    agenda = state.agenda
    asked = agenda.lines[0]
    agenda.lines[0] = 0
    for n in range(asked):
        row = agenda.rows[n]
        kind, a, b, c = row[0], row[1], row[2], row[3]
        if kind == ag.APPLICATION:
            _apply(world, state, calendar, desks, tape, a, b, now)
        elif kind == ag.CASE_OPENED:
            queue_up(desks, c, a, b)
            _serve(world, state, calendar, desks, tape, c, now)
        elif not math.isinf(agenda.delay[n]):
            push(calendar, now + agenda.delay[n], rank(world, kind, a, b, c), kind, a, b, c)


@growing_kernel
def _apply(
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, v: int, office: int, now: float
) -> None:
    patience = apply(world, state, v, office, now)
    write_lines(tape, state)
    desk = len(world.agencies.capacity) + office
    request = queue_up(desks, desk, v, office)
    if not math.isinf(patience):
        push(calendar, now + patience, rank(world, ag.PATIENCE, v, office, 0), ag.PATIENCE, v, office, request)
    _serve(world, state, calendar, desks, tape, desk, now)


@growing_kernel
def _serve(world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, desk: int, now: float) -> None:
    """Whoever is next is taken up if a server is free."""
    request = call_next(desks, desk)
    if request == NOBODY:
        return
    a, b = desks.requests[request, 1], desks.requests[request, 2]
    if desk < len(world.agencies.capacity):
        days = case_work(world, state, desk, a, b, now)
        write_lines(tape, state)
        place = begin_work(tape, desk, now)
        push(calendar, now + days, rank(world, ag.CASE, a, b, 0), ag.CASE, a, b, place)
    else:
        days = examination(world, state, a, b, now)
        push(calendar, now + days, rank(world, ag.LICENCE, a, b, 0), ag.LICENCE, a, b, 0)


@growing_kernel
def _call_up(
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, kind: int, a: int, b: int, c: int,
    now: float,
) -> None:  # fmt: skip
    """After a case or an examination the server turns to the next."""
    if kind == ag.CASE:
        tape.work[c, 2] = now
        desk = int(tape.work[c, 0])
    elif kind == ag.LICENCE:
        desk = len(world.agencies.capacity) + b
    else:
        return
    finish(desks, desk)
    _serve(world, state, calendar, desks, tape, desk, now)
