"""Sanctions: which venues can suffer an action, and what it does to them.

closure, fine     venues that run unlawfully; the exchange decides again, and everybody learns from it
site-block        venues abroad under a claim, or that serve focal users against the law; access friction 1 until
                  they are back under a new domain
account-freeze    OTC venues; a payment friction for a while
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.exchanges.beliefs import advance_beliefs, posture_of
from sim.model.exchanges.closings import close_venue
from sim.model.exchanges.costs import price_on
from sim.model.journal_writing import write_line
from sim.model.regulators.foreign_service import blockable
from sim.model.regulators.site_blocks import block, unblock
from sim.model.state import State
from sim.model.traders.attraction import refresh_venue
from sim.model.traders.demand import advance
from sim.world import codes as c
from sim.world.arrays import World


@kernel
def unlawful(state: State, v: int) -> bool:
    """Whether venue v runs against a permission: hidden, forbidden, or without the licence it needs.

    A venue in its wind-down is left alone, and so is one that applied, until the deadline closes it.
    """
    venues, f, mode = state.venues, v // 3, v % 3
    if mode == c.OFFSHORE and state.exchanges.disguised[f]:
        return True
    if venues.permission[v] == c.FREE or venues.closing[v] < math.inf:
        return False
    if venues.permission[v] == c.FORBIDDEN:
        return True
    return bool(state.permits.licence[v] in (c.NONE, c.REFUSED) or state.exchanges.strategy[f] == c.S_DEFY)


@inlined
def sanctionable(state: State, action: int, v: int) -> bool:
    """Whether venue v can suffer this action now."""
    venues, mode = state.venues, v % 3
    if not venues.open[v]:
        return False
    if action == c.SITE_BLOCK:
        return mode == c.OFFSHORE and venues.blocked[v] < 1.0 and blockable(state, v)
    if action == c.ACCOUNT_FREEZE:
        return mode == c.OTC and venues.frozen[v] == 0.0
    return unlawful(state, v)


@kernel
def sanction(world: World, state: State, action: int, v: int, now: float) -> bool:
    """A case is done: venue v suffers the action if it still deserves it and the intervention behind it is in force.

    True if the exchange has to decide again.
    """
    i = state.cases.intervention[action, v]
    state.cases.open[action, v] = False
    if not sanctionable(state, action, v) or state.in_force.strength[i, c.ENFORCED] <= 0.0:
        write_line(state.journal, now, c.E_DROPPED, v // 3, v % 3, -1, c.C_INTERVENTION, i, float(action))
        return False
    if action == c.SITE_BLOCK:
        block(world, state, v, now, i)
    elif action == c.ACCOUNT_FREEZE:
        _freeze(world, state, v, now, i)
    else:
        _punish(world, state, action, v, now, i)
        return True
    return False


@kernel
def _punish(world: World, state: State, action: int, v: int, now: float, i: int) -> None:
    """Close or fine venue v under intervention i."""
    settings, f = world.settings, v // 3
    advance_beliefs(world, state, now)
    state.beliefs.shut_count[posture_of(state, v)] += 1.0
    if action == c.CLOSURE:
        close_venue(world, state, v, now, c.E_CLOSURE, c.C_INTERVENTION, i)
    else:
        amount = (settings.fine_fixed + settings.fine_days * state.exchanges.revenue[f]) / price_on(world, now)
        write_line(state.journal, now, c.E_FINED, f, v % 3, -1, c.C_INTERVENTION, i, amount)
    state.exchanges.sanctions[f] += 1


@kernel
def _freeze(world: World, state: State, v: int, now: float, i: int) -> None:
    """Freeze accounts of an OTC venue under intervention i."""
    state.venues.frozen[v], state.venues.frozen_by[v] = world.settings.freeze_friction, i
    refresh_venue(world, state, v)
    write_line(state.journal, now, c.E_FROZEN, v // 3, v % 3, -1, c.C_INTERVENTION, i, world.settings.freeze)


@kernel
def release(world: World, state: State, v: int, now: float, cause: int, i: int) -> None:
    """Frozen accounts are released."""
    state.venues.frozen[v], state.venues.frozen_by[v] = 0.0, -1
    refresh_venue(world, state, v)
    write_line(state.journal, now, c.E_RELEASED, v // 3, v % 3, -1, cause, i, 0.0)


@kernel
def lift_actions(world: World, state: State, i: int, now: float) -> None:
    """Intervention i is enforced no more: blocked sites are open again, and frozen accounts are released."""
    for v in range(len(state.venues.open)):
        if state.venues.blocked_by[v] == i:
            advance(world.segments, state.market, now)
            unblock(world, state, v, now, c.C_INTERVENTION, i)
        if state.venues.frozen_by[v] == i:
            advance(world.segments, state.market, now)
            release(world, state, v, now, c.C_INTERVENTION, i)
