"""What each posture of a slot is worth to an exchange: earnings, costs, risk, and whom it would serve abroad.

An exchange abroad whose people answer at home for serving focal users, to the part x = liability x exposure, is that
much like a shell (hazard threat, loss of shells). Before anything else is compared it chooses whether to serve them:

    serve        hazard_offshore + x threat,      loss_offshore + x loss_disguised,      all users
    turn away    hazard_offshore + r x threat,    loss_offshore + r x loss_disguised,    the part r of focal users
"""

import math

from sim.kernels.compile import inlined, kernel, rare
from sim.model.exchanges.beliefs import expected_life, exposure, is_dormant, mode_of, perceived_hazard, threat
from sim.model.exchanges.costs import cost_of, launch_cost
from sim.model.exchanges.expected_volume import expected_volume
from sim.model.exchanges.option_values import choice_scale
from sim.model.random import gumbel
from sim.model.regulators.foreign_service import days_until_barred, licensed_to_serve, service_licence
from sim.model.regulators.lever_totals import first_to_end, forced_day, lever_totals
from sim.model.regulators.licensing import chance_of_licence, licence_at
from sim.model.regulators.permits import licenses_products
from sim.model.regulators.product_licences import expects_bar
from sim.model.state import EXPECTED, EXPECTED_TO_SERVE, PostureValues, State
from sim.model.traders.awareness import expected_awareness
from sim.world import codes as c
from sim.world.arrays import Floats, World

_POSTURES = len(c.POSTURES)


@kernel
def value_postures(world: World, state: State, f: int, host: int, done: int) -> None:
    """Value the postures that exchange f makes use of, except one that is done; `host` is where it would go.

    `survey_market` has been called.
    """
    used = world.exchanges.postures[f]
    for posture in range(_POSTURES):
        if posture == done:
            continue
        if used[posture]:
            value_posture(world, state, f, host, posture)
        else:
            state.postures.possible[posture], state.postures.hazard[posture] = False, 0.0


@kernel
def value_posture(world: World, state: State, f: int, offshore_host: int, posture: int) -> bool:
    """Value one posture of exchange f; False if it is ruled out. An offshore venue would be run in `offshore_host`.

    `survey_market` has been called.
    """
    mode, shell = mode_of(posture), posture == c.DISGUISED
    v, postures = 3 * f + mode, state.postures
    host = offshore_host if mode == c.OFFSHORE else -1
    row = lever_totals(world, state, f, mode, shell, host, False)
    totals = state.lever_totals.totals[row]
    expected = int(totals[EXPECTED])
    postures.hazard[posture] = 0.0
    if not _possible(world, state, f, posture, host, expected):
        return _rule_out(postures, posture)
    postures.hazard[posture] = perceived_hazard(world, state, f, posture, host, totals[c.L_HAZARD])
    postures.chance[posture] = 1.0
    if _needs_licence(world, posture, host, expected) and licence_at(state, v, host) != c.LICENSED:
        postures.chance[posture] = chance_of_licence(world, state, f, mode, host)
        if postures.chance[posture] <= 0.0 or licence_at(state, v, host) == c.REFUSED:
            return _rule_out(postures, posture)
    postures.possible[posture] = True
    postures.launch[posture] = launch_cost(world, state, f, posture, host)
    if licenses_products(world, state) and expects_bar(
        world, state, f, posture, host, _days_until_licence(world, state, f, posture), state.market.now[0]
    ):
        row = lever_totals(world, state, f, mode, shell, host, True)
        totals = state.lever_totals.totals[row]
    liable = totals[c.L_LIABILITY]
    if posture == c.DISGUISED and liable > 0.0:
        at_least = liable * world.exchanges.exposure[f] * threat(world, state, f, totals[c.L_HAZARD])
        postures.hazard[posture] = max(postures.hazard[posture], at_least)
    _earnings_and_risk(world, state, f, posture, host, 0.0)
    _posture_attraction(state, f, mode, state.lever_totals.lever_factor[row], postures.attraction[posture])
    if mode == c.OFFSHORE:
        _count_on_awareness(world, state, f, postures.attraction[posture])
    if posture == c.OFFSHORE:
        state.postures.turns_away[0] = False
        if liable > 0.0:
            liable *= 0.0 if licensed_to_serve(state, f) else exposure(world, state, f)
        served = _part_served(world, state, f, host, int(totals[EXPECTED_TO_SERVE]))
        if liable > 0.0:
            _choose_whom_to_serve(world, state, f, host, liable, served, threat(world, state, f, totals[c.L_HAZARD]))
        elif served < 1.0:
            _count_on_focal_users(world, postures.attraction[posture], served)
    return True


