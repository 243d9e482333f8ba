"""How intervals are computed: of a level, and of the difference between two policies in the same replications.

Policies share the random numbers of a replication, so differences are taken replication by replication. An independent
comparison would need `variance_ratio` times as many replications for an interval of the same width. A value that is
not defined in a replication is NaN; such replications are left out and counted.

Intervals are Student's, but for one thing. Where more than half of the values are the same, as when a policy rarely
makes a difference, what varies is whether something rare happened. Student's interval is then too short, and without
width if it happened in no replication. Such an interval also covers what one more replication could have brought in
which it happened, in either direction: each end is that of Student's interval with such a value added. If nothing is
seen in n replications, that is about 3 / n of the size of the event, the "rule of three" (Hanley & Lippman-Hand 1983,
JAMA 249(13)); added observations are also how Agresti & Coull (1998, The American Statistician 52(2)) repair the
interval of a proportion. The size is the largest seen or, if none was, that of the difference which all replications
have in common; if that is 0, the range over which the measure varies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
"""An array of numbers, replications first; NaN where a measure is not defined."""


@dataclass(frozen=True)
class Estimate:
    """A mean over `n` replications with Student's interval [low, high], in the unit of the measure.

    Without replications everything is NaN, with one replication the interval is. Where most values are the same, the
    interval allows for a rare event that was not seen (see the top of this file); it has no width only if the measure
    does not vary at all. `constant`: whether all values are the same. `undefined` replications were left out.
    """

    mean: float
    low: float
    high: float
    n: int
    undefined: int
    confidence: float
    constant: bool

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2.0

    def __str__(self) -> str:
        return f"{self.mean:.4g} [{self.low:.4g}, {self.high:.4g}] ({100.0 * self.confidence:g} %, n = {self.n})"


@dataclass(frozen=True)
class Difference(Estimate):
    """A mean paired difference, policy minus baseline.

    `sign` is the share of replications in which the difference has the sign of the mean. A replication without
    difference counts half, and a mean of 0 gives 0.5.
    `variance_ratio` is (var a + var b) / var(a - b): how many times the replications an independent comparison would
    need for the same half width (Law 2015, section 11.2). It is inf if the difference is the same in all replications,
    1 if a and b are constant too, and NaN with fewer than two replications.
    """

    sign: float
    variance_ratio: float


def estimate(values: ArrayLike, confidence: float = 0.95) -> Estimate:
    """The level of a measure under one policy. `values` (n,); raises ValueError if one is infinite."""
    x = series(values, 1)
    defined = x[~np.isnan(x)]
    return Estimate(*_interval(defined, confidence, 0.0), len(x) - len(defined), confidence, _constant(defined))


def difference(a: ArrayLike, b: ArrayLike, confidence: float = 0.95, unseen: float = 0.0) -> Difference:
    """The difference of a measure under a policy, `a` (n,), and under the baseline, `b` (n,), pair by pair.

    `unseen`: how large a rare event is taken to be if the measure has not varied under either. Raises ValueError if
    lengths differ or a value is infinite.
    """
    a, b = pairs(a, b, 1)
    defined = ~np.isnan(a - b)
    a, b = a[defined], b[defined]
    d, most_varied = a - b, max(float(np.ptp(x)) if x.size else 0.0 for x in (a, b))
    mean, low, high, n = _interval(d, confidence, most_varied or unseen)
    undefined = len(defined) - n
    return Difference(mean, low, high, n, undefined, confidence, _constant(d), _sign(d, mean), _variance_ratio(a, b))


def quantile(confidence: float, freedom: float) -> float:
    """The two-sided quantile q of Student's t: P(|t| <= q) = confidence. Raises ValueError as `check_confidence`."""
    from scipy.special import stdtrit

    check_confidence(confidence)
    return float(stdtrit(freedom, (1.0 + confidence) / 2.0))


def defined_means(values: Array, axis: int) -> Array:
    """Means along an axis over the values that are defined; NaN where none is."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=axis)
    return np.where(count > 0, np.where(defined, values, 0.0).sum(axis=axis) / np.maximum(count, 1), np.nan)


def variance(x: Array) -> float:
    """Sample variance, exactly 0 for equal values."""
    return float(np.var(x - x[0], ddof=1))


def _interval(x: Array, confidence: float, unseen: float) -> tuple[float, float, float, int]:
    """Mean, ends of the interval, and number of the values `x`; see the top of this file.

    `unseen` is the size of a rare event if there are no other signs of it; if it is 0, there are none.
    """
    mean, half = _student(x, confidence)
    low, high = mean - half, mean + half
    most = float(np.median(x)) if len(x) else np.nan
    if len(x) > 1 and (x == most).mean() > 0.5:
        size = float(np.abs(x - most).max()) or (unseen and (abs(most) or unseen))
        for sign in (-1.0, 1.0):
            other, half = _student(np.append(x, most + sign * size), confidence)
            low, high = min(low, other - half), max(high, other + half)
    return mean, low, high, len(x)


def _student(x: Array, confidence: float) -> tuple[float, float]:
    """Mean of the values and half the width of Student's interval."""
    n = len(x)
    t = quantile(confidence, max(n - 1, 1))
    mean = float(x[0] + np.mean(x - x[0])) if n else np.nan
    return mean, float(t * np.sqrt(variance(x) / n)) if n > 1 else np.nan


def _constant(x: Array) -> bool:
    return len(x) > 1 and bool((x == x[0]).all())


def _sign(d: Array, mean: float) -> float:
    if len(d) == 0:
        return np.nan
    return 0.5 + 0.5 * float(np.mean(np.sign(d)) * np.sign(mean))


def _variance_ratio(a: Array, b: Array) -> float:
    if len(a) < 2:
        return np.nan
    independent, paired = variance(a) + variance(b), variance(a - b)
    if paired > 0.0:
        return independent / paired
    return np.inf if independent > 0.0 else 1.0


def pairs(a: ArrayLike, b: ArrayLike, dimensions: int) -> tuple[Array, Array]:
    """Both as arrays of the same shape, replications first. Raises ValueError if they are not."""
    x, y = series(a, dimensions), series(b, dimensions)
    if x.shape != y.shape:
        raise ValueError(f"a pair needs both policies in the same replications, got shapes {x.shape} and {y.shape}")
    return x, y


def series(values: ArrayLike, dimensions: int) -> Array:
    """Values as an array, replications first, NaN where undefined. Raises ValueError for another shape or infinity."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != dimensions:
        raise ValueError(f"expected an array of {dimensions} dimension(s), replications first, got shape {x.shape}")
    if np.isinf(x).any():
        raise ValueError("a value is infinite; a measure that is not defined in a replication is NaN")
    return x


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless a confidence lies between 0 and 1."""
    if not 0.0 < confidence < 1.0:
        meant = f" (did you mean {confidence / 100.0:g}?)" if 1.0 < confidence < 100.0 else ""
        raise ValueError(f"confidence lies between 0 and 1, got {confidence}{meant}")
