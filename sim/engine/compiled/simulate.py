"""One run from the first day to the last, compiled."""

from typing import Any

import numpy as np

from sim.engine.block import empty_block
from sim.engine.compiled.block import simulate_part
from sim.engine.compiled.tape import Tape
from sim.engine.result import Result, record_times
from sim.model.desk import Decision
from sim.model.world import World


def simulate(world: World, seed: int, replication: int, until: float, every: float) -> Result:
    """Simulate `until` so many days from the start, recording every `every` days."""
    times = record_times(until, every)
    ledger = simulate_part(world, seed, np.array([replication]), until, times, None, empty_block(world, 1, 0))
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
