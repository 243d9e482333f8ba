"""Whose a permit is: the licence of a venue, or of an exchange to serve focal users from abroad.

Both stand in the arrays of `state.permits`: first those of the V venues, in their order, then those of the exchanges.
"""

from sim.kernels.compile import inlined, kernel
from sim.model.regulators.lever_totals import applies_to, binds, of_venue
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def permit_of(state: State, f: int, kind: int) -> int:
    """The permit of exchange f for the slot of a mode, or to serve focal users from abroad (SERVING)."""
    return len(state.venues.open) + f if kind == c.SERVING else 3 * f + kind


@inlined
def exchange_of(state: State, permit: int) -> int:
    """The exchange whose permit it is."""
    venues = len(state.venues.open)
    return permit // 3 if permit < venues else permit - venues


@inlined
def kind_of(state: State, permit: int) -> int:
    """What a permit is for: a mode, or SERVING."""
    return permit % 3 if permit < len(state.venues.open) else c.SERVING


@inlined
def mode_of_permit(state: State, permit: int) -> int:
    """The mode of the venue that a permit concerns."""
    return permit % 3 if permit < len(state.venues.open) else c.OFFSHORE


@inlined
def venue_of(state: State, permit: int) -> int:
    """The venue that a permit concerns."""
    return 3 * exchange_of(state, permit) + mode_of_permit(state, permit)


@kernel
def binds_permit(world: World, state: State, i: int, permit: int) -> bool:
    """Whether intervention i bears on a permit, region included.

    Of an honest venue abroad focal law asks no licence for itself, but one to serve focal users.
    """
    f, kind = exchange_of(state, permit), kind_of(state, permit)
    if kind == c.SERVING:
        law = world.interventions.focal_law[i]
        return bool(law) and applies_to(world, state, i, f, c.OFFSHORE, False, state.exchanges.host[f])
    return binds(world, state, i, permit) and of_venue(world, state, i, f, kind)
