"""Interventions coming into force, step by step, and their deadlines."""

import numpy as np

from sim.kernels.compile import kernel
from sim.model.exchanges.actions import close_venue
from sim.model.journal import note
from sim.model.regulators.lever_totals import applies_to, bears_on, lever_moved
from sim.model.state import State
from sim.model.traders.attraction import refresh_levers, refresh_pull
from sim.model.traders.demand import advance, reconsider
from sim.world.arrays import World
from sim.world.codes import (
    ANNOUNCED,
    C_HOST,
    C_ORDER,
    DEEMED,
    E_ANNOUNCED,
    E_CLOSED,
    E_EFFECTIVE,
    E_HOST_CLOSED,
    EFFECTIVE,
    FORBIDDEN,
    FREE,
    L_CLAIM,
    L_DETECTION,
    L_PERMISSION,
    LICENCE,
    LICENSED,
    OFFSHORE,
    PHASE_OF_LEVER,
    S_DEFY,
    S_EXIT,
    S_LATENT,
)

_PHASES = np.array(PHASE_OF_LEVER)


@kernel
def apply_step(world: World, state: State, n: int, now: float) -> None:
    """Take step n of an intervention: levers first, then the attention that it draws."""
    orders = world.orders
    i, phase, event = orders.step_of[n], orders.step_phase[n], orders.step_event[n]
    note(state.log, now, event, i, -1, -1, C_ORDER if orders.rule[i] >= 0 else 0, i, orders.step_value[n])
    if event == E_ANNOUNCED and orders.pulse[i, 0] > 0.0:
        state.force.pulse[i] = now
    if phase >= 0 and state.force.strength[i, phase] != orders.step_value[n]:
        state.force.strength[i, phase] = orders.step_value[n]
        lever_moved(world, state, i)
        if _moves_in(world, i, phase):
            refresh_targets(world, state, i, now)
    if orders.step_attention[n] > 0.0:
        advance(world.segments, state.market, now)
        for k in range(len(world.segments.switching)):
            if orders.segments[i, k]:
                reconsider(state.market, k, orders.step_attention[n] * world.segments.attention[k])


@kernel
def _moves_in(world: World, i: int, phase: int) -> bool:
    """Whether a change of intervention i's strength in this phase shows at the venues that it bears on."""
    for e in range(len(world.orders.of)):
        if world.orders.of[e] == i:
            lever = world.orders.lever[e]
            if _PHASES[lever] == phase or (lever == L_PERMISSION and phase == ANNOUNCED):
                return True
    return False


@kernel
def touches_detection(world: World, i: int) -> bool:
    """Whether intervention i can change the rate at which a venue is found out."""
    orders = world.orders
    if orders.action[i] >= 0:
        return True
    for e in range(len(orders.of)):
        if orders.of[e] == i and orders.lever[e] in (L_PERMISSION, L_CLAIM, L_DETECTION):
            return True
    return False


@kernel
def refresh_targets(world: World, state: State, i: int, now: float) -> None:
    """Levers and attractions of the venues, open or being built, that intervention i bears on."""
    traits = state.traits
    for v in range(len(state.venues.open)):
        f = v // 3
        there = state.venues.open[v] or state.venues.building[v]
        touched = there and bears_on(world, i, f, v % 3, bool(traits.disguised[f]), traits.host[f])
        if touched and refresh_levers(world, state, v):
            advance(world.segments, state.market, now)
            refresh_pull(world, state, v)


@kernel
def concerned(world: World, state: State, i: int, f: int) -> bool:
    """Whether exchange f has reason to think when intervention i is announced or takes effect.

    It has if the intervention binds a venue that it runs or builds or, while it runs none, one that it could run.
    """
    venues, traits = state.venues, state.traits
    if world.firms.fixed[f] or not traits.entered[f] or traits.strategy[f] == S_EXIT:
        return False
    latent = traits.strategy[f] == S_LATENT
    for m in range(3):
        here = latent or venues.open[3 * f + m] or venues.building[3 * f + m]
        if here and applies_to(world, state, i, f, m, bool(traits.disguised[f]), traits.host[f]):
            return True
    return False


@kernel
def overdue(world: World, state: State, i: int, v: int) -> bool:
    """Whether intervention i, whose deadline has come, ends venue v now."""
    venues, traits, f, mode = state.venues, state.traits, v // 3, v % 3
    if not venues.open[v] or venues.permission[v] == FREE or traits.strategy[f] == S_DEFY:
        return False
    if not forbids(world, i) or not applies_to(world, state, i, f, mode, bool(traits.disguised[f]), traits.host[f]):
        return False
    unlicensed = venues.permission[v] == LICENCE and venues.licence[v] not in (DEEMED, LICENSED)
    return bool(venues.permission[v] == FORBIDDEN or unlicensed)


@kernel
def forbids(world: World, i: int) -> bool:
    """Whether intervention i limits permission at all."""
    orders = world.orders
    for e in range(len(orders.of)):
        if orders.of[e] == i and orders.lever[e] == L_PERMISSION and orders.amount[e] != FREE:
            return True
    return False


@kernel
def enforce_deadline(world: World, state: State, i: int, now: float) -> None:
    """Close what may not go on after the deadline of intervention i; fill `room.flags` (F,): who is hit."""
    hit = state.room.flags
    for f in range(len(hit)):
        hit[f] = False
    if state.force.strength[i, EFFECTIVE] <= 0.0:
        return
    for v in range(len(state.venues.open)):
        if overdue(world, state, i, v):
            advance(world.segments, state.market, now)
            hit[v // 3] = True
            event = E_HOST_CLOSED if v % 3 == OFFSHORE else E_CLOSED
            close_venue(world, state, v, now, event, C_HOST if event == E_HOST_CLOSED else C_ORDER, i)


@kernel
def draws_reactions(world: World, n: int) -> bool:
    """Whether exchanges react to step n: to the announcement, and to the effect if it comes later."""
    orders = world.orders
    event = orders.step_event[n]
    if event == E_ANNOUNCED:
        return True
    i = orders.step_of[n]
    return bool(event == E_EFFECTIVE and orders.step_time[n] > orders.step_time[orders.first[i]])
