"""What an exchange would trade: what the demand equations give it if only its own slots change, O(K) each."""

from sim.kernels.compile import inlined, kernel
from sim.model.state import State
from sim.model.traders.attraction import base_volume, onramp
from sim.model.traders.demand import nest_factor
from sim.world import codes as c
from sim.world.arrays import Bools, Floats, Ints, World

_NEARLY_ALL = 1e-6  # others have less than this part of an attraction


@inlined
def count_rivals(world: World, state: State, f: int, now: float) -> None:
    """Fill `scratch.volumes` (K,), the real volume of each segment, and what attracts it besides exchange f's venues.

    That is `scratch.rival_attraction` (K,), not trading included, and with nests `scratch.rivals_by_mode` (K, 3).
    """
    market, rivals, outside = state.market, state.scratch.rival_attraction, world.segments.outside
    for k in range(len(rivals)):
        state.scratch.volumes[k] = world.segments.real_part[k] * base_volume(world, state, k, now)
        own = 0.0
        for m in range(3):
            own += market.attraction[3 * f + m, k] * market.mode_factor[k, m]
        rivals[k] = max(market.denominator[k] - own, outside[k])
        if world.segments.nested[k] and state.scratch.volumes[k] > 0.0:
            _count_rivals_in_nests(world, state, f, k)


@kernel
def _count_rivals_in_nests(world: World, state: State, f: int, k: int) -> None:
    """Sums of attractions less exchange f's own, with the habit factor, and the factors of nests without its venues.

    Sums are formed anew where they would nearly cancel. Most options leave most nests so.
    """
    market, rivals, factor = state.market, state.scratch.rivals_by_mode[k], state.scratch.rival_factor[k]
    for m in range(3):
        habit, own, total = market.habit_factor[k, m], market.attraction[3 * f + m, k], market.mode_attraction[k, m]
        if own == 0.0:  # the nest is as it is
            rivals[m], factor[m] = total * habit, market.nest_factor[k, m]
            continue
        rest = total - own
        if rest < _NEARLY_ALL * total:
            rest = 0.0
            for v in range(m, market.attraction.shape[0], 3):
                rest += market.attraction[v, k] if v // 3 != f else 0.0
        rivals[m] = rest * habit
        alike, last = world.segments.dissimilarity[k, m], state.scratch.rival_power[k, m]
        factor[m] = nest_factor(rivals[m], market.reference[k, m] * habit, alike, last)


@inlined
def expected_volume(world: World, state: State, slots: Ints, volume: Floats) -> None:
    """Fill `volume` (3,): real volume of an exchange if its slots had these postures and nobody else moved.

    `slots` (3,) hold postures of `state.postures`, -1 none; `count_rivals` has been called.
    """
    volume[0], volume[1], volume[2] = 0.0, 0.0, 0.0
    for k in range(len(state.scratch.volumes)):
        if state.scratch.volumes[k] > 0.0:
            _add_volume(world, state, k, slots, volume)


@inlined
def expected_volumes(world: World, state: State, feasible: Bools, demand: Floats) -> None:
    """Add to `demand` (S, 3) the expected volume of each feasible option."""
    for k in range(len(state.scratch.volumes)):
        if state.scratch.volumes[k] <= 0.0:
            continue
        for o in range(c.OPTIONS):
            if feasible[o]:
                _add_volume(world, state, k, world.strategy_postures[o], demand[o])


@inlined
def _add_volume(world: World, state: State, k: int, slots: Ints, volume: Floats) -> None:
    """Add what segment k, which trades, would trade."""
    attraction = state.postures.attraction
    domestic = attraction[slots[c.DOMESTIC], k] if slots[c.DOMESTIC] >= 0 else 0.0
    otc = attraction[slots[c.OTC], k] if slots[c.OTC] >= 0 else 0.0
    offshore = attraction[slots[c.OFFSHORE], k] if slots[c.OFFSHORE] >= 0 else 0.0
    if slots[c.OTC] >= 0:
        offshore *= onramp(world, k)
    if world.segments.nested[k]:
        _add_volume_in_nests(world, state, k, domestic, otc, offshore, volume)
        return
    per_attraction = state.scratch.volumes[k] / (state.scratch.rival_attraction[k] + (domestic + otc + offshore))
    volume[c.DOMESTIC] += per_attraction * domestic
    volume[c.OTC] += per_attraction * otc
    volume[c.OFFSHORE] += per_attraction * offshore


@inlined
def _add_volume_in_nests(
    world: World, state: State, k: int, domestic: float, otc: float, offshore: float, volume: Floats
) -> None:
    """Add what segment k would trade if these were the attractions of the exchange's slots, see `demand`."""
    if domestic + otc + offshore <= 0.0:
        return
    alike, reference, habit = world.segments.dissimilarity[k], state.market.reference[k], state.market.habit_factor[k]
    scratch = state.scratch
    rivals, without, last = scratch.rivals_by_mode[k], scratch.rival_factor[k], scratch.option_power[k]
    at_home, peers, abroad = rivals[c.DOMESTIC] + domestic, rivals[c.OTC] + otc, rivals[c.OFFSHORE] + offshore
    f_home, f_peers, f_abroad = without[c.DOMESTIC], without[c.OTC], without[c.OFFSHORE]
    if domestic > 0.0:
        f_home = nest_factor(at_home, reference[c.DOMESTIC] * habit[c.DOMESTIC], alike[c.DOMESTIC], last[c.DOMESTIC])
    if otc > 0.0:
        f_peers = nest_factor(peers, reference[c.OTC] * habit[c.OTC], alike[c.OTC], last[c.OTC])
    if offshore > 0.0:
        f_abroad = nest_factor(abroad, reference[c.OFFSHORE] * habit[c.OFFSHORE], alike[c.OFFSHORE], last[c.OFFSHORE])
    books = f_home * at_home + f_abroad * abroad
    common = nest_factor(books, reference[c.ORDER_BOOKS], alike[c.ORDER_BOOKS], last[c.ORDER_BOOKS])
    per_attraction = state.scratch.volumes[k] / (world.segments.outside[k] + common * books + f_peers * peers)
    volume[c.DOMESTIC] += per_attraction * common * f_home * domestic
    volume[c.OTC] += per_attraction * f_peers * otc
    volume[c.OFFSHORE] += per_attraction * common * f_abroad * offshore
