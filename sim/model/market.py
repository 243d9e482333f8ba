"""What the market does by itself: habit forms daily, books are read weekly, panic pulses fade."""

import math

from sim.model.attraction import base_volume, count_volumes, refresh_liquidity, refresh_pull
from sim.model.belief import advance_belief, count_postures
from sim.model.codes import OFFSHORE
from sim.model.decide import can_decide
from sim.model.demand import mode_share, rebase, set_factor
from sim.model.kernel import kernel
from sim.model.state import State
from sim.model.world import World

_TIDY = 4  # weeks after which shares are written down afresh, against the piling up of rounding


@kernel
def form_habit(world: World, state: State, elapsed: float) -> None:
    """Habit follows the shares of the modes for `elapsed` days: dh/dt = adopt (s - h)+ - forget (h - s)+."""
    market = state.market
    for k in range(len(world.segments.switching)):
        weight, adopt, forget = world.segments.habit[k]
        if weight <= 0.0:
            continue
        for m in range(3):
            gap = mode_share(market, k, m) - market.habit[k, m]
            market.habit[k, m] += gap * -math.expm1(-(adopt if gap > 0.0 else forget) * elapsed)
            change = market.habit[k, m] - market.habit_start[k, m]
            set_factor(market, k, m, math.exp(weight * change))


@kernel
def forms_habit(world: World) -> bool:
    """Whether any segment does."""
    weight = 0.0
    for k in range(len(world.segments.habit)):
        weight = max(weight, world.segments.habit[k, 0])
    return weight > 0.0


@kernel
def read_market(world: World, state: State, week: int, now: float) -> None:
    """The weekly tick: derived demand, volumes, liquidity and beliefs are brought up to date."""
    if week % _TIDY == 0:
        for k in range(len(world.segments.switching)):
            rebase(state.market, k)
    _derive_demand(world, state, now)
    count_volumes(world, state, now)
    for v in range(len(state.venues.open)):
        if state.venues.open[v]:
            refresh_liquidity(world, state, v)
            refresh_pull(world, state, v)
    advance_belief(world, state, now)
    count_postures(world, state)


@kernel
def _derive_demand(world: World, state: State, now: float) -> None:
    """Part of OTC demand comes from focal users who trade offshore and need coins."""
    segments, offshore = world.segments, 0.0
    for k in range(len(segments.switching)):
        if segments.focal[k] and segments.derived[k] == 0.0:
            volume = segments.counts[k] * base_volume(world, state, k, now)
            offshore += volume * mode_share(state.market, k, OFFSHORE)
    for k in range(len(segments.switching)):
        state.market.derived[k] = segments.derived[k] * offshore


@kernel
def find_losers(world: World, state: State) -> None:
    """Fill `room.flags` (F,): who lost so much volume since the last decision that it must think again."""
    found, volume, kept = state.room.flags, state.venues.volume, 1.0 - world.settings.loss_trigger
    for f in range(len(found)):
        before = state.traits.volume[f]
        left = volume[3 * f] + volume[3 * f + 1] + volume[3 * f + 2]
        found[f] = before > 0.0 and left < kept * before and can_decide(world, state, f)


@kernel
def activity(world: World, state: State, k: int, now: float) -> float:
    """Factor on the turnover of segment k by panic pulses, at least 1; it moves no share."""
    factor = 1.0
    for i in range(len(state.force.pulse)):
        began = state.force.pulse[i]
        if began <= now and world.orders.segments[i, k]:
            amplitude, decay = world.orders.pulse[i]
            factor += world.segments.panic[k] * amplitude * math.exp(-(now - began) / decay)
    return factor
