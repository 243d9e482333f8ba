"""One run from the first day to the last, compiled."""

from typing import Any

import numpy as np

from sim.engine.compiled.calendar import Calendar, CalendarRef
from sim.engine.compiled.desks import Desks, DesksRef, clear_desks
from sim.engine.compiled.loop import keep, run_until
from sim.engine.compiled.tape import Tape, TapeRef, read_tape
from sim.engine.result import AFTER_ALL, Result, empty_frame, record_times
from sim.model.codes import OPTIONS, TERMS
from sim.model.desk import Decision
from sim.model.handlers import begin
from sim.model.kernel import growing_kernel
from sim.model.shared import share_state, share_world
from sim.model.snapshot import Frame
from sim.model.state import State, empty_state
from sim.model.world import Bools, Floats, Ints, World

_ROOM = 256  # entries at first; arrays double when they are full


def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    frame = empty_frame(world, len(times))
    desks = len(world.agencies.capacity) + len(world.offices.officers)
    queues = np.zeros((len(times), 2 * desks), dtype=np.int64)
    state = empty_state(world, seed, replication)
    parts = _run(
        share_world(world), share_state(state), _calendar(), _desks(desks), _tape(world), times, frame, queues,
        until + AFTER_ALL,
    )  # fmt: skip
    codes, values, who, when, feasible, terms, demand, hazard, hosts, work = parts
    rows = zip(when.tolist(), who.tolist(), feasible, terms, demand, hazard, hosts, strict=True)
    decisions = tuple(_decision(*row) for row in rows)
    done = tuple((int(agency), float(began), float(min(ended, until))) for agency, began, ended in work)
    return Result(times, frame, queues, codes, values, decisions, done)


def _decision(when: list[float], who: list[int], *desk: Any) -> Decision:
    """One decision from its rows on the tape."""
    day, scale, margin = when
    exchange, cause, reason, before, choice, runner_up, host = who
    return Decision(day, exchange, cause, reason, before, choice, runner_up, host, scale, margin, *desk)


@growing_kernel
def _run(
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, times: Floats, frame: Frame,
    queues: Ints, end: float,
) -> tuple[Ints, Floats, Ints, Floats, Bools, Floats, Floats, Floats, Floats, Floats]:  # fmt: skip
    held = CalendarRef(*calendar)
    rooms = DesksRef(*desks)
    kept = TapeRef(*tape)
    clear_desks(world, rooms)
    begin(world, state)
    keep(world, state, held, rooms, kept, 0.0)
    run_until(world, state, held, rooms, kept, times, frame, queues, end)
    return read_tape(kept)


def _calendar() -> Calendar:
    ints = np.int64
    return Calendar(np.empty(_ROOM), np.empty((_ROOM, 2), ints), np.empty((_ROOM, 4), ints), np.zeros(2, ints))


def _desks(count: int) -> Desks:
    def column() -> Ints:
        return np.zeros(count, dtype=np.int64)

    requests = np.empty((_ROOM, 5), dtype=np.int64)
    return Desks(column(), column(), column(), column(), column(), requests, np.zeros(1, dtype=np.int64))


def _tape(world: World) -> Tape:
    ints, s, j = np.int64, OPTIONS, len(world.places.tax)
    return Tape(
        np.empty((_ROOM, 6), ints), np.empty((_ROOM, 2)), np.empty((_ROOM, 7), ints), np.empty((_ROOM, 3)),
        np.empty((_ROOM, s), np.bool_), np.empty((_ROOM, s, len(TERMS))), np.empty((_ROOM, s, 3)),
        np.empty((_ROOM, 5)), np.empty((_ROOM, j)), np.empty((_ROOM, 3)), np.zeros(3, ints),
    )  # fmt: skip
