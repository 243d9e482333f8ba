"""The event loop: take the next appointment, let the model say what happens, keep what it asks for."""

import math

from sim.engine.compiled.calendar import Calendar, pop, push
from sim.engine.compiled.desks import NOBODY, Desks, call_next, finish, leave, queue_up
from sim.engine.compiled.tape import Tape, begin_work, write_decision, write_lines
from sim.model import agenda as ag
from sim.model import handlers as on
from sim.model.agenda import rank
from sim.model.codes import C_REVIEW
from sim.model.enforcement import case_work
from sim.model.kernel import kernel
from sim.model.licensing import apply, examination
from sim.model.snapshot import Frame, snapshot
from sim.model.state import State
from sim.model.world import Floats, Ints, World


@kernel
def run_until(
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, times: Floats, frame: Frame,
    queues: Ints, end: float,
) -> None:  # fmt: skip
    """Work off the calendar up to, but not at, `end`; records are taken at `times`."""
    if len(times):
        push(calendar, times[0], rank(world, ag.RECORD, 0, 0, 0), ag.RECORD, 0, 0, 0)
    while calendar.size[0] > 0 and calendar.time[0] < end:
        now = calendar.time[0]
        row = calendar.rows[0]
        kind, a, b, c = row[0], row[1], row[2], row[3]
        pop(calendar)
        if kind == ag.RECORD:
            snapshot(world, state, frame, a, now)
            _record_queues(desks, queues[a])
            if a + 1 < len(times):
                later = now + (times[a + 1] - now)
                push(calendar, later, rank(world, ag.RECORD, a + 1, 0, 0), ag.RECORD, a + 1, 0, 0)
        else:
            _happen(world, state, desks, tape, kind, a, b, c, now)
            keep(world, state, calendar, desks, tape, now)
            _call_up(world, state, calendar, desks, tape, kind, a, b, c, now)


@kernel
def _record_queues(desks: Desks, row: Ints) -> None:
    count = len(desks.free)
    for d in range(count):
        row[d] = desks.waiting[d]
        row[count + d] = desks.served[d]


@kernel
def _happen(
    world: World, state: State, desks: Desks, tape: Tape, kind: int, a: int, b: int, c: int, now: float
) -> None:
    """Let the model act on an appointment."""
    if kind == ag.TICK:
        on.on_tick(world, state, a, now)
    elif kind == ag.DECISION:
        if on.on_decision(world, state, a, b, c, now):
            write_decision(tape, state, now, a, b, c)
    elif kind == ag.REVIEW:
        if on.on_review(world, state, a, b, now):
            write_decision(tape, state, now, a, C_REVIEW, b)
    elif kind == ag.DETECTION:
        on.on_detection(world, state, a, b, c, now)
    elif kind == ag.CASE:
        on.on_case(world, state, a, b, now)
    elif kind == ag.STEP:
        on.on_step(world, state, a, now)
    elif kind == ag.CLOSE:
        on.on_close(world, state, a, now)
    elif kind == ag.LAUNCH:
        on.on_launch(world, state, a, now)
    else:
        _happen_rarely(world, state, desks, kind, a, b, c, now)


@kernel
def _happen_rarely(world: World, state: State, desks: Desks, kind: int, a: int, b: int, c: int, now: float) -> None:
    if kind == ag.CAMPAIGN:
        on.on_campaign(world, state, a, b, now)
    elif kind == ag.ENTRY:
        on.on_entry(world, state, a, now)
    elif kind == ag.LICENCE:
        on.on_licence(world, state, a, b, now)
    elif kind == ag.PATIENCE:
        if leave(desks, c):
            on.on_patience(world, state, a, b, now)
    elif kind == ag.DOMAIN:
        on.on_domain(world, state, a, now)
    elif kind == ag.RELEASE:
        on.on_release(world, state, a, now)
    elif kind == ag.RULE:
        on.on_rule(world, state, a, now)


@kernel
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


@kernel
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


@kernel
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


@kernel
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
