"""Whose a permit is: the licence of a venue, of an exchange to serve focal users from abroad, or for products.

All stand in the arrays of `state.permits`: first those of the V venues, in their order, then those of the exchanges,
then, where offices license products alone, those of the venues by each office.
"""

from sim.kernels.compile import inlined, kernel
from sim.model.regulators.lever_totals import applies_to, binds, of_venue
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def permit_of(state: State, f: int, kind: int) -> int:
    """The permit of exchange f for the slot of a mode, to serve focal users from abroad (SERVING), or for products."""
    venues = len(state.venues.open)
    if kind < c.SERVING:
        return 3 * f + kind
    if kind == c.SERVING:
        return venues + f
    office, mode = (kind - c.PRODUCTS) // 3, (kind - c.PRODUCTS) % 3
    return venues + venues // 3 + office * venues + 3 * f + mode


@inlined
def licenses_products(world: World, state: State) -> bool:
    """Whether any office licenses products alone."""
    return len(state.permits.licence) > 4 * len(world.exchanges.key)


@inlined
def for_products(office: int, mode: int) -> int:
    """The kind of a permit for the products of an office, in the slot of a mode."""
    return c.PRODUCTS + 3 * office + mode


@inlined
def exchange_of(state: State, permit: int) -> int:
    """The exchange whose permit it is."""
    venues = len(state.venues.open)
    if permit < venues:
        return permit // 3
    rest = permit - venues - venues // 3
    return permit - venues if rest < 0 else rest % venues // 3


@inlined
def kind_of(state: State, permit: int) -> int:
    """What a permit is for: a mode, SERVING, or from PRODUCTS on the products of an office in a mode."""
    venues = len(state.venues.open)
    if permit < venues:
        return permit % 3
    rest = permit - venues - venues // 3
    return c.SERVING if rest < 0 else for_products(rest // venues, rest % 3)


@inlined
def mode_of_kind(kind: int) -> int:
    """The mode of the venue that a permit of this kind concerns."""
    if kind < c.PRODUCTS:
        return c.OFFSHORE if kind == c.SERVING else kind
    return (kind - c.PRODUCTS) % 3


@inlined
def mode_of_permit(state: State, permit: int) -> int:
    """The mode of the venue that a permit concerns."""
    return mode_of_kind(kind_of(state, permit))


@inlined
def venue_of(state: State, permit: int) -> int:
    """The venue that a permit concerns."""
    return 3 * exchange_of(state, permit) + mode_of_permit(state, permit)


@kernel
def binds_permit(world: World, state: State, i: int, permit: int) -> bool:
    """Whether intervention i bears on a permit, region included.

    Of an honest venue abroad focal law asks no licence for itself, but one to serve focal users, or for products.
    """
    f, kind = exchange_of(state, permit), kind_of(state, permit)
    if kind >= c.PRODUCTS:
        return binds(world, state, i, venue_of(state, permit))
    if kind == c.SERVING:
        law = world.interventions.focal_law[i]
        return bool(law) and applies_to(world, state, i, f, c.OFFSHORE, False, state.exchanges.host[f])
    return binds(world, state, i, permit) and of_venue(world, state, i, f, kind)
