"""What happens at a venue when it may no longer trade some products, or may again (`product_licences`)."""

from sim.kernels.compile import inlined, kernel, rare
from sim.model.events import CHOICE, schedule_event
from sim.model.journal_writing import write_line
from sim.model.regulators.permits import licenses_products
from sim.model.regulators.product_licences import barring_products
from sim.model.state import State
from sim.model.traders.attraction import refresh_attraction, refresh_levers
from sim.model.traders.demand import advance, leave_venue
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def update_products(world: World, state: State, v: int, now: float, cause: int, index: int) -> None:
    """Bar venue v from trading products, or no longer, as its licences and what is asked for now have it.

    All else that its levers add up to is up to date.
    """
    if licenses_products(world, state) and state.venues.open[v]:
        _update_products(world, state, v, now, cause, index)


@rare
def _update_products(world: World, state: State, v: int, now: float, cause: int, index: int) -> None:
    venues, before, f, mode = state.venues, state.scratch.attraction, v // 3, v % 3
    factor, limited = venues.lever_factor[v], venues.limited[v]
    for k in range(len(before)):
        before[k] = factor[k]
    refresh_levers(world, state, v)
    by = barring_products(world, state, v)
    more, less = limited and not venues.limited[v], venues.limited[v] and not limited
    for k in range(len(before)):
        more, less = more or factor[k] > before[k], less or factor[k] < before[k]
    if not (more or less):
        return
    advance(world.segments, state.market, now)
    host = state.exchanges.host[f] if mode == c.OFFSHORE else -1
    write_line(state.journal, now, c.E_LIMITED if less else c.E_UNLIMITED, f, mode, host, cause, index, 0.0)
    if less:
        _end_trade(world, state, v, by)
    refresh_attraction(world, state, v)


@kernel
def _end_trade(world: World, state: State, v: int, i: int) -> None:
    """What intervention i bars at venue v is traded there no more; `scratch.attraction` (K,) has the factors before.

    A lever acts on attraction to a power in nests; the part of trade that is lost has none.
    """
    market, mode, before, waited = state.market, v % 3, state.scratch.attraction, world.interventions.at_end[i]
    for k in range(len(before)):
        if state.venues.lever_factor[v, k] < before[k]:
            left = (state.venues.lever_factor[v, k] / before[k]) ** (1.0 / world.segments.lever_power[k, mode])
            leaving = leave_venue(market, k, v, 1.0 - left)
            market.choosing[k, mode] += waited * leaving
            market.mode_residual[k, c.OUTSIDE] += (1.0 - waited) * leaving
    if waited > 0.0:
        schedule_event(state, 0.0, CHOICE, v, 0, 0)


@kernel
def update_all_products(world: World, state: State, now: float, i: int) -> None:
    """The same for all venues, when what intervention i asks of them has changed."""
    for v in range(len(state.venues.open)):
        update_products(world, state, v, now, c.C_INTERVENTION, i)
