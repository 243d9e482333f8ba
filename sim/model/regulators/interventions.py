"""Interventions coming into force, step by step, and their deadlines."""

import math

from sim.kernels.compile import kernel
from sim.model.exchanges.beliefs import is_dormant
from sim.model.exchanges.closings import close_venue
from sim.model.journal_writing import write_line
from sim.model.regulators.lever_totals import bears_on, binds, lever_moved, of_venue
from sim.model.regulators.product_bars import update_all_products
from sim.model.state import State
from sim.model.traders.attraction import move_attractions, refresh_levers
from sim.model.traders.demand import advance, choose_anew, leave_venue, reconsider, set_all_mode_factors, strand_users
from sim.world import codes as c
from sim.world.arrays import World


@kernel
def apply_step(world: World, state: State, n: int, now: float) -> None:
    """Take step n of an intervention: its levers move."""
    interventions = world.interventions
    i, phase, event = interventions.step_of[n], interventions.step_phase[n], interventions.step_event[n]
    cause = c.C_INTERVENTION if interventions.rule[i] >= 0 else c.C_NONE
    write_line(state.journal, now, event, i, -1, -1, cause, i, interventions.step_value[n])
    if event == c.E_ANNOUNCED and interventions.panic[i, 0] > 0.0:
        state.in_force.panic_start[i] = now
    if phase >= 0 and state.in_force.strength[i, phase] != interventions.step_value[n]:
        state.in_force.strength[i, phase] = interventions.step_value[n]
        lever_moved(world, state, i)
        if interventions.limits_products[i]:
            update_all_products(world, state, now, i)
        if interventions.moves_venues[i, phase]:
            refresh_targets(world, state, i, now)


@kernel
def draw_attention(world: World, state: State, n: int, now: float) -> None:
    """Part of the traders reconsider at step n, by when all levers of this instant have moved."""
    interventions = world.interventions
    i, attention = interventions.step_of[n], interventions.step_attention[n]
    if attention > 0.0:
        advance(world.segments, state.market, now)
        for k in range(len(world.segments.switching)):
            if interventions.segments[i, k]:
                reconsider(world.segments, state.market, k, attention * world.segments.attention[k])


@kernel
def draw_away(world: World, state: State, n: int, now: float) -> None:
    """Part of the users of the venues that step n's intervention binds choose anew, all at once."""
    interventions, venues, leaving = world.interventions, state.venues, state.scratch.leaving
    i, fraction = interventions.step_of[n], interventions.step_leave[n]
    if fraction <= 0.0:
        return
    advance(world.segments, state.market, now)
    for k in range(len(leaving)):
        leaving[k, :] = 0.0
    for v in range(len(venues.open)):
        if venues.open[v] and binds(world, state, i, v):
            write_line(state.journal, now, c.E_WAVE, v // 3, v % 3, -1, c.C_INTERVENTION, i, fraction)
            for k in range(len(leaving)):
                if interventions.segments[i, k]:
                    leaving[k, v % 3] += leave_venue(state.market, k, v, fraction)
    for k in range(len(leaving)):
        for m in range(3):
            choose_anew(world.segments, state.market, k, m, leaving[k, m])


@kernel
def refresh_targets(world: World, state: State, i: int, now: float) -> None:
    """Refresh levers and attractions of the venues, open or being built, that intervention i bears on."""
    exchanges, venues, outdated = state.exchanges, state.venues, False
    for v in range(len(venues.open)):
        f, exists = v // 3, venues.open[v] or venues.building[v]
        touched = exists and bears_on(world, i, f, v % 3, bool(exchanges.disguised[f]), exchanges.host[f])
        rested = venues.suspended[v]
        if touched and refresh_levers(world, state, v):
            advance(world.segments, state.market, now)
            outdated |= move_attractions(world, state, v)
            if venues.suspended[v] != rested:
                _rest_or_resume(world, state, v, now, i)
    if outdated:
        set_all_mode_factors(world.segments, state.market)


@kernel
def _rest_or_resume(world: World, state: State, v: int, now: float, i: int) -> None:
    """The licence of venue v is suspended, and nothing is traded there, or is in force again."""
    venues, host = state.venues, state.exchanges.host[v // 3] if v % 3 == c.OFFSHORE else -1
    if not venues.open[v]:
        return
    event = c.E_SUSPENDED if venues.suspended[v] else c.E_RESUMED
    write_line(state.journal, now, event, v // 3, v % 3, host, c.C_INTERVENTION, i, 0.0)
    if venues.suspended[v]:
        for k in range(len(world.segments.switching)):
            strand_users(world.segments, state.market, k, v)


@kernel
def concerned(world: World, state: State, i: int, f: int) -> bool:
    """Whether exchange f has a reason to decide when intervention i is announced, takes effect or is lifted.

    It has if the intervention binds a venue that it runs or builds or, while it is latent or dormant, one that it could
    run.
    """
    venues, exchanges = state.venues, state.exchanges
    dormant = is_dormant(world, state, f)
    gone = exchanges.strategy[f] == c.S_EXIT and not dormant
    if world.exchanges.fixed[f] or not exchanges.entered[f] or gone:
        return False
    latent = exchanges.strategy[f] == c.S_LATENT or dormant
    for v in range(3 * f, 3 * f + 3):
        if (latent or venues.open[v] or venues.building[v]) and binds(world, state, i, v):
            return True
    return False


@kernel
def overdue(world: World, state: State, i: int, v: int) -> bool:
    """Whether intervention i, whose deadline has come, ends venue v now."""
    venues, permission = state.venues, state.venues.permission[v]
    if not venues.open[v] or permission == c.FREE or state.exchanges.strategy[v // 3] == c.S_DEFY:
        return False
    if not world.interventions.limits[i] or not binds(world, state, i, v):
        return False
    if not of_venue(world, state, i, v // 3, v % 3):
        return False
    unlicensed = permission == c.LICENCE and state.permits.licence[v] not in (c.DEEMED, c.LICENSED)
    return bool(permission == c.FORBIDDEN or unlicensed)


@kernel
def enforce_deadline(world: World, state: State, i: int, now: float) -> None:
    """Close what may not go on after the deadline of intervention i.

    Fills `scratch.flags` (F,): which exchanges lose a venue.
    """
    lost_venue = state.scratch.flags
    for f in range(len(lost_venue)):
        lost_venue[f] = False
    if state.in_force.strength[i, c.EFFECTIVE] <= 0.0:
        return
    for v in range(len(state.venues.open)):
        if overdue(world, state, i, v):
            advance(world.segments, state.market, now)
            lost_venue[v // 3] = True
            abroad = v % 3 == c.OFFSHORE
            event, cause = (c.E_HOST_CLOSED, c.C_HOST) if abroad else (c.E_CLOSED, c.C_INTERVENTION)
            close_venue(world, state, v, now, event, cause, i)


@kernel
def draws_reactions(world: World, n: int) -> bool:
    """Whether exchanges react to step n: to the announcement, to the effect if it comes later, and to its end."""
    interventions = world.interventions
    event = interventions.step_event[n]
    if event == c.E_ANNOUNCED:
        return True
    if event == c.E_LIFTED:  # only who has left comes back for that
        return not math.isnan(world.settings.reopen)
    first = interventions.first_step[interventions.step_of[n]]
    return bool(event == c.E_EFFECTIVE and interventions.step_time[n] > interventions.step_time[first])
