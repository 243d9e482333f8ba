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
        if market.fade[k] < _FADED:
            rebase(market, k)
    market.now[0] = now


@inlined
def _relax(market: Market, k: int, elapsed: float) -> None:
    """Move segment k by `elapsed` on its operational clock."""
    gone = -math.expm1(-elapsed)
    stay, settled = 1.0 - gone, gone / market.total[k]
    market.fade[k] *= stay
    for m in range(_MODES):
        market.stock[k, m] = market.stock[k, m] * stay + settled * market.factor[k, m]
        market.mode_carry[k, m] *= stay


@kernel
def reconsider(market: Market, k: int, fraction: float) -> None:
    """A fraction of segment k chooses anew at once: a jump of its clock, which stays finite if all of it does."""
    if fraction > 0.0:
        _relax(market, k, min(-math.log1p(-fraction), _EVERYBODY) if fraction < 1.0 else _EVERYBODY)
        if market.fade[k] < _FADED:
            rebase(market, k)


@kernel
def preview(segments: Segments, market: Market, seen: Market, now: float) -> None:
    """Let `seen` be the market at `now` if nothing happens: a look that leaves no trace, not even in rounding.

    `seen` shares all arrays with the market but those that relax.
    """
    elapsed = now - market.now[0]
    for k in range(len(segments.switching)):
        seen.fade[k] = market.fade[k]
        for m in range(_MODES):
            seen.stock[k, m] = market.stock[k, m]
            seen.mode_carry[k, m] = market.mode_carry[k, m]
        if elapsed > 0.0:
            _relax(seen, k, segments.switching[k] * elapsed)


@inlined
def share(market: Market, k: int, v: int) -> float:
    """Share of segment k at venue v."""
    return share_in(market, k, v, v % 3)


@inlined
def share_in(market: Market, k: int, v: int, mode: int) -> float:
    """Share of segment k at venue v, which is in this mode."""
    return float(max(0.0, market.pull[v, k] * market.stock[k, mode] + market.carry[v, k] * market.fade[k]))


@inlined
def mode_share(market: Market, k: int, mode: int) -> float:
    """Share of segment k in a mode, or outside (mode 3)."""
    return float(max(0.0, market.mode_pull[k, mode] * market.stock[k, mode] + market.mode_carry[k, mode]))


@inlined
def set_pull(market: Market, k: int, v: int, pull: float) -> None:
    """Give venue v another attraction for segment k; its share goes on from where it is."""
    before = market.pull[v, k]
    if pull == before:
        return
    mode = v % 3
    if pull * market.stock[k, mode] > _LARGE:
        rebase(market, k)
    change = (before - pull) * market.stock[k, mode]
    market.carry[v, k] += change / market.fade[k]
    market.pull[v, k] = pull
    market.mode_carry[k, mode] += change
    market.mode_pull[k, mode] += pull - before
    total = market.total[k]
    market.total[k] += market.factor[k, mode] * (pull - before)
    if market.total[k] < _FALL * total:
        rebase(market, k)


@kernel
def strand(market: Market, k: int, v: int) -> None:
    """Venue v closes: whoever is still there stops trading until the next reconsideration."""
    set_pull(market, k, v, 0.0)
    left = market.carry[v, k] * market.fade[k]
    market.carry[v, k] = 0.0
    market.mode_carry[k, v % 3] -= left
    market.mode_carry[k, OUTSIDE] += left


@kernel
def depart(market: Market, k: int, v: int, fraction: float) -> None:
    """A departure wave: a fraction of venue v's users chooses anew, the other shares stay as they are."""
    leaving = fraction * share(market, k, v)
    if leaving <= 0.0:
        return
    for m in range(_MODES):
        market.stock[k, m] += leaving * market.factor[k, m] / market.total[k]
    market.carry[v, k] -= leaving / market.fade[k]
    market.mode_carry[k, v % 3] -= leaving


@kernel
def set_factor(market: Market, k: int, mode: int, factor: float) -> None:
    """Give a whole mode another habit factor: O(1), whatever the number of venues.

    Shares need no rebasing: the accumulator already holds what was earned under the old factor.
    """
    market.total[k] += (factor - market.factor[k, mode]) * market.mode_pull[k, mode]
    market.factor[k, mode] = factor


@kernel
def rebase(market: Market, k: int) -> None:
    """Write segment k's state down afresh: accumulators start at zero, sums over venues are formed anew.

    It changes no share. It keeps rounding from piling up, and large terms that nearly cancel from being kept.
    """
    open_account(market, k)
    for v in range(market.pull.shape[0]):
        write_down(market, k, v, v % 3)
        attract(market, k, v, v % 3, market.pull[v, k])
    close_account(market, k)


@inlined
def open_account(market: Market, k: int) -> None:
    """Begin to write segment k down afresh; the share and the attraction of each venue that has any must follow."""
    market.mode_carry[k, OUTSIDE] = mode_share(market, k, OUTSIDE)
    for m in range(3):
        market.mode_pull[k, m] = 0.0
        market.mode_carry[k, m] = 0.0


@inlined
def write_down(market: Market, k: int, v: int, mode: int) -> float:
    """Write down the share of segment k at venue v, and return it."""
    held = share_in(market, k, v, mode)
    market.carry[v, k] = held
    market.mode_carry[k, mode] += held
    return held


@inlined
def attract(market: Market, k: int, v: int, mode: int, pull: float) -> None:
    """Give venue v, whose share is written down, its attraction to segment k."""
    market.pull[v, k] = pull
    market.mode_pull[k, mode] += pull


@inlined
def close_account(market: Market, k: int) -> None:
    """All venues of segment k are written down."""
    market.fade[k] = 1.0
    market.total[k] = 0.0
    for m in range(_MODES):
        market.stock[k, m] = 0.0
        market.total[k] += market.factor[k, m] * market.mode_pull[k, m]


@kernel
def settle(market: Market, k: int, outside: float) -> None:
    """Put segment k into the equilibrium of its present attractions, with `outside` that of not trading."""
    market.mode_pull[k, OUTSIDE] = outside
    rebase(market, k)
    total = market.total[k]
    for m in range(_MODES):
        market.stock[k, m] = market.factor[k, m] / total
        market.mode_carry[k, m] = 0.0
    for v in range(market.pull.shape[0]):
        market.carry[v, k] = 0.0
