"""Serving focal users from abroad: whom focal law bars from it, who obeys, and what a licence to serve ends.

Nobody at home can close a venue abroad. What focal law forbids there, or asks a licence for, is to serve focal users;
from the deadline on, an exchange without it is barred. One that obeys turns them away, as one does that chooses to
(`exchanges.option_values`), and goes on with all others; the sites of one that does not can be blocked. When it begins
to, all but the residue of its focal users lose their accounts: a part chooses anew (`ending.at_end`), the rest stops
trading until it next reconsiders.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.events import CHOICE, schedule_event
from sim.model.journal_writing import write_line
from sim.model.regulators.lever_totals import applies_to, binds, of_venue
from sim.model.state import State
from sim.model.traders.attraction import refresh_attraction, serves_none
from sim.model.traders.demand import advance, leave_venue
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def service_licence(state: State, f: int) -> int:
    """Exchange f's licence to serve focal users from abroad."""
    return int(state.permits.licence[len(state.venues.open) + f])


@inlined
def licensed_to_serve(state: State, f: int) -> bool:
    """Whether exchange f holds that licence."""
    return service_licence(state, f) == c.LICENSED


@inlined
def blockable(state: State, v: int) -> bool:
    """Whether the sites of the venue abroad v can be blocked: under a claim, or for serving against the law.

    Not those of who is licensed to serve.
    """
    f = v // 3
    against_law = state.exchanges.barred[f] and not serves_none(state, f)
    return bool(state.venues.claim[v] or against_law) and not licensed_to_serve(state, f)


