"""The first day: attributes are drawn, venues are open, and shares are in the equilibrium of the configured brands."""

import math

from sim.kernels.compile import kernel
from sim.model.exchanges.beliefs import clear_postures, count_posture, note_presence
from sim.model.exchanges.decisions import draw_errors
from sim.model.exchanges.expected_volume import expected_volume, survey_market
from sim.model.exchanges.posture_values import value_postures
from sim.model.random import draw, uniform
from sim.model.regulators.foreign_service import barring
from sim.model.regulators.lever_totals import lever_moved
from sim.model.regulators.permits import for_products, permit_of
from sim.model.state import State
from sim.model.traders.attraction import real_volume, refresh_attraction, refresh_venue, set_segment_volumes
from sim.model.traders.demand import mode_share, set_equilibrium
from sim.model.traders.periodic_updates import derive_demand
from sim.model.traders.utility import set_base_attraction, set_liquidity, set_planned_liquidity
from sim.world import codes as c
from sim.world.arrays import World

_TINY = 1e-12


@kernel
def set_initial_state(world: World, state: State) -> None:
    """Fill an empty state. Interventions already in force (times before 0) act from the beginning."""
    configured, exchanges = world.exchanges, state.exchanges
    for f in range(len(configured.key)):
        _draw_attributes(world, state, f)
        exchanges.strategy[f] = configured.strategy[f]
        exchanges.host[f] = configured.host[f]
        exchanges.next_host[f] = configured.host[f]
        exchanges.disguised[f] = world.strategy_postures[configured.strategy[f], c.OFFSHORE] == c.DISGUISED
        exchanges.next_disguised[f] = exchanges.disguised[f]
        abroad = world.strategy_postures[configured.strategy[f], c.OFFSHORE] >= 0
        exchanges.awareness[f] = 1.0 if abroad else configured.awareness[f]
        exchanges.entered[f] = not configured.enters[f] > 0.0
        for kind in range(configured.licensed.shape[1]):
            if configured.licensed[f, kind]:
                permit = permit_of(state, f, kind)
                state.permits.licence[permit] = c.LICENSED
                state.permits.host[permit] = configured.host[f] if kind >= c.OFFSHORE else -1
        _hold_product_licences(world, state, f)
    set_planned_liquidity(world, state)
    _earlier_interventions(world, state)
    for v in range(3 * len(configured.key)):
        state.venues.open[v] = (
            exchanges.entered[v // 3] and world.strategy_postures[configured.strategy[v // 3], v % 3] >= 0
        )
    for f in range(len(configured.key)):
        note_presence(state, f, 0.0)
    for v in range(3 * len(configured.key)):
        refresh_venue(world, state, v)
    for f in range(len(configured.key)):
        exchanges.barred[f] = barring(world, state, f) >= 0
        if exchanges.barred[f]:
            refresh_attraction(world, state, 3 * f + c.OFFSHORE)
    _meet_given_volumes(world, state)
    _equilibrium(world, state)
    for f in range(len(configured.key)):
        _set_reference(world, state, f)
        for p in range(len(world.economy.size_exponent)):
            size = (exchanges.size[f] / world.settings.reference_size) ** world.economy.size_exponent[p]
            exchanges.hazard_multiplier[f, p] = size * exchanges.caution[f]
    clear_postures(state)
    for v in range(3 * len(configured.key)):
        if state.venues.open[v]:
            count_posture(world, state, v // 3, v % 3)


@kernel
def _hold_product_licences(world: World, state: State, f: int) -> None:
    """Exchange f holds from the first day the licences for products of which it is a holder, in each mode."""
    for o in range(len(world.offices.approval)):
        if world.offices.holders[o, f]:
            for m in range(3):
                permit = permit_of(state, f, for_products(o, m))
                state.permits.licence[permit] = c.LICENSED
                state.permits.host[permit] = world.exchanges.host[f] if m == c.OFFSHORE else -1


@kernel
def _drawn_region(world: World, state: State, f: int) -> int:
    """The region of exchange f, by odds; the number of regions if it has none.

    Each region has a draw of its own, so that their order in the file is no part of the luck: the first of
    exponential times whose rates are the odds.
    """
    odds, region = world.exchanges.region[f], len(world.jurisdictions.region_key)
    first = math.inf
    for r in range(len(odds)):
        if odds[r] > 0.0:
            key = world.jurisdictions.region_key[r]
            time = -math.log(uniform(state.key, world.exchanges.key[f], c.D_REGION, key)) / odds[r]
            if time < first:
                first, region = time, r
    return region


@kernel
def _draw_attributes(world: World, state: State, f: int) -> None:
    configured, exchanges, key, agent = world.exchanges, state.exchanges, state.key, world.exchanges.key[f]
    brand = draw(configured.brand[f], key, agent, c.D_BRAND, 0)
    exchanges.region[f] = _drawn_region(world, state, f)
    exchanges.lead_time_factor[f] = max(
        _TINY, draw(configured.lead_time_factor[f], key, agent, c.D_LEAD_TIME_FACTOR, 0)
    )
    exchanges.caution[f] = max(0.0, draw(configured.caution[f], key, agent, c.D_CAUTION, 0))
    exchanges.sanction_weight[f] = max(0.0, draw(configured.sanction_weight[f], key, agent, c.D_SANCTION_WEIGHT, 0))
    exchanges.notice_used[f] = min(1.0, max(0.0, draw(configured.notice_used[f], key, agent, c.D_NOTICE_USED, 0)))
    exchanges.has_local_page[f] = uniform(key, agent, c.D_LOCAL_PAGE, 0) < draw(
        configured.local_page[f], key, agent, c.D_LOCAL_PAGE, 1
    )
    u = uniform(key, agent, c.D_COMPLIANCE, 0)
    exchanges.obeys[f] = u < draw(configured.compliance[f], key, agent, c.D_COMPLIANCE, 1)
    set_base_attraction(world, state, f, brand)
    if not configured.fixed[f]:
        draw_errors(world, state, f)


@kernel
def _earlier_interventions(world: World, state: State) -> None:
    """Dated interventions count from the first day; the strengths that they reached before it, in order of time."""
    interventions = world.interventions
    for i in range(len(interventions.key)):
        if interventions.rule[i] < 0:
            state.in_force.start_day[i] = 0.0
    for n in range(len(interventions.step_of)):
        i = interventions.step_of[n]
        earlier = interventions.rule[i] < 0 and interventions.step_time[n] < 0.0
        if earlier and interventions.step_event[n] == c.E_DEADLINE:
            state.in_force.due[i] = True
        if earlier and interventions.step_phase[n] >= 0:
            state.in_force.strength[i, interventions.step_phase[n]] = interventions.step_value[n]
            lever_moved(world, state, i)


@kernel
def _meet_given_volumes(world: World, state: State) -> None:
    """Scale attractions so that shares s = A / D of the first day are the volumes given.

    The logit is inverted by ratios: what is drawn to some venues of segment k is A_k0 times their volume over what is
    not traded, whatever else draws it. So each is scaled by itself, and all that is drawn at random keeps its part.
    """
    given, market = world.given_volumes, state.market
    for d in range(len(given.volume)):
        k, m, drawn = given.segment[d], given.mode[d], 0.0
        for f in range(len(world.exchanges.key)):
            if given.of_venue[f, k, m] == d:
                drawn += market.attraction[3 * f + m, k]
        if drawn <= 0.0:
            continue
        factor = world.segments.outside[k] * given.volume[d] / given.untraded[k] / drawn
        for f in range(len(world.exchanges.key)):
            if given.of_venue[f, k, m] == d:
                state.exchanges.base_attraction[f, k, m] *= factor
                refresh_venue(world, state, 3 * f + m)


@kernel
def _equilibrium(world: World, state: State) -> None:
    market = state.market
    for k in range(len(world.segments.switching)):
        set_equilibrium(world.segments, market, k)
        for m in range(3):
            market.habit[k, m] = mode_share(market, k, m)
            market.habit_start[k, m] = market.habit[k, m]
    derive_demand(world, state, 0.0)
    set_segment_volumes(world, state, 0.0)
    for v in range(len(state.venues.open)):
        if state.venues.open[v]:
            state.venues.volume[v] = real_volume(world, state, v // 3, v % 3)
            state.venues.mature_volume[v] = state.venues.volume[v]
            state.cases.market_volume[v % 3] += state.venues.volume[v]
            set_liquidity(world, state, v, 0.0)


@kernel
def _set_reference(world: World, state: State, f: int) -> None:
    """Reference size and revenue: of the venues it starts with, or of the first strategy open to it."""
    exchanges, economy = state.exchanges, world.economy
    for m in range(3):
        volume = max(0.0, state.venues.volume[3 * f + m])
        exchanges.size[f] += volume
        exchanges.revenue[f] += economy.take[m] * volume
        exchanges.volume[f] += volume
    if exchanges.size[f] > 0.0:
        return
    option = world.exchanges.strategy[f]
    if option == c.S_LATENT:
        for n in range(c.OPTIONS - 1, -1, -1):
            considered = world.exchanges.options[f, n]
            if considered >= 0 and considered != c.S_EXIT and considered != c.S_DEFY:
                option = considered
    host = -1
    for j in range(world.exchanges.hosts.shape[1] - 1, -1, -1):
        if world.exchanges.hosts[f, j]:
            host = j
    expected = state.scratch.volume
    survey_market(world, state, f, 0.0)
    value_postures(world, state, f, exchanges.host[f] if exchanges.host[f] >= 0 else host, -1)
    expected_volume(world, state, world.strategy_postures[option], expected)
    for m in range(3):
        exchanges.size[f] += expected[m]
        exchanges.revenue[f] += economy.take[m] * expected[m]


@kernel
def review_gap(world: World, state: State, f: int, n: int) -> float:
    """Days between review n - 1 and review n of exchange f: exogenous, the same under every policy."""
    return -world.settings.review * math.log(uniform(state.key, world.exchanges.key[f], c.D_REVIEW, n))
