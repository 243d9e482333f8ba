"""Interventions coming into force, step by step, and their deadlines."""

from sim.kernels.compile import kernel
from sim.model.exchanges.actions import close_venue
from sim.model.journal import write_line
from sim.model.regulators.lever_totals import bears_on, binds, lever_moved
from sim.model.state import State
from sim.model.traders.attraction import refresh_attraction, refresh_levers
from sim.model.traders.demand import advance, reconsider
from sim.world.arrays import World
from sim.world.codes import (
    ANNOUNCED,
    C_HOST,
    C_INTERVENTION,
    C_NONE,
    DEEMED,
    E_ANNOUNCED,
    E_CLOSED,
    E_EFFECTIVE,
    E_HOST_CLOSED,
    EFFECTIVE,
    FORBIDDEN,
    FREE,
    LICENCE,
    LICENSED,
    OFFSHORE,
    S_DEFY,
    S_EXIT,
    S_LATENT,
)
from sim.world.lever_numbers import L_CLAIM, L_DETECTION, L_PERMISSION, PHASE


@kernel
def apply_step(world: World, state: State, n: int, now: float) -> None:
    """Take step n of an intervention: levers first, then the attention that it draws."""
    interventions = world.interventions
    i, phase, event = interventions.step_of[n], interventions.step_phase[n], interventions.step_event[n]
    cause = C_INTERVENTION if interventions.rule[i] >= 0 else C_NONE
    write_line(state.journal, now, event, i, -1, -1, cause, i, interventions.step_value[n])
    if event == E_ANNOUNCED and interventions.panic[i, 0] > 0.0:
        state.in_force.panic_start[i] = now
    if phase >= 0 and state.in_force.strength[i, phase] != interventions.step_value[n]:
        state.in_force.strength[i, phase] = interventions.step_value[n]
        lever_moved(world, state, i)
        if _moves_in(world, i, phase):
            refresh_targets(world, state, i, now)
    if interventions.step_attention[n] > 0.0:
        advance(world.segments, state.market, now)
        for k in range(len(world.segments.switching)):
            if interventions.segments[i, k]:
                reconsider(state.market, k, interventions.step_attention[n] * world.segments.attention[k])


@kernel
def _moves_in(world: World, i: int, phase: int) -> bool:
    """Whether a change of intervention i's strength in this phase shows at the venues that it bears on."""
    for e in range(len(world.interventions.effect_of)):
        if world.interventions.effect_of[e] == i:
            lever = world.interventions.lever[e]
            if PHASE[lever] == phase or (lever == L_PERMISSION and phase == ANNOUNCED):
                return True
    return False


@kernel
def touches_detection(world: World, i: int) -> bool:
    """Whether intervention i can change the rate at which venues are detected."""
    interventions = world.interventions
    if interventions.action[i] >= 0:
        return True
    for e in range(len(interventions.effect_of)):
        if interventions.effect_of[e] == i and interventions.lever[e] in (L_PERMISSION, L_CLAIM, L_DETECTION):
            return True
    return False


@kernel
def refresh_targets(world: World, state: State, i: int, now: float) -> None:
    """Refresh levers and attractions of the venues, open or being built, that intervention i bears on."""
    exchanges, venues = state.exchanges, state.venues
    for v in range(len(venues.open)):
        f, exists = v // 3, venues.open[v] or venues.building[v]
        touched = exists and bears_on(world, i, f, v % 3, bool(exchanges.disguised[f]), exchanges.host[f])
        if touched and refresh_levers(world, state, v):
            advance(world.segments, state.market, now)
            refresh_attraction(world, state, v)


@kernel
def concerned(world: World, state: State, i: int, f: int) -> bool:
    """Whether exchange f has a reason to decide when intervention i is announced or takes effect.

    It has if the intervention binds a venue that it runs or builds or, while it is latent, one that it could run.
    """
    venues, exchanges = state.venues, state.exchanges
    if world.exchanges.fixed[f] or not exchanges.entered[f] or exchanges.strategy[f] == S_EXIT:
        return False
    latent = exchanges.strategy[f] == S_LATENT
    for v in range(3 * f, 3 * f + 3):
        if (latent or venues.open[v] or venues.building[v]) and binds(world, state, i, v):
            return True
    return False


@kernel
def overdue(world: World, state: State, i: int, v: int) -> bool:
    """Whether intervention i, whose deadline has come, ends venue v now."""
    venues, permission = state.venues, state.venues.permission[v]
    if not venues.open[v] or permission == FREE or state.exchanges.strategy[v // 3] == S_DEFY:
        return False
    if not limits_permission(world, i) or not binds(world, state, i, v):
        return False
    unlicensed = permission == LICENCE and venues.licence[v] not in (DEEMED, LICENSED)
    return bool(permission == FORBIDDEN or unlicensed)


@kernel
def limits_permission(world: World, i: int) -> bool:
    """Whether intervention i limits permission at all."""
    interventions = world.interventions
    for e in range(len(interventions.effect_of)):
        limits = interventions.lever[e] == L_PERMISSION and interventions.amount[e] != FREE
        if limits and interventions.effect_of[e] == i:
            return True
    return False


@kernel
def enforce_deadline(world: World, state: State, i: int, now: float) -> None:
    """Close what may not go on after the deadline of intervention i.

    Fills `scratch.flags` (F,): which exchanges lose a venue.
    """
    lost_venue = state.scratch.flags
    for f in range(len(lost_venue)):
        lost_venue[f] = False
    if state.in_force.strength[i, EFFECTIVE] <= 0.0:
        return
    for v in range(len(state.venues.open)):
        if overdue(world, state, i, v):
            advance(world.segments, state.market, now)
            lost_venue[v // 3] = True
            abroad = v % 3 == OFFSHORE
            event, cause = (E_HOST_CLOSED, C_HOST) if abroad else (E_CLOSED, C_INTERVENTION)
            close_venue(world, state, v, now, event, cause, i)


@kernel
def draws_reactions(world: World, n: int) -> bool:
    """Whether exchanges react to step n: to the announcement, and to the effect if it comes later."""
    interventions = world.interventions
    event = interventions.step_event[n]
    if event == E_ANNOUNCED:
        return True
    i = interventions.step_of[n]
    return bool(
        event == E_EFFECTIVE and interventions.step_time[n] > interventions.step_time[interventions.first_step[i]]
    )
