"""What is recorded of a state at one instant."""

from typing import Annotated, NamedTuple

from sim.kernels.compile import kernel
from sim.kernels.shapes import Shape, empty, sizes_of
from sim.model.exchanges.beliefs import public_hazard
from sim.model.regulators.foreign_service import shown_licence
from sim.model.state import State
from sim.model.traders.attraction import base_volume
from sim.model.traders.demand import mode_share, project, venue_share_in
from sim.model.traders.periodic_updates import activity
from sim.world import codes as c
from sim.world.arrays import Floats, Ints, World


class Frame(NamedTuple):
    """The state at T instants."""

    share: Annotated[Floats, Shape("T", "K", "F", 3)]
    outside: Annotated[Floats, Shape("T", "K")]
    segment_volume: Annotated[Floats, Shape("T", "K")]
    habit: Annotated[Floats, Shape("T", "K", 3)]
    status: Annotated[Ints, Shape("T", "F", 3)]
    host: Annotated[Ints, Shape("T", "F")]
    disguised: Annotated[Ints, Shape("T", "F")]
    strategy: Annotated[Ints, Shape("T", "F")]
    strength: Annotated[Floats, Shape("T", "I", 3)]
    hazard: Annotated[Floats, Shape("T", len(c.POSTURES))]
    sites: Annotated[Ints, Shape("T")]


def empty_frame(world: World, count: int) -> Frame:
    """A frame of `count` instants, to be filled."""
    return empty(Frame, {**sizes_of(world), "T": count})


@kernel
def snapshot(world: World, state: State, frame: Frame, t: int, now: float) -> None:
    """Fill instant t of an empty frame; changes nothing in the state. Nobody is at a closed venue."""
    market = state.projected
    project(world.segments, state.market, market, now)
    for k in range(len(world.segments.switching)):
        frame.outside[t, k] = mode_share(market, k, c.OUTSIDE)
        frame.segment_volume[t, k] = base_volume(world, state, k, now) * activity(world, state, k, now)
        for m in range(3):
            frame.habit[t, k, m] = market.habit[k, m]
    shares, statuses, opened = frame.share[t], frame.status[t], state.venues.open
    for v in range(len(opened)):
        f, m = v // 3, v % 3
        statuses[f, m] = status(state, v)
        if opened[v]:
            for k in range(len(shares)):
                shares[k, f, m] = venue_share_in(market, k, v, m)
    for f in range(len(state.exchanges.host)):
        frame.host[t, f] = state.exchanges.host[f]
        frame.disguised[t, f] = 1 if state.exchanges.disguised[f] else 0
        frame.strategy[t, f] = state.exchanges.strategy[f]
    for i in range(frame.strength.shape[1]):
        for phase in range(3):
            frame.strength[t, i, phase] = state.in_force.strength[i, phase]
    for p in range(frame.hazard.shape[1]):
        frame.hazard[t, p] = public_hazard(world, state, p, world.economy.prior[p])
    frame.sites[t] = state.cases.sites[0]


@kernel
def status(state: State, v: int) -> int:
    """Status of a venue, see codes.STATUSES; a block shows before a licence, a wind-down before both.

    A lack of licences for products shows where there is none of the licence of the venue.
    """
    venues = state.venues
    if not venues.open[v]:
        return c.STATUS_BUILDING if venues.building[v] else c.STATUS_CLOSED
    if venues.closing[v] < float("inf"):
        return c.STATUS_WINDING_DOWN
    if venues.blocked[v] > 0.0:
        return c.STATUS_BLOCKED if venues.blocked[v] >= 1.0 else c.STATUS_EVADING
    if venues.suspended[v]:
        return c.STATUS_SUSPENDED
    if v % 3 == c.OFFSHORE and state.exchanges.barred[v // 3]:
        return c.STATUS_BARRED
    licence = shown_licence(state, v)
    if venues.limited[v] and (licence in (c.WAITING, c.DEEMED, c.LICENSED) or venues.permission[v] == c.FREE):
        return c.STATUS_LIMITED
    if licence == c.LICENSED:
        return c.STATUS_LICENSED
    if licence in (c.WAITING, c.DEEMED):
        return c.STATUS_WAITING
    return c.STATUS_UNLICENSED if v % 3 != c.OFFSHORE and venues.permission[v] != c.FREE else c.STATUS_OPEN
