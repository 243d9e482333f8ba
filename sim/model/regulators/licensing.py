"""Licences: which offices a venue needs, what an applicant may do meanwhile, and what their decisions do."""

import math

from sim.kernels.compile import inlined, kernel, rare
from sim.model.events import WITHDRAWAL, schedule_event
from sim.model.journal_writing import write_line
from sim.model.random import absent, draw, uniform
from sim.model.regulators.applicants import advance_giving_up, see_act
from sim.model.regulators.lever_totals import SLOWEST, applies_to, staffing
from sim.model.regulators.permits import (
    binds_permit,
    exchange_of,
    for_products,
    kind_of,
    mode_of_kind,
    mode_of_permit,
    venue_of,
)
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World

_ROUNDING = 1e-9  # an examination that ends so little after a publication, in batches, is in time for it


@kernel
def needs_office(world: World, state: State, f: int, kind: int, host: int, office: int) -> bool:
    """Whether a permit of exchange f needs the licence of this office: by an announced regime, or the law of the host.

    It is that of the slot of a mode, to serve focal users from abroad, which focal law alone can ask, or for products,
    of which an office is the only one concerned.
    """
    mode, products = mode_of_kind(kind), kind >= c.PRODUCTS
    if world.offices.licenses_products[office] != products or (products and kind != for_products(office, mode)):
        return False
    if kind == c.OFFSHORE and host >= 0 and world.jurisdictions.office[host] == office:
        return True
    interventions, serving = world.interventions, kind == c.SERVING
    shell = kind < c.SERVING and bool(state.exchanges.disguised[f])
    for i in range(len(interventions.key)):
        announced = interventions.offices[i, office] and state.in_force.strength[i, c.ANNOUNCED] > 0.0
        matter = mode != c.OFFSHORE or products or interventions.focal_law[i] == serving
        if announced and matter and applies_to(world, state, i, f, mode, shell, host):
            return True
    return False


@kernel
def chance_of_licence(world: World, state: State, f: int, kind: int, host: int) -> float:
    """Probability that all offices needed grant; 0 if none is needed, or one is not open to exchange f."""
    chance = 1.0
    for o in range(len(world.offices.approval)):
        if needs_office(world, state, f, kind, host, o):
            chance *= world.offices.approval[o] if world.offices.eligible[o, f] else 0.0
    return chance if needs_any_office(world, state, f, kind, host) else 0.0


@kernel
def may_apply(world: World, state: State, f: int, kind: int, host: int) -> bool:
    """Whether all offices that a permit of exchange f needs are open to it."""
    for o in range(len(world.offices.approval)):
        if not world.offices.eligible[o, f] and needs_office(world, state, f, kind, host, o):
            return False
    return True


@kernel
def needs_any_office(world: World, state: State, f: int, kind: int, host: int) -> bool:
    """Whether there is an office whose licence a permit of exchange f needs."""
    needed = False
    for o in range(len(world.offices.approval)):
        needed = needed or needs_office(world, state, f, kind, host, o)
    return needed


@inlined
def licence_at(state: State, v: int, host: int) -> int:
    """Licence of venue v if it were run from a host (-1 none): what one gave or refused does not count elsewhere."""
    return int(state.permits.licence[v]) if state.permits.host[v] == host else c.NONE


@rare
def drop_licence(world: World, state: State, permit: int, now: float, cause: int, index: int) -> None:
    """Give up a licence, or the application for it."""
    if state.permits.licence[permit] in (c.WAITING, c.DEEMED):
        _write(state, now, c.E_WITHDRAWN, permit, cause, index)
    _take_back(world, state, permit, c.NONE, now)


@kernel
def _write(state: State, now: float, event: int, permit: int, cause: int, index: int) -> None:
    """Write a line about a permit."""
    f, mode = exchange_of(state, permit), mode_of_permit(state, permit)
    write_line(state.journal, now, event, f, mode, -1, cause, index, 0.0)


@kernel
def _take_back(world: World, state: State, permit: int, licence: int, now: float) -> None:
    """Applications for a permit end that are not decided yet; `licence` is what it is from now on."""
    permits = state.permits
    permits.licence[permit] = licence
    if permits.approvals[permit] > 0:
        permits.approvals[permit] = 0
        for o in range(len(world.offices.approval)):
            schedule_event(state, 0.0, WITHDRAWAL, permit, o, 0)
    advance_giving_up(world, state, permit, now)


@kernel
def licence_lapses(world: World, state: State, permit: int, i: int) -> bool:
    """Whether a permit is given, or applied for, that is needed no more now that regime i is lifted."""
    bound = state.permits.licence[permit] != c.NONE and binds_permit(world, state, i, permit)
    f, kind = exchange_of(state, permit), kind_of(state, permit)
    return bound and not needs_any_office(world, state, f, kind, int(state.permits.host[permit]))


