"""What an exchange would trade: what the demand equations give it if only its own slots change, O(K) each."""

from sim.kernels.compile import inlined, kernel
from sim.model.exchanges.costs import price_on
from sim.model.state import State
from sim.model.traders.attraction import base_volume, onramp
from sim.model.traders.demand import nest_factor
from sim.world import codes as c
from sim.world.arrays import Floats, Ints, World

_NEARLY_ALL = 1e-6  # others have less than this part of an attraction


@inlined
def survey_market(world: World, state: State, f: int, now: float) -> None:
    """Fill in what exchange f has to know of the market at `now` before it values options.

    That is `scratch.volumes` (K,), the real volume of each segment; what attracts it besides the venues of f, in
    `scratch.rival_attraction` (K,), not trading included, and with nests in `scratch.rivals_by_mode` (K, 3); and
    `scratch.price`, that of the unit of volume.
    """
    market, rivals, outside = state.market, state.scratch.rival_attraction, world.segments.outside
    state.scratch.price[0] = price_on(world, now)
    for k in range(len(rivals)):
        state.scratch.volumes[k] = world.segments.real_part[k] * base_volume(world, state, k, now)
        own = 0.0
        for m in range(3):
            own += market.attraction[3 * f + m, k] * market.mode_factor[k, m]
        rivals[k] = max(market.denominator[k] - own, outside[k])
        if world.segments.nested[k] and state.scratch.volumes[k] > 0.0:
            _survey_nests(world, state, f, k)


@kernel
def _survey_nests(world: World, state: State, f: int, k: int) -> None:
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

    `slots` (3,) hold postures of `state.postures`, -1 none; `survey_market` has been called.
    """
    domestic, otc, offshore = 0.0, 0.0, 0.0
    first, second, third = slots[c.DOMESTIC], slots[c.OTC], slots[c.OFFSHORE]
    runs_any = first >= 0 or second >= 0 or third >= 0
    for k in range(len(state.scratch.volumes) if runs_any else 0):
        if state.scratch.volumes[k] > 0.0:
            traded = _volume_of(world, state, k, first, second, third)
            domestic, otc, offshore = domestic + traded[0], otc + traded[1], offshore + traded[2]
    volume[c.DOMESTIC], volume[c.OTC], volume[c.OFFSHORE] = domestic, otc, offshore


@inlined
def _volume_of(world: World, state: State, k: int, first: int, second: int, third: int) -> tuple[float, float, float]:
    """What segment k, which trades, would trade at the three slots of an exchange in these postures, -1 for none."""
    attraction = state.postures.attraction
    domestic = attraction[first, k] if first >= 0 else 0.0
    otc = attraction[second, k] if second >= 0 else 0.0
    offshore = attraction[third, k] if third >= 0 else 0.0
    if second >= 0:
        offshore *= onramp(world, k)
    if world.segments.nested[k]:
        return _volume_in_nests(world, state, k, domestic, otc, offshore)
    per_attraction = state.scratch.volumes[k] / (state.scratch.rival_attraction[k] + (domestic + otc + offshore))
    return per_attraction * domestic, per_attraction * otc, per_attraction * offshore


@inlined
def _volume_in_nests(
    world: World, state: State, k: int, domestic: float, otc: float, offshore: float
) -> tuple[float, float, float]:
    """The same where venues are in nests and the exchange's slots have these attractions, see `demand`."""
    if domestic + otc + offshore <= 0.0:
        return 0.0, 0.0, 0.0
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
    in_books = per_attraction * common
    return in_books * f_home * domestic, per_attraction * f_peers * otc, in_books * f_abroad * offshore
