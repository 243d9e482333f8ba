"""The first day: what is traded where before anything can happen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.kernels.compile import as_compiled
from sim.model.exchanges.beliefs import posture_of
from sim.model.exchanges.costs import cost_of
from sim.model.initial import set_initial_state
from sim.model.state import State, empty_state
from sim.model.traders.attraction import base_volume
from sim.model.traders.demand import venue_share_in
from sim.world.arrays import Floats, World
from sim.world.codes import OFFSHORE


@dataclass(frozen=True)
class FirstDay:
    """Per day, in the unit of volume.

    `volume` (K, F, 3): what each segment trades at each exchange, by mode. `untraded` (K,): what each would trade if
    all of it traded, less that. `earned`, `cost` (F,): what each exchange earns after tax, and what its venues cost.
    """

    volume: Floats
    untraded: Floats
    earned: Floats
    cost: Floats


@as_compiled
def first_day_of(world: World, seed: int = 0, replication: int = 0) -> FirstDay:
    """The first day of a world, whose attributes are drawn as in this replication."""
    state = empty_state(world, seed, replication)
    set_initial_state(world, state)
    segments, exchanges = len(world.segments.switching), len(world.exchanges.key)
    shares = np.array(
        [[venue_share_in(state.market, k, v, v % 3) for v in range(3 * exchanges)] for k in range(segments)]
    )
    demand = np.array([base_volume(world, state, k, 0.0) for k in range(segments)])
    volume = (shares * demand[:, None]).reshape(segments, exchanges, 3)
    money = np.array([_earned_and_cost(world, state, f) for f in range(exchanges)])
    return FirstDay(volume, demand - volume.sum(axis=(1, 2)), money[:, 0], money[:, 1])


def figures(amount: float) -> str:
    """A volume or an amount of money to three significant figures."""
    rounded = float(f"{amount:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100.0 else f"{rounded:g}"


def _earned_and_cost(world: World, state: State, f: int) -> tuple[float, float]:
    """What an exchange earns per day, and what it costs to run its venues."""
    earned, cost = 0.0, 0.0
    for v in range(3 * f, 3 * f + 3):
        if state.venues.open[v]:
            posture, host = posture_of(state, v), state.exchanges.host[f]
            kept = 1.0 - world.jurisdictions.tax[host] if posture == OFFSHORE and host >= 0 else 1.0
            earned += world.economy.take[v % 3] * kept * state.venues.volume[v]
            cost += cost_of(world.economy.running[posture], state.exchanges.revenue[f], 1.0)
    return earned, cost
