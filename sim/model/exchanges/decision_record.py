"""The record of one decision."""

from typing import NamedTuple

from sim.model.state import BEFORE, CHOICE, HOST, MARGIN, RUNNER_UP, UNIT, DecisionRecord
from sim.world.arrays import Bools, Floats


class Decision(NamedTuple):
    """Who decided what, when and why: arrays as in `DecisionRecord`, numbers as in `codes`, `reason` an index."""

    day: float
    exchange: int
    cause: int
    reason: int
    before: int
    choice: int
    runner_up: int
    host: int
    scale: float
    margin: float
    feasible: Bools
    terms: Floats
    demand: Floats
    hazard: Floats
    hosts: Floats


def copy_decision(decision: DecisionRecord, day: float, exchange: int, cause: int, index: int) -> Decision:
    """A copy of the record of the last decision."""
    outcome, scale = decision.outcome.tolist(), decision.scale.tolist()
    return Decision(
        day=day,
        exchange=exchange,
        cause=cause,
        reason=index,
        before=outcome[BEFORE],
        choice=outcome[CHOICE],
        runner_up=outcome[RUNNER_UP],
        host=outcome[HOST],
        scale=scale[UNIT],
        margin=scale[MARGIN],
        feasible=decision.feasible.copy(),
        terms=decision.terms.copy(),
        demand=decision.demand.copy(),
        hazard=decision.hazard.copy(),
        hosts=decision.hosts.copy(),
    )
