"""Awareness: how many foreign users know an exchange's venue abroad, which has to make its name there.

    dA/dt = g (1 - A)                 while it is open abroad
    dA/dt = - d (A - A_0)             while it is not, A_0 being the part who know it before it first opens

A multiplies the offshore attraction of the exchange to foreign users, as in models of diffusion by information (the
external influence of Bass, 1969, A new product growth for model consumer durables). An exchange that considers going
abroad counts on the mean over its horizon h if it opened now, 1 - (1 - A) (1 - e^(-g h)) / (g h).
"""

import math

from sim.kernels.compile import inlined, rare
from sim.model.state import State
from sim.world.arrays import World
from sim.world.codes import OFFSHORE


@inlined
def advance_awareness(world: World, state: State, f: int, now: float) -> None:
    """Let awareness of exchange f grow or fade until `now`, before its venue abroad opens or closes."""
    if world.exchanges.awareness[f] < 1.0:
        _advance_awareness(world, state, f, now)


@rare
def _advance_awareness(world: World, state: State, f: int, now: float) -> None:
    exchanges, settings, first = state.exchanges, world.settings, world.exchanges.awareness[f]
    elapsed, present = now - exchanges.awareness_day[f], exchanges.awareness[f]
    exchanges.awareness_day[f] = now
    if present == (1.0 if state.venues.open[3 * f + OFFSHORE] else first):
        return  # it has come to rest
    if state.venues.open[3 * f + OFFSHORE]:
        exchanges.awareness[f] = 1.0 - (1.0 - present) * math.exp(-settings.awareness_growth * elapsed)
    else:
        exchanges.awareness[f] = first + (present - first) * math.exp(-settings.awareness_fade * elapsed)


@inlined
def expected_awareness(world: World, state: State, f: int) -> float:
    """Mean awareness of exchange f over the horizon if its venue abroad is open from now on."""
    return float(1.0 - (1.0 - state.exchanges.awareness[f]) * world.settings.unaware_mean)
