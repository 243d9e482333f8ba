"""One run from the first day to the last, compiled."""

from typing import Any

import numpy as np

from sim.engine.compiled.calendar import Calendar, CalendarRef, empty_calendar
from sim.engine.compiled.desks import Desks, DesksRef, clear_desks, empty_desks
from sim.engine.compiled.loop import keep, run_until
from sim.engine.compiled.tape import Tape, TapeRef, empty_tape, read_tape
from sim.engine.result import AFTER_ALL, Result, empty_frame, record_times
from sim.model.desk import Decision
from sim.model.handlers import begin
from sim.model.kernel import growing_kernel
from sim.model.shared import share
from sim.model.snapshot import Frame
from sim.model.state import State, empty_state
from sim.model.tally import empty_spells, empty_tally
from sim.model.world import Bools, Floats, Ints, World


def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    frame = empty_frame(world, len(times))
    desks = empty_desks(world)
    queues = np.zeros((len(times), 2 * len(desks.free)), dtype=np.int64)
    tape = empty_tape(world, empty_tally(world, times), empty_spells(world, 0, np.zeros(2)), whole=True)
    state = empty_state(world, seed, replication)
    parts = _run(
        share(world), share(state), empty_calendar(), desks, tape, frame, queues, until + AFTER_ALL
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
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, frame: Frame, queues: Ints, end: float
) -> tuple[Ints, Floats, Ints, Floats, Bools, Floats, Floats, Floats, Floats, Floats]:
    kept = TapeRef(*tape)
    replicate(world, state, CalendarRef(*calendar), DesksRef(*desks), kept, frame, queues, end)
    return read_tape(kept)


@growing_kernel
def replicate(
    world: World, state: State, calendar: Calendar, desks: Desks, tape: Tape, frame: Frame, queues: Ints, end: float
) -> None:
    """One replication from an empty state, on an empty tape."""
    calendar.size[:] = 0
    clear_desks(world, desks)
    begin(world, state)
    keep(world, state, calendar, desks, tape, 0.0)
    run_until(world, state, calendar, desks, tape, frame, queues, end)
