"""Licences for products: what a venue may trade without the licence of an office that licenses products alone.

A regime asks for such a licence from its deadline on. The venue of who lacks it goes on and may not trade the products,
as if a friction of 1 were on them (`lever_totals`). What its users traded in them ends at once,

    s_kv -> s_kv (1 - b),    1 - b = friction_kv after / friction_kv before

a part `ending.at_end` of b s_kv chooses anew, and the rest stops trading until it next reconsiders. Of an honest venue
abroad, focal law asks it for focal users alone, and it obeys or not. Who hides or defies applies for nothing and trades
all.

Before the deadline an exchange counts on the part of the expected life of a venue in which it may trade a product. With
hazard h, L(t) = (1 - e^(-h t)) / h, g days until the product's licence is due, p the chance of it, and g', p' those of
the venue's own,

    [L(a) + q (L(b) - L(a)) + p p' (L(H) - L(b))] / [L(g') + p' (L(H) - L(g'))]

where a and b are the smaller and the larger of g and g', q the chance of the licence that is due first, H the horizon.
"""

from sim.kernels.compile import inlined, kernel
from sim.model.exchanges.beliefs import expected_life, posture_of
from sim.model.regulators.lever_totals import applies_to
from sim.model.regulators.licensing import chance_of_licence
from sim.model.regulators.permits import for_products, licenses_products, permit_of
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World


@kernel
def barring_products(world: World, state: State, v: int) -> int:
    """The intervention by which venue v may not trade some products now, -1 none; fills `lever_totals.licensed` (K, Q).

    Of several, that whose key comes first: the order of the list means nothing.
    """
    if not licenses_products(world, state) or posture_of(state, v) != v % 3:
        return -1
    interventions, f, mode, found = world.interventions, v // 3, v % 3, -1
    host = state.exchanges.host[f] if mode == c.OFFSHORE else -1
    _allow_all(state)
    for o in range(len(world.offices.approval)):
        licence = _licence(state, f, mode, host, o) if world.offices.licenses_products[o] else c.LICENSED
        if licence in (c.DEEMED, c.LICENSED):
            continue
        for i in range(len(interventions.key)):
            due = state.in_force.due[i] and state.in_force.strength[i, c.EFFECTIVE] > 0.0
            if due and _asks(world, state, i, f, mode, host, o):
                _hold_back(world, state, i, mode, 0.0)
                if found < 0 or interventions.key[i] < interventions.key[found]:
                    found = i
        _combine(world, state, o)
    return found


@kernel
def expects_bar(world: World, state: State, f: int, posture: int, host: int, free: float, now: float) -> bool:
    """Whether exchange f expects that it may not trade some products in a posture, whose hazard and chance are set.

    Fills `lever_totals.licensed` (K, Q) if so: the part of the venue's life in which it may, `free` being the days for
    which it may go on without a licence of its own.
    """
    if not licenses_products(world, state) or posture > c.OFFSHORE:
        return False
    found, horizon, hazard = False, world.settings.horizon, state.postures.hazard[posture]
    of_venue, free = state.postures.chance[posture], min(horizon, free)
    _allow_all(state)
    for o in range(len(world.offices.approval)):
        licence = _licence(state, f, posture, host, o) if world.offices.licenses_products[o] else c.LICENSED
        if licence == c.LICENSED:
            continue
        for i in range(len(world.interventions.key)):
            announced = state.in_force.strength[i, c.ANNOUNCED] > 0.0
            if announced and _asks(world, state, i, f, posture, host, o):
                until = max(0.0, state.in_force.start_day[i] + world.interventions.deadline[i] - now)
                chance = chance_of_licence(world, state, f, for_products(o, posture), host)
                chance = 0.0 if licence == c.REFUSED else chance
                part = _part_of_life(hazard, horizon, free, of_venue, min(horizon, until), chance)
                _hold_back(world, state, i, posture, part)
                found = True
        _combine(world, state, o)
    return found


@inlined
def _part_of_life(hazard: float, horizon: float, free: float, of_venue: float, until: float, chance: float) -> float:
    """Part of a venue's expected life in which it may trade a product, as above."""
    whole, alone = expected_life(hazard, horizon), expected_life(hazard, free)
    life = alone + of_venue * (whole - alone)
    first, second = expected_life(hazard, min(free, until)), expected_life(hazard, max(free, until))
    between = of_venue if free < until else chance
    may = first + between * (second - first) + of_venue * chance * (whole - second)
    return float(may / life) if life > 0.0 else chance


@inlined
def _licence(state: State, f: int, mode: int, host: int, office: int) -> int:
    """Exchange f's licence for the products of an office, at a slot with this host."""
    permit = permit_of(state, f, for_products(office, mode))
    return int(state.permits.licence[permit]) if state.permits.host[permit] == host else c.NONE


@inlined
def _asks(world: World, state: State, i: int, f: int, mode: int, host: int, office: int) -> bool:
    """Whether intervention i asks exchange f's honest venue for the licence of an office, and is obeyed."""
    interventions = world.interventions
    if not interventions.limits_products[i] or not interventions.offices[i, office]:
        return False
    defiant = mode == c.OFFSHORE and interventions.focal_law[i] and not state.exchanges.obeys[f]
    return not defiant and bool(applies_to(world, state, i, f, mode, False, host))


@inlined
def _allow_all(state: State) -> None:
    licensed, by_office = state.lever_totals.licensed, state.lever_totals.by_office
    for k in range(len(by_office)):
        by_office[k] = 1.0
        for q in range(licensed.shape[1]):
            licensed[k, q] = 1.0


@inlined
def _hold_back(world: World, state: State, i: int, mode: int, part: float) -> None:
    """Intervention i leaves so much of the products of one office, to those whom it concerns."""
    interventions, by_office = world.interventions, state.lever_totals.by_office
    focal_alone = mode == c.OFFSHORE and interventions.focal_law[i]
    for k in range(len(by_office)):
        if interventions.segments[i, k] and (world.segments.focal[k] or not focal_alone):
            by_office[k] = min(by_office[k], part)


@inlined
def _combine(world: World, state: State, office: int) -> None:
    """Each product needs the licences of all offices that license it."""
    licensed, by_office = state.lever_totals.licensed, state.lever_totals.by_office
    for k in range(len(by_office)):
        for q in range(licensed.shape[1]):
            if world.offices.products[office, q]:
                licensed[k, q] *= by_office[k]
        by_office[k] = 1.0
