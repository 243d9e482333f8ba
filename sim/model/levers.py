"""What the interventions in force add up to, for one venue as it is or as it might be.

Levers combine by rule, never by order: frictions as 1 - prod(1 - x), permissions and fees as the maximum, user
risk as a sum, factors (hazard, detection, staffing, entry cost) as a product; factor a at strength x is 1 + (a - 1) x.
"""

import numpy as np

from sim.model.codes import (
    ANNOUNCED,
    EFFECTIVE,
    ENFORCED,
    FREE,
    L_CLAIM,
    L_DETECTION,
    L_ENTRY,
    L_FEE,
    L_HAZARD,
    L_PERMISSION,
    L_RISK,
    L_SERVICE,
    L_STAFFING,
    OFFSHORE,
)
from sim.model.kernel import kernel
from sim.model.state import State
from sim.model.world import Bools, Floats, World

# Places in the result of `survey`.
FEE, RISK, HAZARD, DETECTION, PERMISSION, EXPECTED, CLAIM = range(7)
SURVEYED = 7


@kernel
def bears_on(world: World, intervention: int, f: int, mode: int, shell: bool, host: int) -> bool:
    """Whether the intervention's target takes in this venue, regions aside."""
    orders, i = world.orders, intervention
    return _means(orders.firms[i], orders.modes[i], orders.hosts[i], f, mode, shell, host)


@kernel
def _means(firms: Bools, modes: Bools, hosts: Bools, f: int, mode: int, shell: bool, host: int) -> bool:
    """Whether a target, given by its masks, takes in a venue."""
    if not firms[f] or not modes[OFFSHORE + 1 if shell and mode == OFFSHORE else mode]:
        return False
    return mode != OFFSHORE or host < 0 or bool(hosts[host])


@kernel
def applies_to(world: World, state: State, intervention: int, f: int, mode: int, shell: bool, host: int) -> bool:
    """Whether the intervention binds this exchange's venue, region included."""
    here = bool(world.orders.regions[intervention, state.traits.region[f]])
    return here and bears_on(world, intervention, f, mode, shell, host)


@kernel
def survey(
    world: World, state: State, f: int, mode: int, shell: bool, host: int, friction: Floats, found: Floats
) -> None:
    """Add up the levers on exchange f's slot.

    Fills `friction` (K,), the factor on attraction by segment, and `found` (7,): fee, risk, hazard factor,
    detection factor, permission in force, permission as announced, extraterritorial claim.
    """
    passed = _services(world, state, f, mode, host)
    found[:] = 0.0
    found[HAZARD] = 1.0
    found[DETECTION] = 1.0
    # Arrays are fetched once: each look through the state costs as much as the arithmetic.
    orders, strength, region = world.orders, state.force.strength, state.traits.region[f]
    of, levers, amounts, columns = orders.of, orders.lever, orders.amount, orders.column
    firms, modes, hosts, regions, segments = orders.firms, orders.modes, orders.hosts, orders.regions, orders.segments
    for e in range(len(of)):
        i, lever = of[e], levers[e]
        if strength[i, ANNOUNCED] <= 0.0 and strength[i, EFFECTIVE] <= 0.0 and strength[i, ENFORCED] <= 0.0:
            continue
        if not _means(firms[i], modes[i], hosts[i], f, mode, shell, host):
            continue
        if lever <= L_SERVICE:
            x = amounts[e] * strength[i, EFFECTIVE]
            if x > 0.0:
                for k in range(len(friction)):
                    if segments[i, k]:
                        passed[k, columns[e]] *= 1.0 - x
        elif regions[i, region]:
            _add(lever, amounts[e], strength[i], found)
    _fold(world, mode, passed, friction)


