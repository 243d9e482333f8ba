"""Attraction of venues, and its refresh when something changed.

    B_kv = exp(u_kv) x friction_kv x notice_v x (1 + b, offshore with an own OTC desk as on-ramp, focal users)
                     x (A_f, offshore, foreign users) x (r, offshore, focal users who are turned away)

It is kept as a product of factors that change on different occasions:

    base_attraction    exp(brand + audience + taste + page)              never
    liquidity_factor   exp(gamma liquidity)                              when books are read
    lever_factor       friction x exp(- phi charge - rho risk + disguise)      when a lever moves; see `utility.deter`
    notice_factor      notice                                            when a closing is announced or called off

Utility u is in `utility`, friction in `lever_totals`, A in `awareness`.
"""

from sim.kernels.compile import inlined, kernel
from sim.model.regulators.lever_totals import lever_totals
from sim.model.regulators.product_licences import barring_products
from sim.model.state import EXPECTED, State
from sim.model.traders.demand import move_attraction, set_attraction, venue_share_in
from sim.world.arrays import Floats, World
from sim.world.codes import L_CLAIM, L_DETECTION, L_PERMISSION, L_SUSPENSION, OFFSHORE, OTC


@inlined
def level_on(day: Floats, value: Floats, points: int, linear: bool, now: float) -> float:
    """Level at `now` of a path: what the last of its points brought, or between two if it is linear."""
    n = 0
    while n + 1 < points and day[n + 1] <= now:
        n += 1
    level = value[n]
    if linear and n + 1 < points and now > day[n]:
        level += (value[n + 1] - value[n]) * (now - day[n]) / (day[n + 1] - day[n])
    return float(level)


@inlined
def base_volume(world: World, state: State, k: int, now: float) -> float:
    """Volume per day W_k that segment k would trade in all, without pulses (volume unit)."""
    segments = world.segments
    points, linear = segments.path_points[k], segments.path_linear[k]
    level = level_on(segments.path_day[k], segments.path_value[k], points, linear, now)
    return float(level + state.market.derived[k])


@inlined
def onramp(world: World, k: int) -> float:
    """Factor on the offshore attraction of an exchange with an own OTC desk."""
    return 1.0 + world.settings.onramp if world.segments.focal[k] else 1.0


@inlined
def serves_none(state: State, f: int) -> bool:
    """Whether exchange f's honest venue abroad turns focal users away, because it chose to or because it obeys."""
    exchanges = state.exchanges
    return bool(exchanges.turns_away[f] or (exchanges.barred[f] and exchanges.obeys[f]))


@kernel
def refresh_levers(world: World, state: State, v: int) -> bool:
    """Bring what the levers on venue v add up to up to date; True if that changes its attraction."""
    venues, f = state.venues, v // 3
    shell, host, limited = state.exchanges.disguised[f], state.exchanges.host[f], barring_products(world, state, v) >= 0
    row = lever_totals(world, state, f, v % 3, shell, host, limited)
    totals, present = state.lever_totals.totals[row], state.lever_totals.lever_factor[row]
    factor, changed = venues.lever_factor[v], False
    for k in range(len(present)):
        changed = changed or factor[k] != present[k]
        factor[k] = present[k]
    venues.detection[v] = totals[L_DETECTION]
    venues.permission[v] = int(totals[L_PERMISSION])
    venues.expected[v] = int(totals[EXPECTED])
    venues.claim[v] = totals[L_CLAIM] > 0.0
    suspended = totals[L_SUSPENSION] > 0.0
    changed = changed or venues.suspended[v] != suspended
    venues.suspended[v], venues.limited[v] = suspended, limited
    return changed


@inlined
def attraction(world: World, state: State, k: int, f: int, mode: int) -> float:
    """Attraction of exchange f's open venue to segment k, without the factor of its mode."""
    venues, v = state.venues, 3 * f + mode
    if venues.suspended[v]:
        return 0.0
    product = (
        state.exchanges.base_attraction[f, k, mode]
        * venues.liquidity_factor[v, k]
        * venues.lever_factor[v, k]
        * venues.notice_factor[v, k]
    )
    if mode != OFFSHORE:
        return float(product)
    if not world.segments.focal[k]:
        return float(product * state.exchanges.awareness[f])
    if serves_none(state, f):
        product *= world.settings.residue
    elif state.exchanges.service_notice[f] < 1.0:
        product *= state.exchanges.service_notice[f] ** world.segments.lever_power[k, OFFSHORE]
    return float(product * onramp(world, k) if venues.open[3 * f + OTC] else product)


@inlined
def refresh_attraction(world: World, state: State, v: int) -> None:
    """Set the attraction of venue v from its present levers and liquidity."""
    if not state.venues.open[v]:
        return
    f, mode = v // 3, v % 3
    for k in range(len(world.segments.switching)):
        set_attraction(world.segments, state.market, k, v, attraction(world, state, k, f, mode))


@inlined
def move_attractions(world: World, state: State, v: int) -> bool:
    """Give venue v its present attractions as one of several; True if `set_all_mode_factors` must follow."""
    outdated, f, mode = False, v // 3, v % 3
    if state.venues.open[v]:
        for k in range(len(world.segments.switching)):
            outdated |= move_attraction(world.segments, state.market, k, v, attraction(world, state, k, f, mode))
    return outdated


@kernel
def refresh_venue(world: World, state: State, v: int) -> None:
    """Levers and attraction of a venue."""
    refresh_levers(world, state, v)
    refresh_attraction(world, state, v)


@inlined
def real_volume(world: World, state: State, f: int, mode: int) -> float:
    """Real volume of exchange f's venue, from `scratch.volumes`."""
    total, volumes = 0.0, state.scratch.volumes
    for k in range(len(volumes)):
        if volumes[k] > 0.0:
            total += volumes[k] * venue_share_in(state.market, k, 3 * f + mode, mode)
    return total


@kernel
def set_segment_volumes(world: World, state: State, now: float) -> None:
    """Fill `scratch.volumes` (K,): real volume per day of each segment."""
    volumes = state.scratch.volumes
    for k in range(len(volumes)):
        volumes[k] = world.segments.real_part[k] * base_volume(world, state, k, now)
