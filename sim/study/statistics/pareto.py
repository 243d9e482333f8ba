"""Trade-offs between measures: which policies no other beats in everything, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.study.statistics.estimates import Array, check, pairs

_SEED = 20170904  # fixed: the same data give the same shares


def efficient(points: ArrayLike, larger: Sequence[bool]) -> NDArray[np.bool_]:
    """Which points (k, d) no other one dominates, (k,).

    A point dominates another if it is no worse in any of the d measures and better in one; `larger` says of each
    measure whether more is better. Equal points stand or fall together. A point with NaN is not efficient.
    """
    x = _points(points, larger, 2)
    at_least = (x[:, None] >= x[None, :]).all(axis=2)
    above = (x[:, None] > x[None, :]).any(axis=2)
    return np.asarray(~((at_least & above).any(axis=0) | np.isnan(x).any(axis=1)))


def efficient_share(values: ArrayLike, larger: Sequence[bool], draws: int = 1000) -> Array:
    """How often each policy is efficient when replications are drawn anew (bootstrap), (k,) between 0 and 1.

    values (n, k, d): d measures of k policies in n common replications; those with NaN anywhere are left out, and
    with none left the shares are NaN. Replications are drawn whole, so that policies stay paired (Efron 1979).
    """
    x = _points(values, larger, 3)
    x = x[~np.isnan(x).any(axis=(1, 2))]
    if len(x) == 0:
        return np.full(x.shape[1], np.nan)
    rng = np.random.default_rng(_SEED)
    often = rng.multinomial(len(x), np.full(len(x), 1.0 / len(x)), size=draws)
    means = np.tensordot(often / len(x), x, axes=1)
    return np.asarray(np.mean([efficient(m, [True] * x.shape[2]) for m in means], axis=0))


@dataclass(frozen=True)
class Region:
    """A confidence region of two means: an ellipse around `centre` with half axes `axes`, the longer one first.

    The longer axis is turned by `angle` radians, from 0 to pi, from the first measure's. NaN with fewer than three
    replications.
    """

    centre: tuple[float, float]
    axes: tuple[float, float]
    angle: float
    n: int
    confidence: float


def region(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> Region:
    """Where the means of two measures (or of their paired differences) lie together, x (n,) and y (n,).

    Hotelling's T² (1931): n d' S⁻¹ d <= 2 (n - 1) / (n - 2) F(2, n - 2). Pairs with NaN are left out.
    """
    from scipy.special import fdtri

    check(confidence)
    a, b = pairs(x, y, 1)
    z = np.stack([a, b], axis=1)
    z = z[~np.isnan(z).any(axis=1)]
    n = len(z)
    centre = z.mean(axis=0) if n else np.full(2, np.nan)
    if n < 3:
        return Region((centre[0], centre[1]), (np.nan, np.nan), np.nan, n, confidence)
    size, turn = np.linalg.eigh(np.cov(z, rowvar=False))
    reach = np.sqrt(2.0 * (n - 1) / (n - 2) * fdtri(2, n - 2, confidence) / n * np.maximum(size, 0.0))
    angle = float(np.arctan2(turn[1, 1], turn[0, 1]) % np.pi)
    return Region((float(centre[0]), float(centre[1])), (float(reach[1]), float(reach[0])), angle, n, confidence)


def _points(values: ArrayLike, larger: Sequence[bool], dimensions: int) -> Array:
    """Values turned so that more is better."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != dimensions or x.shape[-1] != len(larger):
        raise ValueError(f"{len(larger)} measures as the last of {dimensions} dimensions are needed, got {x.shape}")
    return x * np.where(larger, 1.0, -1.0)
