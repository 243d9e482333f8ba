"""The small model for any number of exchanges, as our engines take it."""

from __future__ import annotations

import math
from pathlib import Path

from sim.scenario.scenario import load
from sim.world import build
from sim.world.arrays import World

SCENARIO = Path(__file__).with_name("small.yaml")
_SPREAD = 0.8  # of log brand


def world_of(exchanges: int) -> World:
    """The small model with so many exchanges, of the same size each whatever their number."""
    scenario = load(
        SCENARIO,
        {
            "exchanges.firm.count": exchanges,
            "exchanges.firm.brand": {"normal": {"mean": -math.log(exchanges) - _SPREAD**2 / 2.0, "sd": _SPREAD}},
            "segments.traders.volume": 2000.0 * exchanges,
            "segments.foreigners.volume": 1000.0 * exchanges,
        },
    )
    return build.world_of(scenario, "baseline")[0]
