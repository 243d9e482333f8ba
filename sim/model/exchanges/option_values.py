"""What a strategy is worth to an exchange.

    V(o) = sum_m [ T_m (take_m W_m(o) - cost_m) - (1 - e^(-hazard_m h)) loss_m ] - launch costs - exit costs
    T_m  = L(g) + chance_m (L(h) - L(g)),   L(t) = (1 - e^(-hazard_m t)) / hazard_m
                                                      expected life within the horizon h of a venue that may trade for
                                                      g days and then needs a licence; g is 0 if it is not yet open

An exchange abroad whose people answer at home for serving focal users, to the part x = liability x exposure, is that
much like a shell (hazard threat, loss of shells). Before anything else is compared it chooses whether to serve them:

    serve        hazard_offshore + x threat,      loss_offshore + x loss_disguised,      all users
    turn away    hazard_offshore + r x threat,    loss_offshore + r x loss_disguised,    the part r of focal users

Everything is in the unit of volume: a cost in money is divided by the price of that unit when the exchange decides.
W_m(o) is the real volume that the demand equations give the exchange if only its own slots change, O(K) each.
A strategy is a choice of posture per slot, so all but its volume is computed once per posture (`state.postures`).
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.exchanges.beliefs import expected_life, exposure, is_dormant, perceived_hazard, posture_in, threat
from sim.model.random import gumbel
from sim.model.regulators.foreign_service import days_until_barred, licensed_to_serve, service_licence
from sim.model.regulators.lever_totals import first_to_end, forced_day, lever_totals
from sim.model.regulators.licensing import chance_of_licence, licence_at
from sim.model.regulators.product_licences import barring_products, expects_bar
from sim.model.state import EXPECTED, EXPECTED_TO_SERVE, PostureValues, State
from sim.model.traders.attraction import base_volume, level_on, onramp
from sim.model.traders.awareness import expected_awareness
from sim.model.traders.demand import nest_factor
from sim.world import codes as c
from sim.world.arrays import Bools, Floats, Ints, World

_POSTURES = len(c.POSTURES)
_NEARLY_ALL = 1e-6  # others have less than this part of an attraction


@inlined
def mode_of(posture: int) -> int:
    """Slot of a posture."""
    if posture == c.DISGUISED:
        return c.OFFSHORE
    return c.DOMESTIC if posture == c.DEFY else posture


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
def choice_scale(world: World, state: State, f: int, temperature: float) -> float:
    """Value within the horizon, in the unit of volume, that counts as one unit of error."""
    settings, constant = world.settings, world.settings.constant / price_on(world, state.market.now[0])
    return float(temperature * (settings.horizon * state.exchanges.revenue[f] + constant))


@kernel
def value_postures(world: World, state: State, f: int, host: int, done: int) -> None:
    """Value the postures that exchange f makes use of, except one that is done; `host` is where it would go.

    `count_rivals` has been called.
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
    """Value one posture of exchange f; False if it is ruled out. An offshore venue would be run in `offshore_host`."""
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
    postures.launch[posture] = _launch_cost(world, state, f, posture, host)
    if expects_bar(world, state, f, posture, host, _days_until_licence(world, state, f, posture), state.market.now[0]):
        row = lever_totals(world, state, f, mode, shell, host, True)
        totals = state.lever_totals.totals[row]
    liable = totals[c.L_LIABILITY]
    if posture == c.DISGUISED and liable > 0.0:
        at_least = liable * world.exchanges.exposure[f] * threat(world, state, f, totals[c.L_HAZARD])
        postures.hazard[posture] = max(postures.hazard[posture], at_least)
    _earnings_and_risk(world, state, f, posture, host, 0.0)
    levers = state.lever_totals.foreseen_factor if state.scratch.foresight[0] > 0.0 else state.lever_totals.lever_factor
    _posture_attraction(state, f, mode, levers[row], postures.attraction[posture])
    if mode == c.OFFSHORE:
        _count_on_awareness(world, state, f, postures.attraction[posture])
    if posture == c.OFFSHORE:
        state.postures.turns_away[0] = False
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
    for k in range(len(attraction)):
        if world.segments.focal[k]:
            attraction[k] *= part


