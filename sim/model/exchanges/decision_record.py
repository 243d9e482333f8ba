"""The record of one decision."""

from typing import NamedTuple

from sim.model.state import Desk
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


def read_desk(desk: Desk, day: float, exchange: int, cause: int, index: int) -> Decision:
    """Copy the desk."""
    before, choice, runner_up, host = (int(n) for n in desk.outcome)
    return Decision(
        day, exchange, cause, index, before, choice, runner_up, host, float(desk.scale[0]), float(desk.scale[1]),
        desk.feasible.copy(), desk.terms.copy(), desk.demand.copy(), desk.hazard.copy(), desk.hosts.copy(),
    )  # fmt: skip