@kernel
def _services(world: World, state: State, f: int, mode: int, host: int) -> Floats:
    """What gets through (K, L) before any intervention: products not offered, blocked sites, frozen accounts."""
    columns = world.columns
    v = 3 * f + mode
    passed = np.ones((len(world.segments.switching), len(columns.group)))
    for q in range(world.firms.offers.shape[1]):
        offered = 1.0 if world.firms.offers[f, q] else 0.0
        if mode == OFFSHORE and host >= 0:
            offered *= 1.0 - world.places.unwelcome[host, q]
        passed[:, columns.product + q] = offered
    passed[:, columns.access] = 1.0 - state.venues.blocked[v]
    for r in range(columns.rails):
        passed[:, r] = 1.0 - state.venues.frozen[v]
    return passed


@kernel
def _add(lever: int, amount: float, strength: Floats, found: Floats) -> None:
    """Add one effect that is no friction."""
    if lever == L_PERMISSION:
        if strength[EFFECTIVE] > 0.0:
            found[PERMISSION] = max(found[PERMISSION], amount)
        if strength[ANNOUNCED] > 0.0:
            found[EXPECTED] = max(found[EXPECTED], amount)
    elif lever == L_CLAIM:
        if strength[EFFECTIVE] > 0.0:
            found[CLAIM] = max(found[CLAIM], amount)
    elif lever == L_FEE:
        found[FEE] = max(found[FEE], amount * strength[EFFECTIVE])
    elif lever == L_RISK:
        found[RISK] += amount * strength[ANNOUNCED]
    elif lever == L_HAZARD:
        found[HAZARD] *= 1.0 + (amount - 1.0) * strength[ANNOUNCED]
    elif lever == L_DETECTION:
        found[DETECTION] *= 1.0 + (amount - 1.0) * strength[ENFORCED]


@kernel
def _fold(world: World, mode: int, passed: Floats, friction: Floats) -> None:
    """Turn what gets through each column into a factor per segment: sums within a group, product over groups."""
    group, rails, suffering = world.columns.group, world.columns.rails, world.segments.suffering
    reach = world.columns.reach[mode]
    for k in range(len(friction)):
        factor, lost, current = 1.0, 0.0, -1
        for c in range(len(group)):
            if group[c] != current:
                factor *= max(0.0, 1.0 - lost)
                lost, current = 0.0, group[c]
            hurt = suffering[k, c] * (1.0 - passed[k, c])
            lost += reach * hurt if c < rails else hurt
        friction[k] = factor * max(0.0, 1.0 - lost)


@kernel
def staffing(world: World, state: State, agency: int) -> float:
    """Factor on the speed at which an agency works off its cases."""
    factor = 1.0
    orders = world.orders
    for e in range(len(orders.of)):
        i = orders.of[e]
        if orders.lever[e] == L_STAFFING and orders.agency[i] == agency:
            factor *= 1.0 + (orders.amount[e] - 1.0) * state.force.strength[i, ENFORCED]
    return factor


@kernel
def entry_factor(world: World, state: State, host: int) -> float:
    """Factor on the cost of entering a host."""
    factor = 1.0
    orders = world.orders
    for e in range(len(orders.of)):
        i = orders.of[e]
        if orders.lever[e] == L_ENTRY and orders.hosts[i, host]:
            factor *= 1.0 + (orders.amount[e] - 1.0) * state.force.strength[i, EFFECTIVE]
    return factor


@kernel
def forced_day(world: World, state: State, f: int, mode: int, now: float) -> float:
    """The day by which exchange f's slot must close, infinity if no announced intervention forbids it."""
    orders, day = world.orders, np.inf
    shell, host = bool(state.traits.disguised[f]), state.traits.host[f]
    for e in range(len(orders.of)):
        i = orders.of[e]
        if orders.lever[e] != L_PERMISSION or orders.amount[e] == FREE or state.force.strength[i, ANNOUNCED] <= 0.0:
            continue
        if applies_to(world, state, i, f, mode, shell, host):
            day = min(day, state.force.origin[i] + orders.deadline[i])
    return max(day, now)
