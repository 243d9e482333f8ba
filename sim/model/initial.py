"""The first day: attributes are drawn, books are open, and shares are in the equilibrium of the configured brands."""

import math

from sim.kernels.compile import kernel
from sim.model.exchanges.beliefs import clear_postures, count_posture
from sim.model.exchanges.decisions import draw_errors
from sim.model.exchanges.option_values import expected_volume, leave_out, legs_of
from sim.model.random import draw, uniform
from sim.model.regulators.lever_totals import lever_moved
from sim.model.state import State
from sim.model.traders.attraction import (
    count_volumes,
    liquidity_term,
    refresh_levers,
    refresh_liquidity,
    refresh_pull,
    set_liquidity,
)
from sim.model.traders.demand import mode_share, settle
from sim.world.arrays import World
from sim.world.codes import (
    D_AGILITY,
    D_BRAND,
    D_CAUTION,
    D_COMPLIANCE,
    D_PAGE,
    D_REGION,
    D_WIND_DOWN,
    DISGUISED,
    OFFSHORE,
    S_DEFY,
    S_EXIT,
    S_LATENT,
)

_TINY = 1e-12


@kernel
def start(world: World, state: State) -> None:
    """Fill an empty state. Interventions already in force (times before 0) act from the beginning."""
    firms, traits = world.firms, state.traits
    for f in range(len(firms.key)):
        _draw_traits(world, state, f)
        traits.strategy[f] = firms.strategy[f]
        traits.host[f] = firms.host[f]
        traits.next_host[f] = firms.host[f]
        traits.disguised[f] = world.legs[firms.strategy[f], OFFSHORE] == DISGUISED
        traits.next_disguised[f] = traits.disguised[f]
        traits.entered[f] = not firms.enters[f] > 0.0
    _hope(world, state)
    _earlier_interventions(world, state)
    for v in range(3 * len(firms.key)):
        state.venues.open[v] = traits.entered[v // 3] and world.legs[firms.strategy[v // 3], v % 3] >= 0
    for v in range(3 * len(firms.key)):
        refresh_levers(world, state, v)
        refresh_pull(world, state, v)
    _equilibrium(world, state)
    for f in range(len(firms.key)):
        _measure(world, state, f)
        for p in range(len(world.economy.size)):
            size = (traits.size[f] / world.settings.reference_size) ** world.economy.size[p]
            traits.wary[f, p] = size * traits.caution[f]
    clear_postures(state)
    for v in range(3 * len(firms.key)):
        if state.venues.open[v]:
            count_posture(world, state, v // 3, v % 3)


@kernel
def _hope(world: World, state: State) -> None:
    """How deep a new book can hope to become."""
    room = state.room
    room.hoped[0] = liquidity_term(world, world.settings.prospect, 1.0)
    for k in range(len(room.hoped_book)):
        room.hoped_book[k] = math.exp(world.segments.liquidity[k] * room.hoped[0])


@kernel
def _draw_traits(world: World, state: State, f: int) -> None:
    firms, traits, key, agent = world.firms, state.traits, state.key, world.firms.key[f]
    brand = draw(firms.brand[f], key, agent, D_BRAND, 0)
    traits.region[f] = firms.region.shape[1]
    u = uniform(key, agent, D_REGION, 0)
    for r in range(firms.region.shape[1] - 1, -1, -1):
        if u < firms.region[f, r]:
            traits.region[f] = r
    traits.agility[f] = max(_TINY, draw(firms.agility[f], key, agent, D_AGILITY, 0))
    traits.caution[f] = max(0.0, draw(firms.caution[f], key, agent, D_CAUTION, 0))
    traits.compliance[f] = max(0.0, draw(firms.compliance[f], key, agent, D_COMPLIANCE, 0))
    traits.wind_down[f] = min(1.0, max(0.0, draw(firms.wind_down[f], key, agent, D_WIND_DOWN, 0)))
    traits.page[f] = uniform(key, agent, D_PAGE, 0) < draw(firms.page[f], key, agent, D_PAGE, 1)
    for k in range(firms.taste.shape[1]):
        for m in range(3):
            traits.charm[f, k, m] = math.exp(firms.taste[f, k, m] + brand)
        if traits.page[f] and world.segments.focal[k]:
            traits.charm[f, k, OFFSHORE] *= math.exp(world.settings.page)
    if not firms.fixed[f]:
        draw_errors(world, state, f)


@kernel
def _earlier_interventions(world: World, state: State) -> None:
    """Strengths reached before the first day, in order of time within each intervention."""
    orders = world.orders
    for n in range(len(orders.step_of)):
        i = orders.step_of[n]
        if orders.rule[i] < 0 and orders.step_time[n] < 0.0 and orders.step_phase[n] >= 0:
            state.force.strength[i, orders.step_phase[n]] = orders.step_value[n]
            lever_moved(world, state, i)


@kernel
def _equilibrium(world: World, state: State) -> None:
    market = state.market
    for k in range(len(world.segments.switching)):
        settle(market, k, world.segments.outside[k])
        for m in range(3):
            market.habit[k, m] = mode_share(market, k, m)
            market.habit_start[k, m] = market.habit[k, m]
    count_volumes(world, state, 0.0)
    for v in range(len(state.venues.open)):
        if state.venues.open[v]:
            refresh_liquidity(world, state, v)
            state.venues.mature[v] = state.venues.volume[v]
            state.cases.traded[v % 3] += state.venues.volume[v]
            set_liquidity(world, state, v, 0.0)


@kernel
def _measure(world: World, state: State, f: int) -> None:
    """Reference size and revenue: of the venues it starts with, or of the first strategy open to it."""
    traits, economy = state.traits, world.economy
    for m in range(3):
        volume = max(0.0, state.venues.volume[3 * f + m])
        traits.size[f] += volume
        traits.revenue[f] += economy.take[m] * volume
        traits.volume[f] += volume
    if traits.size[f] > 0.0:
        return
    option = world.firms.strategy[f]
    if option == S_LATENT:
        for o in range(S_LATENT - 1, -1, -1):
            if world.firms.options[f, o] and o != S_EXIT and o != S_DEFY:
                option = o
    host = -1
    for j in range(world.firms.hosts.shape[1] - 1, -1, -1):
        if world.firms.hosts[f, j]:
            host = j
    legs_of(world, state, f, traits.host[f] if traits.host[f] >= 0 else host)
    expected = state.room.volume
    leave_out(world, state, f, 0.0)
    expected_volume(world, state, world.legs[option], expected)
    for m in range(3):
        traits.size[f] += expected[m]
        traits.revenue[f] += economy.take[m] * expected[m]


@kernel
def review_gap(world: World, state: State, f: int, n: int, purpose: int) -> float:
    """Days between review n - 1 and review n of exchange f: exogenous, the same under every policy."""
    return -world.settings.review * math.log(uniform(state.key, world.firms.key[f], purpose, n))
