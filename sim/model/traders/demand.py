"""Demand: logit shares that relax exponentially on an operational clock, exact between events.

Segment k spreads over venues v and an outside option with attraction A_kv = B_kv F_km(v), where B belongs to the
venue and F is the factor of its mode. Traders reconsider at rate kappa_k and then follow the logit split, so

    d s_kv / d theta = A_kv / D_k - s_kv,        D_k = A_k0 + sum_v A_kv,        d theta = kappa_k dt.

With one accumulator per mode, H_km <- H_km e^(-dtheta) + (1 - e^(-dtheta)) F_km / D_k, a share is closed form:

    s_kv = B_kv H_km + c_kv E_k,        E_k = e^(-theta_k).

The symbols are these arrays of `Market`; sums of B and of c E over the venues of a mode are kept as well:

    B attraction      F mode_factor      D denominator      H accumulator      c residual      E decay
    sum of B by mode: mode_attraction     sum of c E by mode: mode_residual

c changes when B_kv does, so that the share does not jump, and theta counts from the last rebasing. An event at one
venue costs O(K) and no exponential, and the share of a mode is as cheap. The outside option is mode 3, with F = 1 and
B = A_k0. Nothing is ever renormalised.

Without nests, F is the habit factor M of the mode. Venues of a mode may be a nest, in which they replace each other the
more the smaller its dissimilarity lambda_m is, and so may order books at home and abroad together (lambda_B). With S_m
the sum of B over a mode, R_m that of the first day, and w_m = M_m^(1 / lambda_B) (M_m for peer-to-peer trade),

    I_m = R_m (S_m / R_m)^lambda_m                                  inclusive value of a mode
    J   = w_d I_d + w_o I_o                                         of order books; R_B its value on the first day
    F_m = w_m (S_m / R_m)^(lambda_m - 1) (J / R_B)^(lambda_B - 1)    the last factor for order books alone

which is the nested logit (McFadden 1978; Train, Discrete Choice Methods, ch. 4), written so that A = B on the first
day. F_m changes only when some B or M does, and H holds what was gained under each F, so closed forms stay as they are.
"""

import math

from sim.kernels.compile import inlined, kernel, rare
from sim.model.state import Market
from sim.world.arrays import Floats, Segments
from sim.world.codes import DOMESTIC, OFFSHORE, ORDER_BOOKS, OTC, OUTSIDE

_MODES = 4
_MOST_RATIO = 1e60  # a nest that is less than 1e-60 of its first day loses what is left in proportion
# When a segment is rebased:
_LEAST_SUM = 0.5  # the denominator, or the sum of a nest, falls below this part of itself, and keeps too large an error
_MOST_PRODUCT = 8.0  # attraction x accumulator exceeds this, and would nearly cancel against the residual
_LEAST_DECAY = 1e-60  # decay is no more than this
_ALL_RECONSIDER = 745.0  # operational time when all of a segment reconsiders: e to the minus this is just above zero


@kernel
def advance(segments: Segments, market: Market, now: float) -> None:
    """Let all shares relax until `now`."""
    elapsed = now - market.now[0]
    if elapsed <= 0.0:
        return
    reconsidered = 0.0
    for k in range(len(segments.switching)):
        reconsidered = _reconsidered(segments, k, elapsed, reconsidered)
        _relax(market, k, reconsidered)
        if market.decay[k] < _LEAST_DECAY:
            rebase(segments, market, k)
    market.now[0] = now


@inlined
def _reconsidered(segments: Segments, k: int, elapsed: float, before: float) -> float:
    """The part of segment k that reconsiders in so many days; `before` is that of the segment before it."""
    switching = segments.switching
    return before if k > 0 and switching[k] == switching[k - 1] else -math.expm1(-switching[k] * elapsed)


@inlined
def _relax(market: Market, k: int, reconsidered: float) -> None:
    """Move segment k on its operational clock by what it takes for this part of it to reconsider."""
    decay, gain = 1.0 - reconsidered, reconsidered / market.denominator[k]
    market.decay[k] *= decay
    for m in range(_MODES):
        market.accumulator[k, m] = market.accumulator[k, m] * decay + gain * market.mode_factor[k, m]
        market.mode_residual[k, m] *= decay


@kernel
def reconsider(segments: Segments, market: Market, k: int, fraction: float) -> None:
    """A fraction of segment k chooses anew at once: a jump of its clock, which stays finite if all of it does."""
    if fraction > 0.0:
        elapsed = min(-math.log1p(-fraction), _ALL_RECONSIDER) if fraction < 1.0 else _ALL_RECONSIDER
        _relax(market, k, -math.expm1(-elapsed))
        if market.decay[k] < _LEAST_DECAY:
            rebase(segments, market, k)


@kernel
def project(segments: Segments, market: Market, projected: Market, now: float) -> None:
    """Make `projected` the market at `now` if nothing happens until then; the market itself does not change.

    `projected` shares all arrays with the market but those that relax.
    """
    elapsed, reconsidered = now - market.now[0], 0.0
    for k in range(len(segments.switching)):
        projected.decay[k] = market.decay[k]
        for m in range(_MODES):
            projected.accumulator[k, m] = market.accumulator[k, m]
            projected.mode_residual[k, m] = market.mode_residual[k, m]
        if elapsed > 0.0:
            reconsidered = _reconsidered(segments, k, elapsed, reconsidered)
            _relax(projected, k, reconsidered)


