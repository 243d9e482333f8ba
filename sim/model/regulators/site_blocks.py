"""Site blocks of detected venues and by campaigns that work off a list, the return under a new domain, and the end."""

import math

from sim.kernels.compile import kernel
from sim.model.journal_writing import write_line
from sim.model.random import draw, uniform
from sim.model.regulators.foreign_service import licensed_to_serve
from sim.model.regulators.lever_totals import bears_on
from sim.model.state import State
from sim.model.traders.attraction import refresh_venue
from sim.world.arrays import World
from sim.world.codes import C_INTERVENTION, D_DOMAIN, D_SITE, E_BLOCKED, E_NEW_DOMAIN, E_UNBLOCKED, OFFSHORE


@kernel
def block(world: World, state: State, v: int, now: float, i: int) -> None:
    """Block the sites of an offshore venue under intervention i."""
    state.venues.blocked[v] = 1.0
    state.venues.blocked_by[v] = i
    state.cases.blocks[v] += 1
    state.cases.sites[0] += 1
    refresh_venue(world, state, v)
    write_line(state.journal, now, E_BLOCKED, v // 3, OFFSHORE, state.exchanges.host[v // 3], C_INTERVENTION, i, 1.0)


@kernel
def return_lag(world: World, state: State, v: int) -> float:
    """Days until a blocked venue is back under a new domain."""
    blocks = int(state.cases.blocks[v])
    return max(0.0, draw(world.return_lag, state.key, world.exchanges.key[v // 3], D_DOMAIN, blocks))


@kernel
def new_domain(world: World, state: State, v: int, now: float) -> None:
    """A blocked venue is back under a new domain, with part of its users."""
    host, residual = state.exchanges.host[v // 3], world.settings.residual
    state.venues.blocked[v] = residual
    refresh_venue(world, state, v)
    write_line(state.journal, now, E_NEW_DOMAIN, v // 3, OFFSHORE, host, 0, -1, residual)


@kernel
def unblock(world: World, state: State, v: int, now: float, cause: int, index: int) -> None:
    """The block of venue v's sites ends, with its intervention or by a licence, and what a new domain had cost."""
    state.venues.blocked_by[v] = -1
    if state.venues.blocked[v] > 0.0:
        state.venues.blocked[v] = 0.0
        refresh_venue(world, state, v)
        host = state.exchanges.host[v // 3]
        write_line(state.journal, now, E_UNBLOCKED, v // 3, OFFSHORE, host, cause, index, 0.0)


@kernel
def next_site(world: World, state: State, i: int, n: int) -> float:
    """Days from site n - 1 to site n of a blocking campaign, infinity when it has ended."""
    sites, over, rate = world.interventions.campaign[i]
    if n < sites:
        return float(over / sites)
    if rate <= 0.0:
        return math.inf
    return float(-math.log(uniform(state.key, world.interventions.key[i], D_SITE, n)) / rate)


@kernel
def block_site(world: World, state: State, i: int, now: float) -> int:
    """The campaign takes its next site: the largest venue not blocked yet, else one of the background pool.

    Returns the venue blocked, -1 for a background site.
    """
    largest, chosen = 0.0, -1
    for f in range(len(state.exchanges.host)):
        v = 3 * f + OFFSHORE
        untouched = state.venues.open[v] and state.venues.blocked_by[v] < 0 and not licensed_to_serve(state, f)
        larger = chosen < 0 or state.venues.volume[v] > largest
        shell, host = bool(state.exchanges.disguised[f]), state.exchanges.host[f]
        if untouched and larger and bears_on(world, i, f, OFFSHORE, shell, host):
            largest, chosen = state.venues.volume[v], v
    if chosen >= 0:
        block(world, state, chosen, now, i)
    elif state.cases.sites[0] < world.settings.background + _modelled_blocks(state):
        state.cases.sites[0] += 1
        write_line(state.journal, now, E_BLOCKED, -1, OFFSHORE, -1, C_INTERVENTION, i, 0.0)
    return chosen


@kernel
def _modelled_blocks(state: State) -> int:
    """Blocks of modelled venues so far."""
    count = 0
    for blocks in state.cases.blocks:
        count += blocks
    return int(count)
