"""Costs: what they are in the unit of volume, and what bringing a slot into a posture costs."""

import math

from sim.kernels.compile import inlined
from sim.model.exchanges.beliefs import mode_of
from sim.model.state import State
from sim.model.traders.attraction import level_on
from sim.world import codes as c
from sim.world.arrays import Floats, World


@inlined
def price_on(world: World, now: float) -> float:
    """Money per unit of volume at `now`, relative to the first day."""
    economy = world.economy
    return level_on(economy.price_day, economy.price, len(economy.price), economy.price_linear[0], now)


@inlined
def cost_of(row: Floats, revenue: float, price: float) -> float:
    """Cost in the unit of volume, from a row (fixed, days of the reference revenue) at the price of the first day."""
    return float((row[0] + row[1] * revenue) / price)


@inlined
def launch_cost(world: World, state: State, f: int, posture: int, host: int) -> float:
    """Cost of bringing a slot into a posture; moving it to another host, or into or out of disguise, is a launch.

    To open again costs less, the sooner the less.
    """
    mode = mode_of(posture)
    exchanges, v = state.exchanges, 3 * f + mode
    runs = state.venues.open[v] or state.venues.building[v]
    if runs and mode == c.OFFSHORE:
        disguised, present = exchanges.next_disguised[f], exchanges.next_host[f]
        runs = disguised == (posture == c.DISGUISED) and (present == host or posture == c.DISGUISED)
    if runs:
        return 0.0
    now = state.market.now[0]
    price = price_on(world, now)
    cost = cost_of(world.economy.launch[c.DOMESTIC if posture == c.DEFY else posture], exchanges.revenue[f], price)
    away, reopen = now - state.venues.closed_day[v], world.settings.reopen
    if not math.isnan(reopen) and not math.isnan(away) and not state.venues.open[v]:
        cost *= 1.0 - (1.0 - reopen) * math.exp(-world.settings.awareness_fade * away)
    if posture == c.OFFSHORE and host >= 0:
        cost += world.jurisdictions.entry_cost[host] * state.in_force.entry_cost_factor[host] / price
    return cost
