"""Means of time series over replications, with bands: at each time by itself, or for all times at once.

A simultaneous band covers the whole curve with the stated confidence. Its critical value is that of the largest |t|
over all times. It is found by a Gaussian multiplier bootstrap (Chernozhukov, Chetverikov & Kato 2013, Annals of
Statistics 41(6)), studentised by a chi-square draw so that for normal data it is a multivariate t and for a single
time it is Student's interval; the band is the sup-t band of Montiel Olea & Plagborg-Møller (2019, Journal of Applied
Econometrics 34(1)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.study.statistics.confidence_intervals import Array, pairs, quantile, series

_BOOTSTRAP_DRAWS = 4000  # a 0.95 quantile then has a standard error of 0.0034 in probability
_BOOTSTRAP_SEED = 20170904  # fixed: the same data give the same band


@dataclass(frozen=True)
class Band:
    """Mean, low and high (T,) over `n` (T,) replications at each time. NaN where a time has too few of them."""

    mean: Array
    low: Array
    high: Array
    n: NDArray[np.int64]
    confidence: float
    simultaneous: bool


def bands(a: ArrayLike, b: ArrayLike, confidence: float = 0.95, simultaneous: bool = False) -> Band:
    """The mean paired difference of two series, `a` (n, T) minus `b` (n, T), with its band.

    A pair with NaN is left out at that time only. Raises ValueError if shapes differ or a value is infinite.
    """
    x, y = pairs(a, b, 2)
    return level_bands(x - y, confidence, simultaneous)


def level_bands(values: ArrayLike, confidence: float = 0.95, simultaneous: bool = False) -> Band:
    """The mean of a series under one policy, `values` (n, T), with its band."""
    x = series(values, 2)
    defined = ~np.isnan(x)
    n = defined.sum(axis=0)
    first = x[defined.argmax(axis=0), np.arange(x.shape[1])]  # subtracted: equal values then have no spread at all
    mean = _ratio(np.where(defined, x - first, 0.0).sum(axis=0), n)
    deviations = np.where(defined, x - first - mean, 0.0)
    error = np.sqrt(_ratio(_ratio((deviations**2).sum(axis=0), n - 1), n))
    t = np.array([quantile(confidence, max(m - 1, 1)) for m in n])
    half = (np.maximum(t, _largest_t(deviations, n, confidence)) if simultaneous else t) * error
    return Band(first + mean, first + mean - half, first + mean + half, n, confidence, simultaneous)


def _largest_t(deviations: Array, n: NDArray[np.int64], confidence: float) -> float:
    """The quantile of the largest |t| over times, for `deviations` (n, T) from the mean."""
    spread = np.sqrt((deviations**2).sum(axis=0))
    use = (n > 1) & (spread > 0.0)
    if not use.any():
        return 0.0
    rng = np.random.default_rng(_BOOTSTRAP_SEED)
    freedom = int(n[use].min()) - 1
    z = rng.standard_normal((_BOOTSTRAP_DRAWS, len(deviations))) @ (deviations[:, use] / spread[use])
    scale = np.sqrt(rng.chisquare(freedom, _BOOTSTRAP_DRAWS) / freedom)
    return float(np.quantile(np.abs(z).max(axis=1) / scale, confidence))


def _ratio(total: Array, n: NDArray[np.int64]) -> Array:
    """The ratio total / n, NaN where n is not positive."""
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)