@kernel
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
    lawful = expected_life(hazard, min(horizon, _days_until_licence(world, state, f, posture)))
    life = lawful + postures.chance[posture] * (expected_life(hazard, horizon) - lawful)
    price = price_on(world, state.market.now[0])
    after_tax = 1.0 - world.jurisdictions.tax[host] if posture == c.OFFSHORE else 1.0
    loss = cost_of(economy.loss[posture], revenue, price) + liable * cost_of(economy.loss[c.DISGUISED], revenue, price)
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
    for k in range(len(attraction)):
        if not world.segments.focal[k]:
            attraction[k] *= known


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


@inlined
def _launch_cost(world: World, state: State, f: int, posture: int, host: int) -> float:
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


@inlined
def count_rivals(world: World, state: State, f: int, now: float) -> None:
    """Fill `scratch.volumes` (K,), the real volume of each segment, and what attracts it besides exchange f's venues.

    That is `scratch.rival_attraction` (K,), not trading included, and with nests `scratch.rivals_by_mode` (K, 3).
    """
    market, rivals, outside = state.market, state.scratch.rival_attraction, world.segments.outside
    for k in range(len(rivals)):
        state.scratch.volumes[k] = world.segments.real_part[k] * base_volume(world, state, k, now)
        own = 0.0
        for m in range(3):
            own += market.attraction[3 * f + m, k] * market.mode_factor[k, m]
        rivals[k] = max(market.denominator[k] - own, outside[k])
        if world.segments.nested[k]:
            _count_rivals_in_nests(state, f, k)
            _set_rival_factors(world, state, k)
    if state.scratch.foresight[0] > 0.0:
        _foresee_rivals(world, state, f)


@kernel
def _foresee_rivals(world: World, state: State, f: int) -> None:
    """What attracts segments besides exchange f's venues once what is announced bears on all of them."""
    market, venues, foreseen = state.market, state.venues, state.lever_totals.foreseen_factor
    rivals, outside = state.scratch.rivals_by_mode, world.segments.outside
    for k in range(len(outside)):
        for m in range(3):
            rivals[k, m] = 0.0
    for v in range(len(venues.open)):
        other = v // 3
        if other == f or not venues.open[v]:
            continue
        shell, host, limited = state.exchanges.disguised[other], state.exchanges.host[other], venues.limited[v]
        if limited:
            barring_products(world, state, v)
        row = lever_totals(world, state, other, v % 3, shell, host, limited)
        for k in range(len(outside)):
            if venues.lever_factor[v, k] > 0.0:
                rivals[k, v % 3] += market.attraction[v, k] * (foreseen[row, k] / venues.lever_factor[v, k])
    for k in range(len(outside)):
        total = outside[k]
        for m in range(3):
            total += rivals[k, m] * market.mode_factor[k, m]
            rivals[k, m] *= market.habit_factor[k, m]
        state.scratch.rival_attraction[k] = total
        if world.segments.nested[k]:
            _set_rival_factors(world, state, k)


@kernel
def _count_rivals_in_nests(state: State, f: int, k: int) -> None:
    """Sums of attractions less exchange f's own, with the habit factor; formed anew where they would nearly cancel."""
    market, rivals = state.market, state.scratch.rivals_by_mode[k]
    for m in range(3):
        rest = market.mode_attraction[k, m] - market.attraction[3 * f + m, k]
        if rest < _NEARLY_ALL * market.mode_attraction[k, m]:
            rest = 0.0
            for v in range(m, market.attraction.shape[0], 3):
                rest += market.attraction[v, k] if v // 3 != f else 0.0
        rivals[m] = rest * market.habit_factor[k, m]


@kernel
def _set_rival_factors(world: World, state: State, k: int) -> None:
    """Factors of nests without an exchange's venues: most options leave most nests so, and a power is dear."""
    market, rivals = state.market, state.scratch.rivals_by_mode[k]
    alike, factor = world.segments.dissimilarity[k], state.scratch.rival_factor[k]
    for m in range(3):
        factor[m] = nest_factor(rivals[m], market.reference[k, m] * market.habit_factor[k, m], alike[m])
    books = factor[c.DOMESTIC] * rivals[c.DOMESTIC] + factor[c.OFFSHORE] * rivals[c.OFFSHORE]
    factor[c.ORDER_BOOKS] = nest_factor(books, market.reference[k, c.ORDER_BOOKS], alike[c.ORDER_BOOKS])


