"""Licences: which offices a venue needs, what an applicant may do meanwhile, and what their decisions do."""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.journal import write_line
from sim.model.random import absent, draw, uniform
from sim.model.regulators.lever_totals import applies_to
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World


@kernel
def needs_office(world: World, state: State, f: int, mode: int, host: int, office: int) -> bool:
    """Whether exchange f's slot needs the licence of this office: by an announced regime, or by the law of the host."""
    if mode == c.OFFSHORE and host >= 0 and world.jurisdictions.office[host] == office:
        return True
    interventions = world.interventions
    for i in range(len(interventions.key)):
        announced = interventions.offices[i, office] and state.in_force.strength[i, c.ANNOUNCED] > 0.0
        if announced and applies_to(world, state, i, f, mode, bool(state.exchanges.disguised[f]), host):
            return True
    return False


@kernel
def chance_of_licence(world: World, state: State, f: int, mode: int, host: int) -> float:
    """Probability that all offices needed grant; 0 if none is."""
    chance, needed = 1.0, False
    for o in range(len(world.offices.approval)):
        if needs_office(world, state, f, mode, host, o):
            chance *= world.offices.approval[o]
            needed = True
    return chance if needed else 0.0


@inlined
def licence_at(state: State, v: int, host: int) -> int:
    """Licence of venue v if it were run from a host (-1 none): what one gave or refused does not count elsewhere."""
    return int(state.venues.licence[v]) if state.venues.licence_host[v] == host else c.NONE


@kernel
def drop_licence(state: State, v: int, now: float, cause: int, index: int) -> None:
    """Give up a licence, or the application for it."""
    venues = state.venues
    if venues.licence[v] in (c.WAITING, c.DEEMED):
        write_line(state.journal, now, c.E_WITHDRAWN, v // 3, v % 3, -1, cause, index, 0.0)
    venues.licence[v] = c.NONE
    venues.approvals[v] = 0


@kernel
def occasion(v: int, office: int) -> int:
    """Occasion of the draws of an application: one per slot and office."""
    return 3 * office + v % 3


@kernel
def apply(world: World, state: State, v: int, office: int, now: float) -> float:
    """Lodge an application; returns the days after which the applicant gives up waiting (infinity: never)."""
    venues, offices, f = state.venues, world.offices, v // 3
    agent = world.exchanges.key[f]
    write_line(state.journal, now, c.E_APPLICATION, f, v % 3, -1, c.C_LICENCE, office, 0.0)
    venues.approvals[v] += 1
    if venues.licence[v] < c.WAITING:
        venues.licence[v] = c.WAITING
    timely = now <= offices.apply_by[office]
    if (
        timely
        and venues.open[v]
        and uniform(state.key, agent, c.D_DEEMED, occasion(v, office)) < offices.deemed[office]
    ):
        venues.licence[v] = c.DEEMED
        write_line(state.journal, now, c.E_DEEMED, f, v % 3, -1, c.C_LICENCE, office, 0.0)
    if absent(offices.patience[office]):
        return math.inf
    return max(0.0, draw(offices.patience[office], state.key, agent, c.D_PATIENCE, occasion(v, office)))


@kernel
def examination(world: World, state: State, v: int, office: int, now: float) -> float:
    """Days from the start of the examination until the decision is published."""
    agent = world.exchanges.key[v // 3]
    days = max(0.0, draw(world.offices.service[office], state.key, agent, c.D_EXAMINATION, occasion(v, office)))
    batch = world.offices.batch[office]
    if batch > 0.0:
        return float(math.ceil((now + days) / batch) * batch - now)
    return days


@kernel
def rule_on(world: World, state: State, v: int, office: int, now: float) -> bool:
    """The office decides; True if the exchange has a reason to decide again: refused, or granted by all offices.

    An application that was withdrawn, or refused by another office meanwhile, has lapsed.
    """
    venues, f = state.venues, v // 3
    if venues.approvals[v] == 0 or not needs_office(world, state, f, v % 3, venues.licence_host[v], office):
        return False
    u = uniform(state.key, world.exchanges.key[f], c.D_APPROVAL, occasion(v, office))
    if u >= world.offices.approval[office]:
        venues.licence[v] = c.REFUSED
        venues.approvals[v] = 0
        write_line(state.journal, now, c.E_REFUSED, f, v % 3, -1, c.C_LICENCE, office, 0.0)
        return True
    write_line(state.journal, now, c.E_GRANTED, f, v % 3, -1, c.C_LICENCE, office, 0.0)
    venues.approvals[v] -= 1
    if venues.approvals[v] == 0:
        venues.licence[v] = c.LICENSED
        return True
    return False


@kernel
def withdraw(state: State, v: int, office: int, now: float) -> bool:
    """The applicant gives up waiting; False if the application had lapsed already."""
    if state.venues.approvals[v] == 0:
        return False
    state.venues.licence[v] = c.REFUSED
    state.venues.approvals[v] = 0
    write_line(state.journal, now, c.E_WITHDRAWN, v // 3, v % 3, -1, c.C_LICENCE, office, 0.0)
    return True
