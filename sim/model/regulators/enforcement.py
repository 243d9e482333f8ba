"""Enforcement: detection clocks, cases, and what the measures do.

A venue in violation is detected when the integral of its rate, detection x visibility, reaches a unit-exponential
threshold. Rates change in steps, so the integral is kept exactly and the time left is threshold / rate.
"""

import math

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.model.exchanges.actions import close_venue
from sim.model.exchanges.beliefs import advance_beliefs, posture_of
from sim.model.journal import write_line
from sim.model.random import draw, uniform
from sim.model.regulators.lever_totals import bears_on, staffing
from sim.model.state import State
from sim.model.traders.attraction import refresh_attraction, refresh_levers
from sim.world.arrays import World
from sim.world.codes import (
    ACCOUNT_FREEZE,
    ACTIONS,
    C_INTERVENTION,
    CLOSURE,
    D_DETECTION,
    D_DOMAIN,
    D_SERVICE,
    D_SITE,
    DOMESTIC,
    E_BLOCKED,
    E_CASE_OPENED,
    E_CASE_STARTED,
    E_CLOSURE,
    E_DETECTED,
    E_DROPPED,
    E_FINED,
    E_FROZEN,
    E_NEW_DOMAIN,
    E_RELEASED,
    ENFORCED,
    FORBIDDEN,
    FREE,
    NONE,
    OFFSHORE,
    OTC,
    REFUSED,
    S_DEFY,
    SITE_BLOCK,
)

_ACTIONS = len(ACTIONS)


@kernel
def unlawful(state: State, v: int) -> bool:
    """Whether venue v runs against a permission: hidden, forbidden, or without the licence it needs.

    A venue in its wind-down is left alone, and so is one that applied, until the deadline closes it.
    """
    venues, f, mode = state.venues, v // 3, v % 3
    if mode == OFFSHORE and state.exchanges.disguised[f]:
        return True
    if venues.permission[v] == FREE or venues.closing[v] < math.inf:
        return False
    if venues.permission[v] == FORBIDDEN:
        return True
    return bool(venues.licence[v] in (NONE, REFUSED) or state.exchanges.strategy[f] == S_DEFY)


@kernel
def sanctionable(state: State, action: int, v: int) -> bool:
    """Whether venue v can suffer this action now."""
    venues, mode = state.venues, v % 3
    if not venues.open[v]:
        return False
    if action == SITE_BLOCK:
        return mode == OFFSHORE and bool(venues.claim[v]) and venues.blocked[v] < 1.0
    if action == ACCOUNT_FREEZE:
        return mode == OTC and venues.frozen[v] == 0.0
    return unlawful(state, v)