@inlined
def shown_licence(state: State, v: int) -> int:
    """The licence by which a venue is described: abroad that to serve focal users, if there is one."""
    if v % 3 == c.OFFSHORE and service_licence(state, v // 3) != c.NONE:
        return service_licence(state, v // 3)
    return int(state.permits.licence[v])


@kernel
def barring(world: World, state: State, f: int) -> int:
    """The intervention by which focal law bars exchange f's honest venue abroad from serving focal users now, -1 none.

    A prohibition or the want of a licence does after the deadline, a suspended licence while it is. Of several, that
    whose key comes first: the order of the list means nothing.
    """
    interventions, found = world.interventions, -1
    if state.exchanges.disguised[f] or not state.venues.open[3 * f + c.OFFSHORE]:
        return -1
    lawful = service_licence(state, f) in (c.DEEMED, c.LICENSED)
    for i in range(len(interventions.key)):
        limits = interventions.limits[i] and state.in_force.due[i]
        if not (limits or interventions.suspends[i]) or state.in_force.strength[i, c.EFFECTIVE] <= 0.0:
            continue
        if not _serves_under(world, state, i, f):
            continue
        bars = interventions.suspends[i] or interventions.forbids[i] or not lawful
        if bars and (found < 0 or interventions.key[i] < interventions.key[found]):
            found = i
    return found


@kernel
def update_service(world: World, state: State, f: int, now: float) -> None:
    """Bar exchange f from serving focal users, or no longer, as focal law now has it."""
    exchanges, v, i = state.exchanges, 3 * f + c.OFFSHORE, barring(world, state, f)
    if exchanges.barred[f] == (i >= 0):
        return
    before = serves_none(state, f)
    exchanges.barred[f], exchanges.service_notice[f] = i >= 0, 1.0
    if serves_none(state, f) == before or not state.venues.open[v]:
        return
    advance(world.segments, state.market, now)
    host, by = exchanges.host[f], c.C_INTERVENTION if i >= 0 else c.C_LICENCE
    write_line(state.journal, now, c.E_SERVES_AGAIN if before else c.E_TURNS_AWAY, f, c.OFFSHORE, host, by, i, 0.0)
    if not before:
        _close_accounts(world, state, v, i)
    refresh_attraction(world, state, v)


@kernel
def _close_accounts(world: World, state: State, v: int, i: int) -> None:
    """Focal users lose their accounts at venue v, but for the residue; part of them had only waited for their money."""
    market, waited = state.market, world.interventions.at_end[i]
    for k in range(len(market.choosing)):
        if not world.segments.focal[k]:
            continue
        leaving = leave_venue(market, k, v, 1.0 - world.settings.residue)
        market.choosing[k, c.OFFSHORE] += waited * leaving
        market.mode_residual[k, c.OUTSIDE] += (1.0 - waited) * leaving
    if waited > 0.0:
        schedule_event(state, 0.0, CHOICE, v, 0, 0)


@kernel
def update_all_services(world: World, state: State, now: float) -> None:
    """The same for all exchanges, when what focal law asks of them has changed."""
    for f in range(len(state.exchanges.barred)):
        update_service(world, state, f, now)


@kernel
def announce_bar(world: World, state: State, i: int, now: float) -> None:
    """Focal users hear that exchanges abroad will bar them under the prohibition i, as of a venue that will close.

    Part of them leaves at once, and for those who choose meanwhile the venue is worth what the days left make of it.
    """
    interventions, market = world.interventions, state.market
    days, scale = state.in_force.start_day[i] + interventions.deadline[i] - now, interventions.notice_scale[i]
    if not interventions.forbids[i] or not bars_service(world, i) or not days > 0.0:
        return
    scale = world.settings.notice_scale if math.isnan(scale) else scale
    notice = -math.expm1(-days / scale) if scale > 0.0 else 1.0
    advance(world.segments, market, now)
    for f in range(len(state.exchanges.barred)):
        v = 3 * f + c.OFFSHORE
        if not state.exchanges.obeys[f] or state.exchanges.barred[f] or not _serves_under(world, state, i, f):
            continue
        state.exchanges.service_notice[f] = min(state.exchanges.service_notice[f], notice)
        refresh_attraction(world, state, v)
        if interventions.at_once[i] > 0.0:
            write_line(state.journal, now, c.E_WAVE, f, c.OFFSHORE, -1, c.C_INTERVENTION, i, interventions.at_once[i])
        for k in range(len(market.choosing)):
            if world.segments.focal[k] and interventions.at_once[i] > 0.0:
                market.choosing[k, c.OFFSHORE] += leave_venue(market, k, v, interventions.at_once[i])
    if interventions.at_once[i] > 0.0:
        schedule_event(state, 0.0, CHOICE, c.OFFSHORE, 0, 0)


@kernel
def call_off_bar(world: World, state: State, i: int, now: float) -> None:
    """Prohibition i is lifted before it bars anybody: focal users hear that they may stay."""
    advance(world.segments, state.market, now)
    for f in range(len(state.exchanges.barred)):
        if state.exchanges.service_notice[f] < 1.0 and _serves_under(world, state, i, f):
            state.exchanges.service_notice[f] = 1.0
            refresh_attraction(world, state, 3 * f + c.OFFSHORE)


@kernel
def _serves_under(world: World, state: State, i: int, f: int) -> bool:
    """Whether exchange f runs an honest venue abroad of which intervention i asks whom it serves."""
    v = 3 * f + c.OFFSHORE
    asked = state.venues.open[v] and not of_venue(world, state, i, f, c.OFFSHORE)
    return bool(asked and binds(world, state, i, v))


@kernel
def bars_service(world: World, i: int) -> bool:
    """Whether intervention i can bar exchanges from serving focal users from abroad."""
    interventions = world.interventions
    abroad = interventions.focal_law[i] and interventions.modes[i, c.OFFSHORE]
    return bool(abroad and (interventions.limits[i] or interventions.suspends[i]))


@kernel
def days_until_barred(world: World, state: State, f: int, host: int, now: float) -> float:
    """Days for which exchange f may still serve focal users from a host without a licence, under what is announced."""
    interventions, first = world.interventions, math.inf
    for i in range(len(interventions.key)):
        announced = interventions.limits[i] and state.in_force.strength[i, c.ANNOUNCED] > 0.0
        if announced and bars_service(world, i) and applies_to(world, state, i, f, c.OFFSHORE, False, host):
            first = min(first, state.in_force.start_day[i] + interventions.deadline[i])
    return float(max(0.0, first - now))