@inlined
def _part_served(world: World, state: State, f: int, host: int, asked: int) -> float:
    """Part of focal users that an honest venue abroad counts on, on average over the horizon, under focal law.

    All while it may serve them, and then those who get round it; who does not obey counts on all.
    """
    licence = service_licence(state, f)
    if asked == c.FREE or not state.exchanges.obeys[f] or (asked == c.LICENCE and licence == c.LICENSED):
        return 1.0
    chance, horizon, hazard = 0.0, world.settings.horizon, state.postures.hazard[c.OFFSHORE]
    if asked == c.LICENCE and licence != c.REFUSED:
        chance = chance_of_licence(world, state, f, c.SERVING, host)
    whole = expected_life(hazard, horizon)
    free = expected_life(hazard, min(horizon, days_until_barred(world, state, f, host, state.market.now[0])))
    part = (free + chance * (whole - free)) / whole if whole > 0.0 else chance
    return float(part + (1.0 - part) * world.settings.residue)


@inlined
def _count_on_focal_users(world: World, attraction: Floats, part: float) -> None:
    """Leave so much of what attracts focal users."""
    for k in range(len(attraction)):  # a factor for all is faster than a test of each
        attraction[k] *= part if world.segments.focal[k] else 1.0


@rare
def _choose_whom_to_serve(
    world: World, state: State, f: int, host: int, liable: float, part: float, feared: float
) -> None:
    """Exchange f, were it honest abroad, serves focal users and is a shell in part, or turns them away.

    `part` of them is what it can count on if it serves them.
    """
    postures, residue, agent = state.postures, world.settings.residue, world.exchanges.key[f]
    honest, focal = postures.hazard[c.OFFSHORE], world.segments.focal
    for k in range(len(focal)):
        state.scratch.attraction[k] = postures.attraction[c.OFFSHORE, k]
    if part < 1.0:
        _count_on_focal_users(world, postures.attraction[c.OFFSHORE], part)
    served = _value_abroad(world, state, f, host, honest + liable * feared, liable)
    for k in range(len(focal)):
        if focal[k]:
            postures.attraction[c.OFFSHORE, k] = state.scratch.attraction[k] * residue
    away = _value_abroad(world, state, f, host, honest + residue * liable * feared, residue * liable)
    error = gumbel(state.key, agent, c.D_HOST, 1, 0) - gumbel(state.key, agent, c.D_HOST, 1, 1)
    if away - served + choice_scale(world, state, f, world.settings.temperature) * error > 0.0:
        postures.turns_away[0] = True
        return
    for k in range(len(focal)):
        postures.attraction[c.OFFSHORE, k] = state.scratch.attraction[k]
    if part < 1.0:
        _count_on_focal_users(world, postures.attraction[c.OFFSHORE], part)
    postures.hazard[c.OFFSHORE] = honest + liable * feared
    _earnings_and_risk(world, state, f, c.OFFSHORE, host, liable)


@kernel
def _value_abroad(world: World, state: State, f: int, host: int, hazard: float, liable: float) -> float:
    """What an honest venue abroad is worth by itself; fills its hazard, earnings and risk."""
    postures, volume = state.postures, state.scratch.volume
    postures.hazard[c.OFFSHORE] = hazard
    _earnings_and_risk(world, state, f, c.OFFSHORE, host, liable)
    expected_volume(world, state, world.strategy_postures[c.S_OFFSHORE], volume)
    earned = postures.margin[c.OFFSHORE] * volume[c.OFFSHORE]
    return float(earned - postures.running_cost[c.OFFSHORE] - postures.penalty[c.OFFSHORE])


@inlined
def _rule_out(postures: PostureValues, posture: int) -> bool:
    postures.possible[posture], postures.launch[posture] = False, 0.0
    for k in range(postures.attraction.shape[1]):
        postures.attraction[posture, k] = 0.0
    return False