@inlined
def venue_share(market: Market, k: int, v: int) -> float:
    """Share of segment k at venue v."""
    return venue_share_in(market, k, v, v % 3)


@inlined
def venue_share_in(market: Market, k: int, v: int, mode: int) -> float:
    """Share of segment k at venue v, which is in this mode."""
    return float(
        max(0.0, market.attraction[v, k] * market.accumulator[k, mode] + market.residual[v, k] * market.decay[k])
    )


@inlined
def mode_share(market: Market, k: int, mode: int) -> float:
    """Share of segment k in a mode, or outside (mode 3)."""
    return float(
        max(0.0, market.mode_attraction[k, mode] * market.accumulator[k, mode] + market.mode_residual[k, mode])
    )


@inlined
def set_attraction(segments: Segments, market: Market, k: int, v: int, attraction: float) -> None:
    """Give venue v another attraction for segment k; its share goes on from where it is."""
    if move_attraction(segments, market, k, v, attraction):
        set_mode_factors(segments, market, k)


@inlined
def move_attraction(segments: Segments, market: Market, k: int, v: int, attraction: float) -> bool:
    """As `set_attraction`; True if the factors of nests have still to be set, once for all venues that change."""
    before = market.attraction[v, k]
    if attraction == before:
        return False
    mode = v % 3
    if attraction * market.accumulator[k, mode] > _MOST_PRODUCT:
        rebase(segments, market, k)
    shift = (before - attraction) * market.accumulator[k, mode]
    market.residual[v, k] += shift / market.decay[k]
    market.attraction[v, k] = attraction
    market.mode_residual[k, mode] += shift
    in_nest, changed = segments.lever_power[k, mode] != 1.0, market.mode_attraction[k, mode]
    market.mode_attraction[k, mode] += attraction - before
    if in_nest:  # a power magnifies the rounding error of a sum that vanishes
        vanishes = market.mode_attraction[k, mode] < _LEAST_SUM * changed
    else:
        denominator = market.denominator[k]
        market.denominator[k] += market.mode_factor[k, mode] * (attraction - before)
        vanishes = market.denominator[k] < _LEAST_SUM * denominator
    if vanishes:
        rebase(segments, market, k)
    return in_nest and not vanishes


@inlined
def nest_factor(attraction: float, reference: float, dissimilarity: float, last: Floats) -> float:
    """(R / S)^(1 - lambda): factor on the attractions of a nest's members that are S together, and were R at first.

    Where lambda is 1 / 2 or 3 / 4 roots do. Other powers are dear, and most of what changes leaves most nests: `last`
    (2,) keeps the last R / S of this lambda, and its power.
    """
    if dissimilarity == 1.0 or attraction <= 0.0:
        return 1.0
    ratio = min(reference / attraction, _MOST_RATIO)
    if dissimilarity == 0.5:
        return math.sqrt(ratio)
    if dissimilarity == 0.75:
        return math.sqrt(math.sqrt(ratio))
    if ratio != last[0]:
        last[0], last[1] = ratio, ratio ** (1.0 - dissimilarity)
    return float(last[1])


@kernel
def set_mode_factors(segments: Segments, market: Market, k: int) -> None:
    """Set the factor F of each mode from its attraction and habit, and the denominator anew."""
    alike, total, last = segments.dissimilarity[k], market.mode_attraction[k], market.nest_power[k]
    for m in range(3):
        market.nest_factor[k, m] = nest_factor(total[m], market.reference[k, m], alike[m], last[m])
    join_nests(segments, market, k)


@kernel
def join_nests(segments: Segments, market: Market, k: int) -> None:
    """As `set_mode_factors`, where no attraction has changed since."""
    alike, total, habit = segments.dissimilarity[k], market.mode_attraction[k], market.habit_factor[k]
    factor, last = market.mode_factor[k], market.nest_power[k, ORDER_BOOKS]
    for m in range(3):
        factor[m] = habit[m] * market.nest_factor[k, m]
    books = factor[DOMESTIC] * total[DOMESTIC] + factor[OFFSHORE] * total[OFFSHORE]
    common = nest_factor(books, market.reference[k, ORDER_BOOKS], alike[ORDER_BOOKS], last)
    factor[DOMESTIC] *= common
    factor[OFFSHORE] *= common
    market.denominator[k] = 0.0
    for m in range(_MODES):
        market.denominator[k] += factor[m] * total[m]


@kernel
def set_all_mode_factors(segments: Segments, market: Market) -> None:
    """Set the factors of modes of all segments with nests."""
    for k in range(len(segments.nested)):
        if segments.nested[k]:
            set_mode_factors(segments, market, k)


