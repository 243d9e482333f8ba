"""One run from the first day to the last, compiled."""

from typing import Any

import numpy as np

from sim.engine.compiled.loop import open_run, run_until
from sim.engine.compiled.recorder import Tape
from sim.engine.compiled.workspace import empty_ledger, grown
from sim.engine.result import AFTER_ALL, Result, record_times
from sim.kernels.compile import as_compiled
from sim.kernels.pointers import share
from sim.model.exchanges.decision_record import Decision
from sim.model.outcomes.tally import empty_spells, empty_tally
from sim.model.state import empty_state
from sim.world.arrays import World


@as_compiled
def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    state = empty_state(world, seed, replication)
    ledger = empty_ledger(world, state, empty_tally(world, times), empty_spells(world, 0, np.zeros(2)), whole=True)
    w, s, kept = share(world), share(state), share(ledger)
    open_run(w, s, kept)
    while not run_until(w, s, kept, until + AFTER_ALL):
        ledger = grown(ledger, state)
        kept = share(ledger)
    tape, (lines, _, cases) = ledger.tape, ledger.tape.used
    done = tuple((int(agency), float(began), float(min(ended, until))) for agency, began, ended in tape.work[:cases])
    codes, values = tape.codes[:lines].copy(), tape.values[:lines].copy()
    return Result(times, ledger.frame, ledger.queues, codes, values, _decisions(tape), done)


def _decisions(tape: Tape) -> tuple[Decision, ...]:
    made = slice(tape.used[1])
    parts = (part[made].copy() for part in (tape.feasible, tape.terms, tape.demand, tape.hazard, tape.hosts))
    rows = zip(tape.when[made].tolist(), tape.who[made].tolist(), *parts, strict=True)
    return tuple(_decision(*row) for row in rows)


def _decision(when: list[float], who: list[int], *desk: Any) -> Decision:
    """One decision from its rows on the tape."""
    day, scale, margin = when
    exchange, cause, reason, before, choice, runner_up, host = who
    return Decision(day, exchange, cause, reason, before, choice, runner_up, host, scale, margin, *desk)
