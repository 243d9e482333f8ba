"""What a policy achieved, from plain arrays: no labels, no files; any engine can be checked against it.

Shapes: T records, F exchanges, M modes (domestic, otc, offshore), H hosts. `volume` is focal volume per day
at constant demand (see `focal_volume`); `before` and `after` are masks over the records. What is not defined
is NaN, never an error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]

TRIFLE = 1e-3
"""A change below this part of the reference counts as none: a ratio to it would be noise."""
ROUNDING = 1e-9
"""Progress short of a level by less than this has reached it."""


def focal_volume(share: Floats, demand: Floats) -> Floats:
    """Volume per day of each venue at constant demand, (T, F, M).

    `share` (T, K, F, M) of the traders of each segment; `demand` (K,) what each would trade at the start, 0
    for segments that do not count. Shares weighted by the demand of the start follow traders, not turnover:
    neither a pulse of activity nor growth from outside can pass for leakage.
    """
    records, _, exchanges, modes = share.shape
    counted = np.flatnonzero(demand)
    flat = share[:, counted].reshape(records, len(counted), exchanges * modes)
    return np.asarray(demand[counted] @ flat).reshape(records, exchanges, modes)


def reference_window(day: Floats, announced: float, length: float = 30.0) -> Mask:
    """Records of the first `length` days before the first announcement; the first record if there are none.

    `day` (T,) ascending; `announced` in days, NaN when nothing was announced.
    """
    window = day < np.minimum(announced, day[0] + length)
    return window if window.any() else np.asarray(day == day[0])


def final_window(day: Floats, before: Mask, length: float = 30.0) -> Mask:
    """Records of the last `length` days outside the reference window; the last record if there are none."""
    window = (day > day[-1] - length) & ~before
    return window if window.any() else np.asarray(day == day[-1])


def change(path: Floats, before: Mask, after: Mask) -> Floats:
    """Mean after less mean before, over the first axis."""
    return np.asarray(path[after].mean(axis=0) - path[before].mean(axis=0))


def suppression(volume: Floats, before: Mask, after: Mask) -> float:
    """Part of the reference volume that has stopped trading; negative when trading grew."""
    traded = volume.sum(axis=(1, 2))
    return _ratio(-change(traded, before, after), traded[before].mean())


def lost(volume: Floats, before: Mask, after: Mask) -> float:
    """Volume per day that left domestic venues; NaN when it is no more than a trifle of all focal volume."""
    loss = -float(change(volume[:, :, 0].sum(axis=1), before, after))
    return loss if loss > TRIFLE * volume[before].sum(axis=(1, 2)).mean() else float("nan")


def leakage(volume: Floats, before: Mask, after: Mask) -> float:
    """What OTC and offshore venues gained, per unit that domestic venues lost: the waterbed."""
    gained = change(volume.sum(axis=1), before, after)[1:].sum()
    return float(gained / lost(volume, before, after))


def displacement(volume: Floats, before: Mask, after: Mask) -> Floats:
    """Where what left domestic venues went: OTC, offshore, out of trading; (3,), sums to one."""
    otc, offshore = change(volume.sum(axis=1), before, after)[1:]
    stopped = -change(volume.sum(axis=(1, 2)), before, after)
    return np.array([otc, offshore, stopped]) / lost(volume, before, after)


def displacement_by_host(volume: Floats, host: Ints, hosts: int, before: Mask, after: Mask) -> Floats:
    """What offshore venues in each host gained, as part of what left domestic venues; (H,).

    `host` (T, F) index of the host, -1 for none. A venue that moves takes its volume from one host to the
    other.
    """
    gained = _by_host(volume, host, hosts, after) - _by_host(volume, host, hosts, before)
    return np.asarray(gained / lost(volume, before, after))


def half_life(day: Floats, path: Floats, before: Mask, announced: float, effective: float) -> float:
    """Days from effect until a path (T,) has fallen to half of its reference; negative if before effect."""
    reference = path[before].mean()
    return _first_reach(day, path, reference, reference / 2, announced) - effective


def time_to_effect(
    day: Floats,
    path: Floats,
    before: Mask,
    after: Mask,
    announced: float,
    effective: float,
    part: float = 0.9,
) -> float:
    """Days from effect until a path (T,) has gone `part` of the way to its new level; negative if before."""
    reference, step = path[before].mean(), float(change(path, before, after))
    if not abs(step) > TRIFLE * reference:
        return float("nan")
    return _first_reach(day, path, reference, reference + part * step, announced) - effective


def rebound(day: Floats, path: Floats, before: Mask, announced: float, within: float = 365.0) -> float:
    """Part of the greatest loss of a path (T,) that is regained within so many days of its first minimum."""
    since = day >= announced
    if not since.any():
        return float("nan")
    reference, day, path = path[before].mean(), day[since], path[since]
    least = int(path.argmin())
    year = (day >= day[least]) & (day <= day[least] + within)
    return _ratio(path[year].max() - path[least], reference - path[least], TRIFLE * reference)


def concentration(volume: Floats, after: Mask) -> float:
    """Herfindahl-Hirschman index over exchanges: sum of squared shares, 1/F to 1."""
    sizes = volume[after].sum(axis=(0, 2))
    return float(((sizes / sizes.sum()) ** 2).sum()) if sizes.any() else float("nan")


def part_on(volume: Floats, venues: Mask, after: Mask) -> float:
    """Part of the focal volume that is traded on some venues, (T, F, M)."""
    traded = volume[after]
    return _ratio(traded[venues[after]].sum(), traded.sum())


def queue_times(start: Floats, start_key: Ints, end: Floats, end_key: Ints) -> Floats:
    """Days between start and end of those that have ended; the n-th end of a key belongs to its n-th start.

    `start`, `end` in days, ascending; the keys say who.
    """
    base = len(start) + len(end) + 1
    first, second = (np.asarray(key) * base + _rank(key) for key in (start_key, end_key))
    _, i, j = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return np.asarray(end[j] - start[i])


def mean(values: Floats) -> float:
    """The mean, NaN when there is nothing."""
    return float(values.mean()) if values.size else float("nan")


def _ratio(part: Any, whole: Any, least: Any = 0.0) -> float:
    return float(part / whole) if whole > least else float("nan")


def _by_host(volume: Floats, host: Ints, hosts: int, window: Mask) -> Floats:
    """Mean offshore volume per day in each host, (H,)."""
    place, offshore = host[window], volume[window][:, :, 2]
    known = place >= 0
    return np.asarray(np.bincount(place[known], offshore[known], hosts) / window.sum())


def _first_reach(day: Floats, path: Floats, start: Any, level: Any, since: float) -> float:
    """First day from `since` on at which a path that left `start` is at `level`; linear between records."""
    if start == level:
        return float("nan")
    progress = (start - path) / (start - level)
    reached = np.flatnonzero((progress >= 1 - ROUNDING) & (day >= since))
    if not reached.size:
        return float("nan")
    i = int(reached[0])
    if i == 0 or progress[i - 1] >= 1:
        return float(day[i])
    step = min((1 - progress[i - 1]) / (progress[i] - progress[i - 1]), 1.0)
    return float(day[i - 1] + step * (day[i] - day[i - 1]))


def _rank(key: Ints) -> Ints:
    """How many equal keys come before each; (n,)."""
    order = np.argsort(key, kind="stable")
    ordered = np.asarray(key)[order]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return rank