@kernel
def strand_users(segments: Segments, market: Market, k: int, v: int) -> None:
    """Venue v closes: the users that it still has stop trading until they next reconsider."""
    set_attraction(segments, market, k, v, 0.0)
    share = market.residual[v, k] * market.decay[k]
    market.residual[v, k] = 0.0
    market.mode_residual[k, v % 3] -= share
    market.mode_residual[k, OUTSIDE] += share


@kernel
def departure_wave(segments: Segments, market: Market, k: int, v: int, fraction: float) -> None:
    """A departure wave: a fraction of venue v's users chooses anew, the other shares stay as they are."""
    choose_anew(segments, market, k, v % 3, leave_venue(market, k, v, fraction))


@kernel
def leave_venue(market: Market, k: int, v: int, fraction: float) -> float:
    """Take a fraction of venue v's users out of it; the part of segment k that they are must `choose_anew`."""
    leaving = fraction * venue_share(market, k, v)
    if leaving > 0.0:
        market.residual[v, k] -= leaving / market.decay[k]
        market.mode_residual[k, v % 3] -= leaving
    return leaving


@kernel
def choose_anew(segments: Segments, market: Market, k: int, mode: int, leaving: float) -> None:
    """Let a part of segment k, which has left venues of a mode, choose at once; all other shares only grow.

    What happened concerns the venue, not the mode: if venues of the mode are a nest, they choose within it first.
    """
    if leaving <= 0.0:
        return
    if segments.dissimilarity[k, mode] < 1.0 and market.mode_attraction[k, mode] > 0.0:
        market.accumulator[k, mode] += leaving / market.mode_attraction[k, mode]
        return
    for m in range(_MODES):
        market.accumulator[k, m] += leaving * market.mode_factor[k, m] / market.denominator[k]


@inlined
def set_habit(segments: Segments, market: Market, k: int, mode: int, utility: float) -> None:
    """Give a whole mode another utility by habit: O(1), whatever the number of venues.

    Shares need no rebasing: the accumulator holds what was gained under the old factor. In a segment with nests,
    `join_nests` must follow.
    """
    nest = 1.0 if mode == OTC else segments.dissimilarity[k, ORDER_BOOKS]
    market.habit_factor[k, mode] = math.exp(utility / nest)
    if not segments.nested[k]:
        factor = market.habit_factor[k, mode]
        market.denominator[k] += (factor - market.mode_factor[k, mode]) * market.mode_attraction[k, mode]
        market.mode_factor[k, mode] = factor


@rare
def rebase(segments: Segments, market: Market, k: int) -> None:
    """Rebase segment k: theta and accumulators are set to zero, c to the present shares, sums are formed anew.

    It changes no share. It keeps rounding errors from growing, and avoids large terms that nearly cancel.
    """
    begin_rebase(market, k)
    for v in range(market.attraction.shape[0]):
        rebase_share(market, k, v, v % 3)
        rebase_attraction(market, k, v, v % 3, market.attraction[v, k])
    end_rebase(segments, market, k)


@inlined
def begin_rebase(market: Market, k: int) -> None:
    """Begin to rebase segment k; the share and the attraction of each venue that has any must follow."""
    market.mode_residual[k, OUTSIDE] = mode_share(market, k, OUTSIDE)
    for m in range(3):
        market.mode_attraction[k, m] = 0.0
        market.mode_residual[k, m] = 0.0


@inlined
def rebase_share(market: Market, k: int, v: int, mode: int) -> float:
    """Rebase the share of segment k at venue v, and return it."""
    share = venue_share_in(market, k, v, mode)
    market.residual[v, k] = share
    market.mode_residual[k, mode] += share
    return share


@inlined
def rebase_attraction(market: Market, k: int, v: int, mode: int, attraction: float) -> None:
    """Give venue v, whose share is rebased, its attraction to segment k."""
    market.attraction[v, k] = attraction
    market.mode_attraction[k, mode] += attraction


@inlined
def end_rebase(segments: Segments, market: Market, k: int) -> None:
    """All venues of segment k are rebased."""
    market.decay[k] = 1.0
    for m in range(_MODES):
        market.accumulator[k, m] = 0.0
    set_mode_factors(segments, market, k)


@kernel
def set_equilibrium(segments: Segments, market: Market, k: int) -> None:
    """Put segment k into the equilibrium of its present attractions, from which those of nests count: A = B M.

    A nest without venues counts from 1, the size of the home market where brands are shares of it.
    """
    market.mode_attraction[k, OUTSIDE] = segments.outside[k]
    rebase(segments, market, k)
    total, habit, reference = market.mode_attraction[k], market.habit_factor[k], market.reference[k]
    for m in range(3):
        reference[m] = total[m]
    reference[ORDER_BOOKS] = habit[DOMESTIC] * total[DOMESTIC] + habit[OFFSHORE] * total[OFFSHORE]
    for nest in range(len(reference)):
        if reference[nest] <= 0.0:
            reference[nest] = 1.0
    set_mode_factors(segments, market, k)
    denominator = market.denominator[k]
    for m in range(_MODES):
        market.accumulator[k, m] = market.mode_factor[k, m] / denominator
        market.mode_residual[k, m] = 0.0
    for v in range(market.attraction.shape[0]):
        market.residual[v, k] = 0.0
