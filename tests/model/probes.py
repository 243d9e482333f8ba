"""Parts of the demand kernels under short names."""

from __future__ import annotations

import math

import numpy as np

from sim.model.state import State
from sim.model.traders import demand
from sim.world.arrays import Floats, World


def relax(world: World, state: State, now: float) -> None:
    """Let all shares relax until `now`."""
    demand.advance(world.segments, state.market, now)


def jump(world: World, state: State, k: int, fraction: float) -> None:
    """A fraction of segment k chooses anew."""
    demand.reconsider(world.segments, state.market, k, fraction)


def pull(world: World, state: State, k: int, v: int, value: float) -> None:
    """Give venue v another attraction."""
    demand.set_attraction(world.segments, state.market, k, v, value)


def factor(world: World, state: State, k: int, mode: int, value: float) -> None:
    """Give a mode another habit factor."""
    demand.set_habit(world.segments, state.market, k, mode, math.log(value))
    if world.segments.nested[k]:
        demand.set_mode_factors(world.segments, state.market, k)


def strand(world: World, state: State, k: int, v: int) -> None:
    """Venue v closes."""
    demand.strand_users(world.segments, state.market, k, v)


def depart(world: World, state: State, k: int, v: int, fraction: float) -> None:
    """A departure wave at venue v."""
    demand.departure_wave(world.segments, state.market, k, v, fraction)


def rebase(world: World, state: State) -> None:
    """Write every segment's state down afresh."""
    for k in range(state.market.attraction.shape[1]):
        demand.rebase(world.segments, state.market, k)


def settle(world: World, state: State) -> None:
    """Put all segments into equilibrium."""
    for k in range(len(world.segments.switching)):
        demand.set_equilibrium(world.segments, state.market, k)


def shares(state: State) -> Floats:
    """(K, V + 1) shares, the outside option last."""
    market = state.market
    venues, segments = market.attraction.shape
    found = np.empty((segments, venues + 1))
    for k in range(segments):
        for v in range(venues):
            found[k, v] = demand.venue_share(market, k, v)
        found[k, venues] = demand.mode_share(market, k, 3)
    return found


def mode_shares(state: State) -> Floats:
    """(K, 4) shares of the modes, the outside option last."""
    market = state.market
    found = np.empty((market.attraction.shape[1], 4))
    for k in range(len(found)):
        for m in range(4):
            found[k, m] = demand.mode_share(market, k, m)
    return found
