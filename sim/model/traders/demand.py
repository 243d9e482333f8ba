"""Demand: logit shares that relax exponentially on an operational clock, exact between events.

Segment k spreads over venues v and an outside option with attraction A_kv = B_kv M_km(v), where B belongs to the
venue and M is the habit factor of its mode. Traders reconsider at rate kappa_k and then follow the logit split, so

    d s_kv / d theta = A_kv / D_k - s_kv,        D_k = A_k0 + sum_v A_kv,        d theta = kappa_k dt.

With one accumulator per mode, H_km <- H_km e^(-dtheta) + (1 - e^(-dtheta)) M_km / D_k, a share is closed form:

    s_kv = B_kv H_km + c_kv E_k,        E_k = e^(-theta_k),

c being set when B_kv changes, and theta counted from the last rebasing. An event at one venue costs O(K) and no
exponential, and the total of a mode is as cheap. The outside option is mode 3, with M = 1 and B = A_k0. Nothing is
ever renormalised.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.state import Market
from sim.world.arrays import Segments
from sim.world.codes import OUTSIDE

_MODES = 4
_FALL = 0.5  # a sum that falls below this part of itself is formed anew
_LARGE = 8.0  # a product of attraction and accumulator above this would nearly cancel against what is carried
_FADED = 1e-60  # what is carried is written down afresh when no more than this part of it is left
_EVERYBODY = 745.0  # e to the minus this is the smallest number above zero


@kernel
def advance(segments: Segments, market: Market, now: float) -> None:
    """Let all shares relax until `now`."""
    elapsed = now - market.now[0]
    if elapsed <= 0.0:
        return
    for k in range(len(segments.switching)):
        _relax(market, k, segments.switching[k] * elapsed)
        if market.decay[k] < _FADED:
            rebase(market, k)
    market.now[0] = now


@inlined
def _relax(market: Market, k: int, elapsed: float) -> None:
    """Move segment k by `elapsed` on its operational clock."""
    gone = -math.expm1(-elapsed)
    stay, settled = 1.0 - gone, gone / market.denominator[k]
    market.decay[k] *= stay
    for m in range(_MODES):
        market.accumulator[k, m] = market.accumulator[k, m] * stay + settled * market.habit_factor[k, m]
        market.mode_residual[k, m] *= stay


@kernel
def reconsider(market: Market, k: int, fraction: float) -> None:
    """A fraction of segment k chooses anew at once: a jump of its clock, which stays finite if all of it does."""
    if fraction > 0.0:
        _relax(market, k, min(-math.log1p(-fraction), _EVERYBODY) if fraction < 1.0 else _EVERYBODY)
        if market.decay[k] < _FADED:
            rebase(market, k)


@kernel
def project(segments: Segments, market: Market, seen: Market, now: float) -> None:
    """Let `seen` be the market at `now` if nothing happens: a look that leaves no trace, not even in rounding.

    `seen` shares all arrays with the market but those that relax.
    """
    elapsed = now - market.now[0]
    for k in range(len(segments.switching)):
        seen.decay[k] = market.decay[k]
        for m in range(_MODES):
            seen.accumulator[k, m] = market.accumulator[k, m]
            seen.mode_residual[k, m] = market.mode_residual[k, m]
        if elapsed > 0.0:
            _relax(seen, k, segments.switching[k] * elapsed)


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
def set_attraction(market: Market, k: int, v: int, pull: float) -> None:
    """Give venue v another attraction for segment k; its share goes on from where it is."""
    before = market.attraction[v, k]
    if pull == before:
        return
    mode = v % 3
    if pull * market.accumulator[k, mode] > _LARGE:
        rebase(market, k)
    change = (before - pull) * market.accumulator[k, mode]
    market.residual[v, k] += change / market.decay[k]
    market.attraction[v, k] = pull
    market.mode_residual[k, mode] += change
    market.mode_attraction[k, mode] += pull - before
    total = market.denominator[k]
    market.denominator[k] += market.habit_factor[k, mode] * (pull - before)
    if market.denominator[k] < _FALL * total:
        rebase(market, k)


@kernel
def strand_users(market: Market, k: int, v: int) -> None:
    """Venue v closes: whoever is still there stops trading until the next reconsideration."""
    set_attraction(market, k, v, 0.0)
    left = market.residual[v, k] * market.decay[k]
    market.residual[v, k] = 0.0
    market.mode_residual[k, v % 3] -= left
    market.mode_residual[k, OUTSIDE] += left


@kernel
def departure_wave(market: Market, k: int, v: int, fraction: float) -> None:
    """A departure wave: a fraction of venue v's users chooses anew, the other shares stay as they are."""
    leaving = fraction * venue_share(market, k, v)
    if leaving <= 0.0:
        return
    for m in range(_MODES):
        market.accumulator[k, m] += leaving * market.habit_factor[k, m] / market.denominator[k]
    market.residual[v, k] -= leaving / market.decay[k]
    market.mode_residual[k, v % 3] -= leaving


@kernel
def set_habit_factor(market: Market, k: int, mode: int, factor: float) -> None:
    """Give a whole mode another habit factor: O(1), whatever the number of venues.

    Shares need no rebasing: the accumulator already holds what was earned under the old factor.
    """
    market.denominator[k] += (factor - market.habit_factor[k, mode]) * market.mode_attraction[k, mode]
    market.habit_factor[k, mode] = factor


@kernel
def rebase(market: Market, k: int) -> None:
    """Write segment k's state down afresh: accumulators start at zero, sums over venues are formed anew.

    It changes no share. It keeps rounding from piling up, and large terms that nearly cancel from being kept.
    """
    begin_rebase(market, k)
    for v in range(market.attraction.shape[0]):
        rebase_share(market, k, v, v % 3)
        rebase_attraction(market, k, v, v % 3, market.attraction[v, k])
    end_rebase(market, k)


@inlined
def begin_rebase(market: Market, k: int) -> None:
    """Begin to write segment k down afresh; the share and the attraction of each venue that has any must follow."""
    market.mode_residual[k, OUTSIDE] = mode_share(market, k, OUTSIDE)
    for m in range(3):
        market.mode_attraction[k, m] = 0.0
        market.mode_residual[k, m] = 0.0


@inlined
def rebase_share(market: Market, k: int, v: int, mode: int) -> float:
    """Write down the share of segment k at venue v, and return it."""
    held = venue_share_in(market, k, v, mode)
    market.residual[v, k] = held
    market.mode_residual[k, mode] += held
    return held


@inlined
def rebase_attraction(market: Market, k: int, v: int, mode: int, pull: float) -> None:
    """Give venue v, whose share is written down, its attraction to segment k."""
    market.attraction[v, k] = pull
    market.mode_attraction[k, mode] += pull


@inlined
def end_rebase(market: Market, k: int) -> None:
    """All venues of segment k are written down."""
    market.decay[k] = 1.0
    market.denominator[k] = 0.0
    for m in range(_MODES):
        market.accumulator[k, m] = 0.0
        market.denominator[k] += market.habit_factor[k, m] * market.mode_attraction[k, m]


@kernel
def set_equilibrium(market: Market, k: int, outside: float) -> None:
    """Put segment k into the equilibrium of its present attractions, with `outside` that of not trading."""
    market.mode_attraction[k, OUTSIDE] = outside
    rebase(market, k)
    total = market.denominator[k]
    for m in range(_MODES):
        market.accumulator[k, m] = market.habit_factor[k, m] / total
        market.mode_residual[k, m] = 0.0
    for v in range(market.attraction.shape[0]):
        market.residual[v, k] = 0.0
