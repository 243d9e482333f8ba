"""Reading what the summary measures need from plain arrays: windows, volumes, who stood in a queue.

Shapes: T records, F exchanges, M modes (domestic, otc, offshore), H hosts. `before` and `after` are masks over the
records. The measures themselves are in `sim.model.outcomes.measures`, for all engines.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]


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


def means(path: Floats, before: Mask, after: Mask) -> Floats:
    """Means of a path (T, …) over the two windows, (2, …)."""
    return np.stack([path[before].mean(axis=0), path[after].mean(axis=0)])


def volume_by_host(volume: Floats, host: Ints, hosts: int, before: Mask, after: Mask) -> Floats:
    """Mean offshore volume per day in each host over the two windows, (2, H).

    `volume` (T, F, M); `host` (T, F) index of the host, -1 for none. A venue that moves takes its volume from one host
    to the other.
    """
    return np.stack([_by_host(volume[window], host[window], hosts) for window in (before, after)])


def volume_on(volume: Floats, venues: Mask, after: Mask) -> float:
    """Mean focal volume per day on some venues, (T, F, M), in a window."""
    return float(np.where(venues[after], volume[after], 0.0).sum() / after.sum())


def _by_host(volume: Floats, host: Ints, hosts: int) -> Floats:
    offshore, known = volume[:, :, 2], host >= 0
    return np.asarray(np.bincount(host[known], offshore[known], hosts) / len(volume))
