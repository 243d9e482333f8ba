"""Licences: which offices a venue needs, what an applicant may do meanwhile, and what their decisions do."""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.events import WITHDRAWAL, schedule_event
from sim.model.journal import write_line
from sim.model.random import absent, draw, uniform
from sim.model.regulators.applicants import advance_giving_up, see_act
from sim.model.regulators.lever_totals import SLOWEST, applies_to, binds, staffing
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World

_ROUNDING = 1e-9  # an examination that ends so little after a publication, in batches, is in time for it


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
    chance = 1.0
    for o in range(len(world.offices.approval)):
        if needs_office(world, state, f, mode, host, o):
            chance *= world.offices.approval[o]
    return chance if needs_any_office(world, state, f, mode, host) else 0.0


@kernel
def needs_any_office(world: World, state: State, f: int, mode: int, host: int) -> bool:
    """Whether there is an office whose licence exchange f's slot needs."""
    needed = False
    for o in range(len(world.offices.approval)):
        needed = needed or needs_office(world, state, f, mode, host, o)
    return needed


@inlined
def licence_at(state: State, v: int, host: int) -> int:
    """Licence of venue v if it were run from a host (-1 none): what one gave or refused does not count elsewhere."""
    return int(state.venues.licence[v]) if state.venues.licence_host[v] == host else c.NONE


@kernel
def drop_licence(world: World, state: State, v: int, now: float, cause: int, index: int) -> None:
    """Give up a licence, or the application for it."""
    if state.venues.licence[v] in (c.WAITING, c.DEEMED):
        write_line(state.journal, now, c.E_WITHDRAWN, v // 3, v % 3, -1, cause, index, 0.0)
    _take_back(world, state, v, c.NONE, now)


@kernel
def _take_back(world: World, state: State, v: int, licence: int, now: float) -> None:
    """Applications of venue v end that are not decided yet; `licence` is what it has from now on."""
    venues = state.venues
    venues.licence[v] = licence
    if venues.approvals[v] > 0:
        venues.approvals[v] = 0
        for o in range(len(world.offices.approval)):
            schedule_event(state, 0.0, WITHDRAWAL, v, o, 0)
    advance_giving_up(world, state, v, now)


@kernel
def licence_lapses(world: World, state: State, v: int, i: int) -> bool:
    """Whether venue v has, or has applied for, a licence that it needs no more now that regime i is lifted."""
    bound = state.venues.licence[v] != c.NONE and binds(world, state, i, v)
    return bound and not needs_any_office(world, state, v // 3, v % 3, state.venues.licence_host[v])


@kernel
def occasion(world: World, v: int, office: int) -> int:
    """Occasion of the draws of an application: one per slot and office, wherever the office stands in the file."""
    return int(world.offices.key[office] + v % 3)


@kernel
def apply(world: World, state: State, v: int, office: int, now: float) -> float:
    """Lodge an application; returns the days after which the applicant gives up waiting (infinity: never)."""
    venues, offices, f = state.venues, world.offices, v // 3
    agent = world.exchanges.key[f]
    write_line(state.journal, now, c.E_APPLICATION, f, v % 3, -1, c.C_LICENCE, office, 0.0)
    venues.approvals[v] += 1
    advance_giving_up(world, state, v, now)
    if venues.licence[v] < c.WAITING:
        venues.licence[v] = c.WAITING
    timely = now <= offices.apply_by[office]
    if (
        timely
        and venues.open[v]
        and uniform(state.key, agent, c.D_DEEMED, occasion(world, v, office)) < offices.deemed[office]
    ):
        venues.licence[v] = c.DEEMED
        write_line(state.journal, now, c.E_DEEMED, f, v % 3, -1, c.C_LICENCE, office, 0.0)
    if absent(offices.patience[office]):
        return math.inf
    return max(0.0, draw(offices.patience[office], state.key, agent, c.D_PATIENCE, occasion(world, v, office)))


@kernel
def examination(world: World, state: State, v: int, office: int, now: float) -> float:
    """Days until an officer has examined an application that he takes up now: his work, and the pauses in it.

    He works as fast as the staffing of the agency that the office belongs to lets him when he begins.
    """
    agent, agency = world.exchanges.key[v // 3], world.offices.agency[office]
    days = max(0.0, draw(world.offices.service[office], state.key, agent, c.D_EXAMINATION, occasion(world, v, office)))
    if agency >= 0:
        days /= max(staffing(world, state, agency), SLOWEST)
    pauses = world.offices.pauses
    for n in range(pauses.shape[1]):
        first, end = pauses[office, n, 0], pauses[office, n, 1]
        if first < now + days and now < end:
            days += end - max(first, now)
    return float(days)


@kernel
def publication(world: World, office: int, now: float) -> float:
    """Days from the end of an examination until the decision is published, on a given date or with its batch."""
    dates = world.offices.dates
    for n in range(dates.shape[1]):
        date = dates[office, n]
        if now - _ROUNDING <= date < math.inf:
            return float(max(0.0, date - now))
    batch = world.offices.batch[office]
    return float(max(0.0, math.ceil(now / batch - _ROUNDING) * batch - now)) if batch > 0.0 else 0.0


@kernel
def rule_on(world: World, state: State, v: int, office: int, now: float) -> bool:
    """The office decides; True if the exchange has a reason to decide again: refused, or granted by all offices."""
    venues, f = state.venues, v // 3
    u = uniform(state.key, world.exchanges.key[f], c.D_APPROVAL, occasion(world, v, office))
    granted = u < world.offices.approval[office]
    write_line(state.journal, now, c.E_GRANTED if granted else c.E_REFUSED, f, v % 3, -1, c.C_LICENCE, office, 0.0)
    venues.approvals[v] -= 1
    if not granted:
        _take_back(world, state, v, c.REFUSED, now)
        _show_refusal(world, state, v, office, now)
    elif venues.approvals[v] == 0:
        venues.licence[v] = c.LICENSED
        advance_giving_up(world, state, v, now)
    return not granted or bool(venues.approvals[v] == 0)


@kernel
def _show_refusal(world: World, state: State, refused: int, office: int, now: float) -> None:
    """A refusal is an act in the sight of all others who wait for a decision and need this office."""
    if world.settings.giving_up <= 0.0:
        return
    for v in range(len(state.venues.open)):
        waits = v != refused and state.venues.approvals[v] > 0
        if waits and needs_office(world, state, v // 3, v % 3, int(state.venues.licence_host[v]), office):
            see_act(world, state, v, 1.0, now)


@kernel
def give_up(world: World, state: State, v: int, now: float) -> None:
    """The applicant withdraws from all offices, waiting or examined, which counts as a refusal by all."""
    write_line(state.journal, now, c.E_WITHDRAWN, v // 3, v % 3, -1, c.C_LICENCE, -1, 0.0)
    _take_back(world, state, v, c.REFUSED, now)


@kernel
def withdraw(world: World, state: State, v: int, office: int, now: float) -> None:
    """The applicant gives up waiting, which counts as a refusal by all."""
    write_line(state.journal, now, c.E_WITHDRAWN, v // 3, v % 3, -1, c.C_LICENCE, office, 0.0)
    state.venues.approvals[v] -= 1
    _take_back(world, state, v, c.REFUSED, now)