@kernel
def visibility(world: World, state: State, v: int) -> float:
    """How conspicuous venue v is: it grows with its volume and with a local-language page."""
    settings, venues, volume = world.settings, state.venues, max(state.venues.volume[v], 0.0)
    if venues.visibility_volume[v] != volume:
        venues.visibility_volume[v] = volume
        venues.visibility[v] = (volume / settings.reference_size) ** settings.size_exponent
    page = state.exchanges.has_local_page[v // 3] and v % 3 != DOMESTIC
    return float(venues.visibility[v] * (settings.page_visibility if page else 1.0))


@kernel
def detection_rate(world: World, state: State, action: int, v: int) -> float:
    """Detections per day of venue v for an action, and in `cases.order` the intervention most behind it."""
    if state.cases.open[action, v]:
        return 0.0
    state.cases.intervention[action, v] = -1
    if not sanctionable(state, action, v):
        return 0.0
    interventions, total, most = world.interventions, 0.0, 0.0
    f, shell, host = v // 3, bool(state.exchanges.disguised[v // 3]), state.exchanges.host[v // 3]
    for n in range(state.in_force.enforcing_count[action]):
        i = state.in_force.enforcing[action, n]
        rate = interventions.rate[i] * state.in_force.strength[i, ENFORCED]
        if bears_on(world, i, f, v % 3, shell, host):
            total += rate
            if rate > most:
                most = rate
                state.cases.intervention[action, v] = i
    return total * state.venues.detection[v] * visibility(world, state, v) if total > 0.0 else 0.0


@kernel
def update_detection_rate(world: World, state: State, action: int, v: int, now: float) -> bool:
    """Bring a detection clock to its present rate; True if the rate changed."""
    cases = state.cases
    rate = detection_rate(world, state, action, v)
    if rate == cases.rate[action, v]:
        return False
    if cases.threshold[action, v] == 0.0:
        draw_threshold(world, state, action, v)
    cases.spent[action, v] += cases.rate[action, v] * (now - cases.since[action, v])
    cases.since[action, v] = now
    _set_rate(state, action, v, rate)
    return True


@kernel
def _set_rate(state: State, action: int, v: int, rate: float) -> None:
    cases = state.cases
    cases.active[action] += (1 if rate > 0.0 else 0) - (1 if cases.rate[action, v] > 0.0 else 0)
    cases.rate[action, v] = rate


@inlined
def detection_occasion(number: int, action: int, mode: int) -> int:
    """Occasion of what is drawn for a detection, which no other has.

    Numbers of detections are 16 apart, which has room for four actions and their modes. Further actions count from
    2^40, 2^41 and so on.
    """
    return ((action // 4) << 40) + 16 * number + 4 * (action % 4) + mode


@kernel
def draw_threshold(world: World, state: State, action: int, v: int) -> None:
    """Draw the next threshold of a clock and set it back."""
    cases = state.cases
    occasion = detection_occasion(cases.detections[action, v], action, v % 3)
    cases.threshold[action, v] = -math.log(uniform(state.key, world.exchanges.key[v // 3], D_DETECTION, occasion))
    cases.spent[action, v] = 0.0


@kernel
def time_left(state: State, action: int, v: int) -> float:
    """Days until detection at the present rate, infinity at rate 0."""
    cases = state.cases
    if cases.rate[action, v] <= 0.0:
        return math.inf
    return float(max(0.0, cases.threshold[action, v] - cases.spent[action, v]) / cases.rate[action, v])


@kernel
def detect(world: World, state: State, action: int, v: int, now: float) -> int:
    """Venue v is found out: a case opens, its clock rests. Returns the agency, -1 if nobody is charged with it.

    The journal marks a venue whose local-language page drew attention by adding the number of actions.
    """
    cases, f = state.cases, v // 3
    order = cases.intervention[action, v]
    host = state.exchanges.host[f] if v % 3 == OFFSHORE else -1
    drawn = action + _ACTIONS if state.exchanges.has_local_page[f] and v % 3 != DOMESTIC else action
    write_line(state.journal, now, E_DETECTED, f, v % 3, host, C_INTERVENTION, order, float(drawn))
    cases.open[action, v] = True
    _set_rate(state, action, v, 0.0)
    cases.since[action, v] = now
    cases.detections[action, v] += 1
    draw_threshold(world, state, action, v)
    agency = world.interventions.agency[order]
    if agency >= 0:
        write_line(state.journal, now, E_CASE_OPENED, f, v % 3, host, C_INTERVENTION, order, float(action))
    return int(agency)


@kernel
def case_work(world: World, state: State, agency: int, action: int, v: int, now: float) -> float:
    """An inspector takes up a case; returns the days of work."""
    f = v // 3
    write_line(
        state.journal,
        now,
        E_CASE_STARTED,
        f,
        v % 3,
        -1,
        C_INTERVENTION,
        state.cases.intervention[action, v],
        float(action),
    )
    occasion = detection_occasion(state.cases.detections[action, v], action, v % 3)
    days = draw(world.agencies.service[agency], state.key, world.exchanges.key[f], D_SERVICE, occasion)
    return max(0.0, days) / max(staffing(world, state, agency), 1e-9)


@kernel
def sanction(world: World, state: State, action: int, v: int, now: float) -> bool:
    """The case is done: the measure falls if the venue still deserves it. True if the exchange has to think again."""
    cases, f, mode = state.cases, v // 3, v % 3
    cases.open[action, v] = False
    order = cases.intervention[action, v]
    if not sanctionable(state, action, v):
        write_line(state.journal, now, E_DROPPED, f, mode, -1, C_INTERVENTION, order, float(action))
        return False
    if action == SITE_BLOCK:
        block(world, state, v, now, order)
        return False
    if action == ACCOUNT_FREEZE:
        _set_frozen(world, state, v, world.settings.freeze_friction)
        write_line(state.journal, now, E_FROZEN, f, mode, -1, C_INTERVENTION, order, world.settings.freeze)
        return False
    advance_beliefs(world, state, now)
    state.beliefs.shut_count[posture_of(state, v)] += 1.0
    if action == CLOSURE:
        close_venue(world, state, v, now, E_CLOSURE, C_INTERVENTION, order)
    else:
        settings = world.settings
        fine = settings.fine_fixed + settings.fine_days * state.exchanges.revenue[f]
        write_line(state.journal, now, E_FINED, f, mode, -1, C_INTERVENTION, order, fine)
    state.exchanges.sanctions[f] += 1
    return True


@kernel
def _set_frozen(world: World, state: State, v: int, friction: float) -> None:
    state.venues.frozen[v] = friction
    refresh_levers(world, state, v)
    refresh_attraction(world, state, v)


@kernel
def release(world: World, state: State, v: int, now: float) -> None:
    """Frozen accounts are released."""
    _set_frozen(world, state, v, 0.0)
    write_line(state.journal, now, E_RELEASED, v // 3, v % 3, -1, 0, -1, 0.0)


@kernel
def block(world: World, state: State, v: int, now: float, order: int) -> None:
    """Block the sites of an offshore venue."""
    state.venues.blocked[v] = 1.0
    state.cases.blocks[v] += 1
    state.cases.sites[0] += 1
    refresh_levers(world, state, v)
    refresh_attraction(world, state, v)
    write_line(
        state.journal, now, E_BLOCKED, v // 3, OFFSHORE, state.exchanges.host[v // 3], C_INTERVENTION, order, 1.0
    )


@kernel
def return_lag(world: World, state: State, v: int) -> float:
    """Days until a blocked venue is back under a new domain."""
    return max(
        0.0, draw(world.return_lag, state.key, world.exchanges.key[v // 3], D_DOMAIN, int(state.cases.blocks[v]))
    )


@kernel
def new_domain(world: World, state: State, v: int, now: float) -> None:
    """A blocked venue is back under a new domain, with part of its users."""
    if state.venues.blocked[v] < 1.0:
        return
    state.venues.blocked[v] = world.settings.residual
    refresh_levers(world, state, v)
    refresh_attraction(world, state, v)
    write_line(
        state.journal,
        now,
        E_NEW_DOMAIN,
        v // 3,
        OFFSHORE,
        state.exchanges.host[v // 3],
        0,
        -1,
        world.settings.residual,
    )


@kernel
def next_site(world: World, state: State, i: int, n: int) -> float:
    """Days from site n - 1 to site n of a blocking campaign, infinity when it has ended."""
    sites, over, rate = world.interventions.campaign[i]
    if n < sites:
        return float(over / sites)
    if rate <= 0.0:
        return math.inf
    return float(-math.log(uniform(state.key, np.uint64(world.interventions.key[i]), D_SITE, n)) / rate)


@kernel
def block_site(world: World, state: State, i: int, now: float) -> int:
    """The campaign takes its next site: the largest venue not blocked yet, else one of the background pool.

    Returns the venue blocked, -1 for a background site.
    """
    largest, chosen = 0.0, -1
    for f in range(len(state.exchanges.host)):
        v = 3 * f + OFFSHORE
        fresh = state.venues.open[v] and state.venues.blocked[v] == 0.0 and state.cases.blocks[v] == 0
        larger = chosen < 0 or state.venues.volume[v] > largest
        shell, host = bool(state.exchanges.disguised[f]), state.exchanges.host[f]
        if fresh and larger and bears_on(world, i, f, OFFSHORE, shell, host):
            largest, chosen = state.venues.volume[v], v
    if chosen >= 0:
        block(world, state, chosen, now, i)
    elif state.cases.sites[0] < world.settings.background + _modelled_blocks(state):
        state.cases.sites[0] += 1
        write_line(state.journal, now, E_BLOCKED, -1, OFFSHORE, -1, C_INTERVENTION, i, 0.0)
    return chosen


@kernel
def _modelled_blocks(state: State) -> int:
    """Blocks of modelled venues so far."""
    count = 0
    for blocks in state.cases.blocks:
        count += blocks
    return int(count)