@inlined
def occasion(world: World, state: State, permit: int, office: int) -> int:
    """Occasion of the draws of an application: one per permit and office, wherever the office stands in the file."""
    kind = kind_of(state, permit)
    return int(world.offices.key[office] + (mode_of_kind(kind) if kind >= c.PRODUCTS else kind))


@kernel
def apply(world: World, state: State, permit: int, office: int, now: float) -> float:
    """Lodge an application; returns the days after which the applicant gives up waiting (infinity: never)."""
    permits, offices, f = state.permits, world.offices, exchange_of(state, permit)
    agent, number = world.exchanges.key[f], occasion(world, state, permit, office)
    _write(state, now, c.E_APPLICATION, permit, c.C_LICENCE, office)
    permits.approvals[permit] += 1
    advance_giving_up(world, state, permit, now)
    if permits.licence[permit] < c.WAITING:
        permits.licence[permit] = c.WAITING
    timely = now <= offices.apply_by[office]
    v = venue_of(state, permit)
    goes_on = state.venues.open[v] and not (kind_of(state, permit) >= c.PRODUCTS and state.venues.limited[v])
    if timely and goes_on and uniform(state.key, agent, c.D_DEEMED, number) < offices.deemed[office]:
        permits.licence[permit] = c.DEEMED
        _write(state, now, c.E_DEEMED, permit, c.C_LICENCE, office)
    if absent(offices.patience[office]):
        return math.inf
    return max(0.0, draw(offices.patience[office], state.key, agent, c.D_PATIENCE, number))


@kernel
def examination(world: World, state: State, permit: int, office: int, now: float) -> float:
    """Days until an officer has examined an application that he takes up now: his work, and the pauses in it.

    He works as fast as the staffing of the agency that the office belongs to lets him when he begins.
    """
    agent, agency = world.exchanges.key[exchange_of(state, permit)], world.offices.agency[office]
    number = occasion(world, state, permit, office)
    days = max(0.0, draw(world.offices.service[office], state.key, agent, c.D_EXAMINATION, number))
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
def rule_on(world: World, state: State, permit: int, office: int, now: float) -> bool:
    """The office decides; True if the exchange has a reason to decide again: refused, or granted by all offices."""
    permits, f = state.permits, exchange_of(state, permit)
    u = uniform(state.key, world.exchanges.key[f], c.D_APPROVAL, occasion(world, state, permit, office))
    granted = u < world.offices.approval[office] and not world.offices.refuses[office, f]
    _write(state, now, c.E_GRANTED if granted else c.E_REFUSED, permit, c.C_LICENCE, office)
    permits.approvals[permit] -= 1
    if not granted:
        _take_back(world, state, permit, c.REFUSED, now)
        _show_refusal(world, state, permit, office, now)
    elif permits.approvals[permit] == 0:
        permits.licence[permit] = c.LICENSED
        advance_giving_up(world, state, permit, now)
    return not granted or bool(permits.approvals[permit] == 0)


@kernel
def refuse(world: World, state: State, permit: int, now: float, i: int) -> None:
    """Intervention i refuses what is applied for, in the sight of other applicants, or takes a licence back."""
    applied = state.permits.approvals[permit] > 0
    f, kind, host = exchange_of(state, permit), kind_of(state, permit), int(state.permits.host[permit])
    _write(state, now, c.E_REFUSED, permit, c.C_INTERVENTION, i)
    _take_back(world, state, permit, c.REFUSED, now)
    for o in range(len(world.offices.approval)):
        if applied and needs_office(world, state, f, kind, host, o):
            _show_refusal(world, state, permit, o, now)


@kernel
def _show_refusal(world: World, state: State, refused: int, office: int, now: float) -> None:
    """A refusal is an act in the sight of all others who wait for a decision and need this office."""
    if world.settings.giving_up <= 0.0:
        return
    permits = state.permits
    for n in range(len(permits.licence)):
        f, kind, host = exchange_of(state, n), kind_of(state, n), int(permits.host[n])
        if n != refused and permits.approvals[n] > 0 and needs_office(world, state, f, kind, host, office):
            see_act(world, state, n, 1.0, now)


@kernel
def give_up(world: World, state: State, permit: int, now: float) -> None:
    """The applicant withdraws from all offices, waiting or examined, which counts as a refusal by all."""
    _write(state, now, c.E_WITHDRAWN, permit, c.C_LICENCE, -1)
    _take_back(world, state, permit, c.REFUSED, now)


@rare
def withdraw(world: World, state: State, permit: int, office: int, now: float) -> None:
    """The applicant gives up waiting, which counts as a refusal by all."""
    _write(state, now, c.E_WITHDRAWN, permit, c.C_LICENCE, office)
    state.permits.approvals[permit] -= 1
    _take_back(world, state, permit, c.REFUSED, now)
