"""Trade-offs between measures: which policies are Pareto-efficient, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.study.statistics.confidence_intervals import Array, check_confidence, pairs

_BOOTSTRAP_SEED = 20170904  # fixed: the same data give the same shares


def efficient(points: ArrayLike, larger: Sequence[bool]) -> NDArray[np.bool_]:
    """Which points (k, d) are not dominated by another, (k,).

    A point dominates another if it is no worse in any of the d measures and better in one; `larger` says of each
    measure whether more is better. Equal points are all efficient or none is. A point with NaN is not efficient.
    """
    x = _points(points, larger, 2)
    at_least = (x[:, None] >= x[None, :]).all(axis=2)
    above = (x[:, None] > x[None, :]).any(axis=2)
    return np.asarray(~((at_least & above).any(axis=0) | np.isnan(x).any(axis=1)))


def efficient_share(values: ArrayLike, larger: Sequence[bool], draws: int = 1000) -> Array:
    """How often each policy is efficient when replications are resampled (bootstrap), (k,) between 0 and 1.

    values (n, k, d): d measures of k policies in n common replications; those with NaN anywhere are left out, and
    with none left the shares are NaN. Whole replications are resampled, so that policies stay paired (Efron 1979).
    """
    x = _points(values, larger, 3)
    x = x[~np.isnan(x).any(axis=(1, 2))]
    if len(x) == 0:
        return np.full(x.shape[1], np.nan)
    rng = np.random.default_rng(_BOOTSTRAP_SEED)
    times_drawn = rng.multinomial(len(x), np.full(len(x), 1.0 / len(x)), size=draws)
    means = np.tensordot(times_drawn / len(x), x, axes=1)
    return np.asarray(np.mean([efficient(m, [True] * x.shape[2]) for m in means], axis=0))


@dataclass(frozen=True)
class Region:
    """A confidence region of two means: an ellipse around `centre` with half axes `axes`, the longer one first.

    `angle` is that of the longer axis to the axis of the first measure, in radians from 0 to pi. NaN with fewer than
    three replications.
    """

    centre: tuple[float, float]
    axes: tuple[float, float]
    angle: float
    n: int
    confidence: float


def region(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> Region:
    """The joint confidence region of the means of two measures (or of paired differences), x (n,) and y (n,).

    Hotelling's T² (1931): n d' S⁻¹ d <= 2 (n - 1) / (n - 2) F(2, n - 2). Pairs with NaN are left out.
    """
    from scipy.special import fdtri

    check_confidence(confidence)
    a, b = pairs(x, y, 1)
    z = np.stack([a, b], axis=1)
    z = z[~np.isnan(z).any(axis=1)]
    n = len(z)
    centre = z.mean(axis=0) if n else np.full(2, np.nan)
    if n < 3:
        return Region((centre[0], centre[1]), (np.nan, np.nan), np.nan, n, confidence)
    variances, directions = np.linalg.eigh(np.cov(z, rowvar=False))
    half_axes = np.sqrt(2.0 * (n - 1) / (n - 2) * fdtri(2, n - 2, confidence) / n * np.maximum(variances, 0.0))
    axes = float(half_axes[1]), float(half_axes[0])
    angle = float(np.arctan2(directions[1, 1], directions[0, 1]) % np.pi)
    return Region((float(centre[0]), float(centre[1])), axes, angle, n, confidence)


def _points(values: ArrayLike, larger: Sequence[bool], dimensions: int) -> Array:
    """Values with their signs set so that more is better."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != dimensions or x.shape[-1] != len(larger):
        raise ValueError(f"{len(larger)} measures as the last of {dimensions} dimensions are needed, got {x.shape}")
    return x * np.where(larger, 1.0, -1.0)
