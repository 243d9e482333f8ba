"""What a strategy is worth to an exchange.

    V(o) = sum_m [ T_m (take_m W_m(o) - cost_m) - (1 - e^(-hazard_m h)) loss_m ] - launch costs - exit costs
    T_m  = L(g) + chance_m (L(h) - L(g)),   L(t) = (1 - e^(-hazard_m t)) / hazard_m
                                                      expected life within the horizon h of a venue that may trade for
                                                      g days and then needs a licence; g is 0 if it is not yet open

Everything is in the unit of volume: a cost in money is divided by the price of that unit when the exchange decides.
W_m(o) is the real volume that the demand equations give the exchange if only its own slots change, O(K) each.
A strategy is a choice of posture per slot, so all but its volume is computed once per posture (`posture_values`).
"""

from sim.kernels.compile import inlined
from sim.model.exchanges.beliefs import posture_in
from sim.model.exchanges.costs import cost_of
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import Floats, Ints, World


@inlined
def choice_scale(world: World, state: State, f: int, temperature: float) -> float:
    """Value within the horizon, in the unit of volume, that counts as one unit of error.

    `survey_market` has been called.
    """
    settings, constant = world.settings, world.settings.constant / state.scratch.price[0]
    return float(temperature * (settings.horizon * state.exchanges.revenue[f] + constant))


@inlined
def admitted(state: State, slots: Ints) -> bool:
    """Whether law and host admit all postures of an option."""
    possible, all_possible = state.postures.possible, True
    for m in range(3):
        all_possible &= slots[m] < 0 or possible[slots[m]]
    return all_possible


@inlined
def option_value(world: World, state: State, f: int, slots: Ints, price: float, volume: Floats, terms: Floats) -> bool:
    """Fill the terms of an option's value from its expected volume; False if exchange f cannot afford it at a price."""
    postures = state.postures
    revenue, running, penalty, launch, exit_cost = 0.0, 0.0, 0.0, 0.0, 0.0
    for m in range(3):
        p = slots[m]
        if p >= 0:
            revenue += postures.margin[p] * volume[m]
            running += postures.running_cost[p]
            penalty += postures.penalty[p]
            launch += postures.launch[p]
        elif state.venues.open[3 * f + m] and posture_in(state, f, m) != c.DEFY:
            exit_cost += cost_of(world.economy.exit, state.exchanges.revenue[f], price)
    terms[c.T_REVENUE], terms[c.T_RUNNING], terms[c.T_PENALTY] = revenue, running, penalty
    terms[c.T_LAUNCH], terms[c.T_EXIT] = launch, exit_cost
    terms[c.T_VALUE] = revenue - running - penalty - launch - exit_cost
    return bool(launch <= world.exchanges.capital[f] / price)