@inlined
def expected_volume(world: World, state: State, slots: Ints, volume: Floats) -> None:
    """Fill `volume` (3,): real volume of an exchange if its slots had these postures and nobody else moved.

    `slots` (3,) hold postures of `state.postures`, -1 none; `count_rivals` has been called.
    """
    volume[0], volume[1], volume[2] = 0.0, 0.0, 0.0
    for k in range(len(state.scratch.volumes)):
        _add_volume(world, state, k, slots, volume)


@inlined
def expected_volumes(world: World, state: State, feasible: Bools, demand: Floats) -> None:
    """Add to `demand` (S, 3) the expected volume of each feasible option."""
    for k in range(len(state.scratch.volumes)):
        for o in range(c.OPTIONS):
            if feasible[o]:
                _add_volume(world, state, k, world.strategy_postures[o], demand[o])


@inlined
def _add_volume(world: World, state: State, k: int, slots: Ints, volume: Floats) -> None:
    """Add what segment k would trade."""
    traded, attraction = state.scratch.volumes[k], state.postures.attraction
    if traded <= 0.0:
        return
    domestic = attraction[slots[c.DOMESTIC], k] if slots[c.DOMESTIC] >= 0 else 0.0
    otc = attraction[slots[c.OTC], k] if slots[c.OTC] >= 0 else 0.0
    offshore = attraction[slots[c.OFFSHORE], k] if slots[c.OFFSHORE] >= 0 else 0.0
    if slots[c.OTC] >= 0:
        offshore *= onramp(world, k)
    if world.segments.nested[k]:
        _add_volume_in_nests(world, state, k, domestic, otc, offshore, volume)
        return
    per_attraction = traded / (state.scratch.rival_attraction[k] + (domestic + otc + offshore))
    volume[c.DOMESTIC] += per_attraction * domestic
    volume[c.OTC] += per_attraction * otc
    volume[c.OFFSHORE] += per_attraction * offshore


@inlined
def _add_volume_in_nests(
    world: World, state: State, k: int, domestic: float, otc: float, offshore: float, volume: Floats
) -> None:
    """Add what segment k would trade if these were the attractions of the exchange's slots, see `demand`."""
    if domestic + otc + offshore <= 0.0:
        return
    alike, reference, habit = world.segments.dissimilarity[k], state.market.reference[k], state.market.habit_factor[k]
    rivals, without = state.scratch.rivals_by_mode[k], state.scratch.rival_factor[k]
    at_home, peers, abroad = rivals[c.DOMESTIC] + domestic, rivals[c.OTC] + otc, rivals[c.OFFSHORE] + offshore
    f_home, f_peers, f_abroad = without[c.DOMESTIC], without[c.OTC], without[c.OFFSHORE]
    common = without[c.ORDER_BOOKS]
    if domestic > 0.0:
        f_home = nest_factor(at_home, reference[c.DOMESTIC] * habit[c.DOMESTIC], alike[c.DOMESTIC])
    if otc > 0.0:
        f_peers = nest_factor(peers, reference[c.OTC] * habit[c.OTC], alike[c.OTC])
    if offshore > 0.0:
        f_abroad = nest_factor(abroad, reference[c.OFFSHORE] * habit[c.OFFSHORE], alike[c.OFFSHORE])
    books = f_home * at_home + f_abroad * abroad
    if domestic + offshore > 0.0:
        common = nest_factor(books, reference[c.ORDER_BOOKS], alike[c.ORDER_BOOKS])
    per_attraction = state.scratch.volumes[k] / (world.segments.outside[k] + common * books + f_peers * peers)
    volume[c.DOMESTIC] += per_attraction * common * f_home * domestic
    volume[c.OTC] += per_attraction * f_peers * otc
    volume[c.OFFSHORE] += per_attraction * common * f_abroad * offshore


@inlined
def admitted(state: State, slots: Ints) -> bool:
    """Whether law and host admit all postures of an option."""
    possible, all_possible = state.postures.possible, True
    for m in range(3):
        all_possible &= slots[m] < 0 or possible[slots[m]]
    return all_possible


@inlined
def option_value(world: World, state: State, f: int, slots: Ints, volume: Floats, terms: Floats) -> bool:
    """Fill the terms of an option's value from its expected volume; False if exchange f cannot afford it."""
    postures = state.postures
    revenue, running, penalty, launch, exit_cost = 0.0, 0.0, 0.0, 0.0, 0.0
    price = price_on(world, state.market.now[0])
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
