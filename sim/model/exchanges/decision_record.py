"""The record of one decision."""

from typing import NamedTuple

from sim.model.state import DecisionRecord
from sim.world.arrays import Bools, Floats


class Decision(NamedTuple):
    """Who decided what, when and why: arrays as in `state.Desk`, codes as in `codes`, `reason` the cause's index."""

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
    before, choice, runner_up, host = (int(n) for n in decision.outcome)
    return Decision(
        day, exchange, cause, index, before, choice, runner_up, host, float(decision.scale[0]),
        float(decision.scale[1]),
        decision.feasible.copy(), decision.terms.copy(), decision.demand.copy(), decision.hazard.copy(),
        decision.hosts.copy(),
    )  # fmt: skip
