"""Shapley values and related values of a cooperative game whose players are interventions, by replication.

A set of interventions is a number whose bit i says whether intervention i is in force. `v` (n, 2**m) holds a measure
for every set in n replications; column 0 is none of them, the last column all of them.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.study.statistics.confidence_intervals import Array

MOST_INTERVENTIONS = 10
"""Most interventions of which all sets can be simulated: 1024 policies."""


def players(v: Array) -> int:
    """The number m of interventions of a game (n, 2**m). Raises ValueError if that is no power of two up to 2**10."""
    columns = v.shape[1] if v.ndim == 2 else 0
    m = columns.bit_length() - 1
    if columns < 2 or columns != 2**m:
        raise ValueError(f"a column for each of the 2**m sets of m interventions is needed, got shape {v.shape}")
    if m > MOST_INTERVENTIONS:
        raise ValueError(
            f"all sets of {m} interventions are too many (most: {MOST_INTERVENTIONS}); sample orders instead"
        )
    return m


def shapley(v: Array) -> Array:
    """What each intervention adds, averaged over all orders of adding them, (n, m) (Shapley 1953).

    In each replication the values sum to v(all) - v(none).
    """
    m = players(v)
    weight = np.array([1.0 / (m * comb(m - 1, s)) for s in range(m)])
    contributions = []
    for i in range(m):
        without = _sets(m, 1 << i)
        contributions.append((v[:, without | 1 << i] - v[:, without]) @ weight[np.bitwise_count(without)])
    return np.stack(contributions, axis=1)


def alone(v: Array) -> Array:
    """The effect of each intervention by itself, v({i}) - v(none), (n, m)."""
    return v[:, 1 << np.arange(players(v))] - v[:, :1]


def last(v: Array) -> Array:
    """The effect that is lost without an intervention, v(all) - v(all but i), (n, m)."""
    m = players(v)
    return v[:, -1:] - v[:, (2**m - 1) ^ (1 << np.arange(m))]


def interactions(v: Array) -> Array:
    """By how much the joint effect of two interventions exceeds the sum of their own, (n, m, m), 0 for i = j.

    The Shapley interaction index (Grabisch & Roubens 1999, International Journal of Game Theory 28(4)), which averages
    over sets of the other interventions.
    """
    m = players(v)
    weight = np.array([1.0 / ((m - 1) * comb(m - 2, s)) for s in range(m - 1)])
    index = np.zeros((len(v), m, m))
    for i in range(m):
        for j in range(i):
            a, b = 1 << i, 1 << j
            rest = _sets(m, a | b)
            excess = v[:, rest | a | b] - v[:, rest | a] - v[:, rest | b] + v[:, rest]
            index[:, i, j] = index[:, j, i] = excess @ weight[np.bitwise_count(rest)]
    return index


def walks(m: int, first: int, count: int, seed: int = 0, pairs: int = 1) -> NDArray[np.int64]:
    """Random orders of m interventions for replications first ... first + count - 1, (count, 2 pairs, m).

    Each replication has orders of its own, which depend on seed and replication only; every second order is the
    reverse of the one before (antithetic: Mitchell, Cooper, Frank & Holmes 2022, JMLR 23).
    """
    orders = np.empty((count, 2 * pairs, m), dtype=np.int64)
    for row, r in enumerate(range(first, first + count)):
        rng = np.random.default_rng([seed, r])
        for p in range(pairs):
            orders[row, 2 * p] = rng.permutation(m)
            orders[row, 2 * p + 1] = orders[row, 2 * p, ::-1]
    return orders


def steps(orders: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sets along orders (..., m) of adding interventions: numbers (..., m + 1) from none to all."""
    bits = np.left_shift(np.int64(1), orders)
    return np.concatenate([np.zeros_like(bits[..., :1]), np.cumsum(bits, axis=-1)], axis=-1)


def sampled(orders: NDArray[np.int64], values: ArrayLike) -> Array:
    """Shapley values estimated from orders (n, p, m) and the measure along them, values (n, p, m + 1): (n, m).

    Unbiased, and in each replication they sum to v(all) - v(none), since each order does (Castro, Gómez & Tejada 2009,
    Computers & Operations Research 36(5)). With new orders in each replication, an interval over replications also
    covers the error of sampling orders.
    """
    v = np.asarray(values, dtype=np.float64)
    if orders.ndim != 3 or v.shape != (*orders.shape[:2], orders.shape[2] + 1):
        raise ValueError(f"orders (n, p, m) need values (n, p, m + 1), got shapes {orders.shape} and {v.shape}")
    added = np.empty_like(v[..., 1:])
    np.put_along_axis(added, orders, np.diff(v, axis=-1), axis=-1)
    return np.asarray(added.mean(axis=1))


def _sets(m: int, leave_out: int) -> NDArray[np.int64]:
    """All sets of m interventions without those in `leave_out`."""
    every = np.arange(2**m)
    return np.asarray(every[every & leave_out == 0])