@inlined
def _earnings_and_risk(world: World, state: State, f: int, posture: int, host: int, liable: float) -> None:
    """What exchange f earns per unit of volume in a posture within the horizon, and what running it costs and risks.

    To the part `liable` it stands to lose what a shell does besides.
    """
    postures, economy, horizon = state.postures, world.economy, world.settings.horizon
    revenue, hazard = state.exchanges.revenue[f], postures.hazard[posture]
    shut_probability = -math.expm1(-hazard * horizon)
    whole = shut_probability / hazard if hazard > 0.0 else horizon  # `expected_life`, by the same power of e
    free = min(horizon, _days_until_licence(world, state, f, posture))
    lawful = expected_life(hazard, free) if free > 0.0 else 0.0
    life = lawful + postures.chance[posture] * (whole - lawful)
    price = state.scratch.price[0]
    after_tax = 1.0 - world.jurisdictions.tax[host] if posture == c.OFFSHORE else 1.0
    loss = cost_of(economy.loss[posture], revenue, price)
    if liable > 0.0:
        loss += liable * cost_of(economy.loss[c.DISGUISED], revenue, price)
    loss *= state.exchanges.sanction_weight[f]
    postures.margin[posture] = life * economy.take[mode_of(posture)] * after_tax
    postures.running_cost[posture] = life * cost_of(economy.running[posture], revenue, price)
    postures.penalty[posture] = shut_probability * loss


@inlined
def _days_until_licence(world: World, state: State, f: int, posture: int) -> float:
    """How long an open venue at home may go on without the licence that it will need; 0 for any other."""
    mode, now = mode_of(posture), state.market.now[0]
    if mode == c.OFFSHORE or not state.venues.open[3 * f + mode] or state.postures.chance[posture] >= 1.0:
        return 0.0
    return float(forced_day(world, state, first_to_end(world, state, f, mode), now) - now)


@inlined
def _posture_attraction(state: State, f: int, mode: int, lever_factor: Floats, attraction: Floats) -> None:
    """Fill `attraction` (K,) of a slot: of a new venue as if mature, of an open one with at least planned liquidity."""
    venues, v, market = state.venues, 3 * f + mode, state.market
    base, habit_factor = state.exchanges.base_attraction[f], market.habit_factor
    if not venues.open[v]:
        for k in range(len(attraction)):
            attraction[k] = base[k, mode] * lever_factor[k] * habit_factor[k, mode]
        return
    liquidity_factor = (
        state.scratch.planned_liquidity_factor
        if venues.liquidity[v] < state.scratch.planned_liquidity[0]
        else venues.liquidity_factor[v]
    )
    for k in range(len(attraction)):
        attraction[k] = base[k, mode] * liquidity_factor[k] * lever_factor[k] * habit_factor[k, mode]


@inlined
def _count_on_awareness(world: World, state: State, f: int, attraction: Floats) -> None:
    """Of foreign users, an exchange counts on those who will know its venue abroad within the horizon, on average."""
    known = expected_awareness(world, state, f)
    if known < 1.0:
        for k in range(len(attraction)):
            attraction[k] *= 1.0 if world.segments.focal[k] else known


@inlined
def _needs_licence(world: World, posture: int, host: int, expected: int) -> bool:
    """Whether a posture needs a licence, at home or from its host; whoever defies or hides applies for none."""
    if posture in (c.DEFY, c.DISGUISED):
        return False
    return expected == c.LICENCE or (posture == c.OFFSHORE and world.jurisdictions.office[host] >= 0)


@inlined
def _possible(world: World, state: State, f: int, posture: int, host: int, expected: int) -> bool:
    """Whether law and host admit a posture.

    Defying needs a prohibition to defy and a venue to keep open, or to open again if all have been closed.
    """
    v = 3 * f + mode_of(posture)
    if posture == c.DEFY:
        returns = is_dormant(world, state, f) and not math.isnan(state.venues.closed_day[v])
        return expected != c.FREE and (bool(state.venues.open[v]) or returns)
    if posture == c.DISGUISED:
        return host >= 0
    if posture == c.OFFSHORE and host < 0:
        return False
    return expected != c.FORBIDDEN
