"""Reactions: when an exchange has a reason to decide, whether it does so or has to launch first, and what it starts."""

from sim.kernels.compile import inlined, kernel, rare
from sim.model.exchanges.closings import close_slot, waits_for_notice, wind_down_forbidden
from sim.model.exchanges.decisions import can_decide, decide
from sim.model.exchanges.openings import open_slot
from sim.model.journal_writing import write_line
from sim.model.random import absent, draw
from sim.model.regulators.product_bars import update_products
from sim.model.state import HOST, State
from sim.model.traders.attraction import real_volume, refresh_attraction
from sim.world import codes as c
from sim.world.arrays import World

_COUNTS = 1 << 40  # numbers of occasions with the same cause


@inlined
def occasion_of(world: World, state: State, f: int, cause: int, index: int) -> int:
    """Occasion of the fresh errors of a decision, aligned across policies.

    That of a review is its number, of a reaction the address of the intervention, of what the exchange suffers a count.
    """
    if cause in (c.C_ANNOUNCED, c.C_EFFECTIVE, c.C_DEADLINE, c.C_LIFTED):
        return int(world.interventions.key[index] + cause)
    if cause == c.C_ENFORCEMENT:
        return int(cause * _COUNTS + state.exchanges.sanctions[f])
    if cause == c.C_LICENCE:
        return int(cause * _COUNTS + state.exchanges.licence_decisions[f])
    return cause * _COUNTS + index


@kernel
def decide_or_defer(world: World, state: State, f: int, now: float, cause: int, index: int) -> bool:
    """Exchange f has a reason to decide; True if it does.

    While it launches a venue the reason is stored, and only what is forbidden is wound down.
    """
    if can_decide(world, state, f):
        option = decide(world, state, f, now, cause, index, occasion_of(world, state, f, cause, index))
        implement(world, state, f, option, now, cause, index)
        return True
    if state.exchanges.launching[f] > 0 and cause != c.C_REVIEW:
        state.exchanges.pending[f, 0] = cause
        state.exchanges.pending[f, 1] = index
        wind_down_forbidden(world, state, f, now, cause, index)
    return False


@kernel
def lost_volume(world: World, state: State, f: int) -> bool:
    """Whether exchange f, which is free to decide, has lost too much of the volume that it had after its last decision.

    The volume of its venues is that at the last reading of their books. One that has left has nothing to lose.
    """
    if state.exchanges.strategy[f] == c.S_EXIT:
        return False
    venues, volume = state.venues, 0.0
    for v in range(3 * f, 3 * f + 3):
        if venues.open[v]:
            volume += venues.volume[v]
    least = (1.0 - world.settings.loss_trigger) * state.exchanges.volume[f]
    return bool(volume < least) and can_decide(world, state, f)


@kernel
def reaction_lag(world: World, state: State, i: int, f: int, cause: int) -> float:
    """Days from the news of intervention i to the decision of exchange f."""
    row = world.interventions.reaction[i]
    if absent(row):
        row = world.exchanges.reaction[f]
    lag = draw(row, state.key, world.exchanges.key[f], c.D_REACTION, world.interventions.key[i] + cause)
    return float(max(0.0, lag) * state.exchanges.lead_time_factor[f])


@kernel
def implement(world: World, state: State, f: int, option: int, now: float, cause: int, index: int) -> None:
    """Start what exchange f's choice of an option needs; one that was not there or had left may stay away."""
    exchanges = state.exchanges
    before = exchanges.strategy[f]
    if before == c.S_LATENT and option == c.S_EXIT:
        return
    exchanges.strategy[f] = option
    offshore = world.strategy_postures[option, c.OFFSHORE] >= 0
    host = state.decision.outcome[HOST] if offshore else exchanges.next_host[f]
    for m in range(3):
        if world.strategy_postures[option, m] >= 0:
            open_slot(world, state, f, m, option, host if m == c.OFFSHORE else -1, now, cause, index)
        elif not waits_for_notice(world, state, f, m, now):
            close_slot(world, state, f, m, now, cause, index)
    away = state.postures.turns_away[0] and world.strategy_postures[option, c.OFFSHORE] == c.OFFSHORE
    if away != exchanges.turns_away[f]:
        _choose_users(world, state, f, away, now, cause, index)
    update_products(world, state, 3 * f + c.DOMESTIC, now, cause, index)  # who defies does not ask
    if option == c.S_EXIT and before != c.S_EXIT:
        write_line(state.journal, now, c.E_EXITED, f, -1, -1, cause, index, 0.0)
    _store_volume(world, state, f)


@rare
def _choose_users(world: World, state: State, f: int, away: bool, now: float, cause: int, index: int) -> None:
    """Exchange f begins or ends to turn focal users away from an honest venue abroad."""
    state.exchanges.turns_away[f] = away
    event = c.E_TURNS_AWAY if away else c.E_SERVES_AGAIN
    write_line(state.journal, now, event, f, c.OFFSHORE, -1, cause, index, 0.0)
    refresh_attraction(world, state, 3 * f + c.OFFSHORE)


@kernel
def _store_volume(world: World, state: State, f: int) -> None:
    """Store the volume after the decision, with which later ones are compared; `scratch.volumes` are present."""
    state.exchanges.volume[f] = 0.0
    for mode in range(3):
        if state.venues.open[3 * f + mode]:
            state.exchanges.volume[f] += real_volume(world, state, f, mode)
