"""The event loop: take the next appointment, let the model say what happens, keep what it asks for."""

import math

from sim.engine.compiled.event_queue import add, clear, first_time, remove_first
from sim.engine.compiled.recorder import Tape, begin_work, write_decision, write_lines
from sim.engine.compiled.servers import NOBODY, Desks, call_next, clear_desks, finish, leave, queue_up
from sim.engine.compiled.workspace import Ledger, has_room
from sim.kernels.compile import kernel
from sim.model import events as ag
from sim.model.events import rank
from sim.model.handlers import begin, happen
from sim.model.outcomes.snapshot import snapshot
from sim.model.outcomes.tally import tally_record
from sim.model.regulators.enforcement import case_work
from sim.model.regulators.licensing import apply, examination
from sim.model.state import State
from sim.world.arrays import Ints, World
from sim.world.codes import C_REVIEW


@kernel
def open_run(world: World, state: State, ledger: Ledger) -> None:
    """The first day of a run from an empty state."""
    clear(ledger.calendar)
    clear_desks(world, ledger.desks)
    begin(world, state)
    keep(world, state, ledger, 0.0)
    if len(ledger.tape.tally.day):
        _ask_record(world, ledger, 0, ledger.tape.tally.day[0])


@kernel
def _ask_record(world: World, ledger: Ledger, t: int, when: float) -> None:
    add(ledger.calendar, when, rank(world, ag.RECORD, t, 0, 0), ag.RECORD, t, 0, 0)


@kernel
def run_until(world: World, state: State, ledger: Ledger, end: float) -> bool:
    """Work off the calendar up to, but not at, `end`; records are taken at `ledger.tape.tally.day`.

    False if the ledger has no more room: it goes on where it stopped when called again with a longer one.
    """
    calendar = ledger.calendar
    while True:
        now = first_time(calendar)
        if now >= end:
            return True
        if not has_room(ledger):
            return False
        row = calendar.rows[calendar.place[0]]
        kind, a, b, c = row[2], row[3], row[4], row[5]
        remove_first(calendar)
        if kind == ag.RECORD:
            _record(world, state, ledger, a, now)
        elif kind != ag.PATIENCE or leave(ledger.desks, c):
            if happen(world, state, kind, a, b, c, now) and ledger.tape.whole[0]:
                _write_decision(ledger.tape, state, kind, a, b, c, now)
            keep(world, state, ledger, now)
            _call_up(world, state, ledger, kind, a, b, c, now)


@kernel
def _record(world: World, state: State, ledger: Ledger, t: int, now: float) -> None:
    times = ledger.tape.tally.day
    if ledger.tape.whole[0]:
        snapshot(world, state, ledger.frame, t, now)
        _record_queues(ledger.desks, ledger.queues[t])
    else:
        tally_record(world, state, ledger.tape.tally, ledger.tape.spells, t)
    if t + 1 < len(times):
        _ask_record(world, ledger, t + 1, now + (times[t + 1] - now))


@kernel
def _record_queues(desks: Desks, row: Ints) -> None:
    count = len(desks.free)
    for d in range(count):
        row[d] = desks.waiting[d]
        row[count + d] = desks.served[d]


@kernel
def _write_decision(tape: Tape, state: State, kind: int, a: int, b: int, c: int, now: float) -> None:
    if kind == ag.REVIEW:
        write_decision(tape, state, now, a, C_REVIEW, b)
    else:
        write_decision(tape, state, now, a, b, c)


@kernel
def keep(world: World, state: State, ledger: Ledger, now: float) -> None:
    """Write down what happened and put what the model asks for into the calendar or a queue."""
    write_lines(ledger.tape, state)
    agenda = state.agenda
    asked = agenda.lines[0]
    agenda.lines[0] = 0
    for n in range(asked):
        row = agenda.rows[n]
        kind, a, b, c = row[0], row[1], row[2], row[3]
        if kind == ag.APPLICATION:
            _apply(world, state, ledger, a, b, now)
        elif kind == ag.CASE_OPENED:
            queue_up(ledger.desks, c, a, b)
            _serve(world, state, ledger, c, now)
        elif not math.isinf(agenda.delay[n]):
            add(ledger.calendar, now + agenda.delay[n], rank(world, kind, a, b, c), kind, a, b, c)


@kernel
def _apply(world: World, state: State, ledger: Ledger, v: int, office: int, now: float) -> None:
    patience = apply(world, state, v, office, now)
    write_lines(ledger.tape, state)
    desk = len(world.agencies.capacity) + office
    request = queue_up(ledger.desks, desk, v, office)
    if not math.isinf(patience):
        add(ledger.calendar, now + patience, rank(world, ag.PATIENCE, v, office, 0), ag.PATIENCE, v, office, request)
    _serve(world, state, ledger, desk, now)


@kernel
def _serve(world: World, state: State, ledger: Ledger, desk: int, now: float) -> None:
    """Whoever is next is taken up if a server is free."""
    request = call_next(ledger.desks, desk)
    if request == NOBODY:
        return
    a, b = ledger.desks.requests[request, 1], ledger.desks.requests[request, 2]
    if desk < len(world.agencies.capacity):
        days = case_work(world, state, desk, a, b, now)
        write_lines(ledger.tape, state)
        place = begin_work(ledger.tape, desk, now)
        add(ledger.calendar, now + days, rank(world, ag.CASE, a, b, 0), ag.CASE, a, b, place)
    else:
        days = examination(world, state, a, b, now)
        add(ledger.calendar, now + days, rank(world, ag.LICENCE, a, b, 0), ag.LICENCE, a, b, 0)


@kernel
def _call_up(world: World, state: State, ledger: Ledger, kind: int, a: int, b: int, c: int, now: float) -> None:
    """After a case or an examination the server turns to the next."""
    if kind == ag.CASE:
        ledger.tape.work[c, 2] = now
        desk = int(ledger.tape.work[c, 0])
    elif kind == ag.LICENCE:
        desk = len(world.agencies.capacity) + b
    else:
        return
    finish(ledger.desks, desk)
    _serve(world, state, ledger, desk, now)
