"""Where a mean paired difference crosses zero along a range, with an interval, and how it goes from point to point."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from sim.study.statistics.bands import bands
from sim.world.arrays import Floats

Shape = Literal["rises", "falls", "turns", "flat"]
"""How a difference goes along a range: as far as steps between points are more than luck, up, down, both or neither."""
_RESAMPLES = 2000
_BOOTSTRAP_SEED = 20170904  # fixed: the same data give the same intervals


@dataclass(frozen=True)
class Crossing:
    """Where the difference crosses zero, as a part of the range from its low end, with its interval.

    An end of -inf or inf lies beyond the range. `sure`: the difference has opposite signs on the two sides, with
    intervals that leave out zero. `a_before`: whether A is the better one below it.
    """

    at: float
    low: float
    high: float
    sure: bool
    a_before: bool


def shape(differences: Floats, confidence: float) -> Shape:
    """How differences (P, R) go from point to point: each step is taken in the same replications.

    A step counts if its interval leaves out zero, at a confidence that holds for all steps together (Bonferroni).
    """
    each = 1.0 - (1.0 - confidence) / max(len(differences) - 1, 1)
    steps = bands(differences[1:].T, differences[:-1].T, each)
    up, down = bool((steps.low > 0.0).any()), bool((steps.high < 0.0).any())
    return "turns" if up and down else "rises" if up else "falls" if down else "flat"


def crossings(parts: Floats, gain: Floats, signs: Floats, confidence: float) -> tuple[Crossing, ...]:
    """Where the mean of `gain` (P, R) crosses zero along `parts` (P,), by straight lines between points.

    `signs` (P,) says where it surely is above or below. The intervals are percentiles over resampled replications
    (bootstrap, Efron 1979), which keeps the points of a replication together.
    """
    certain = np.flatnonzero(signs).tolist()
    changes = [(i, j) for i, j in pairwise(certain) if signs[i] != signs[j]]
    mean = _mean(gain, np.ones((1, gain.shape[1])))[0]
    if not changes:
        if not len(certain) or not ((mean > 0.0).any() and (mean < 0.0).any()):
            return ()
        at = float(_zeros(parts, mean[None])[0])
        low, high = _interval(parts, gain, 0, len(parts) - 1, confidence)
        first = mean[np.flatnonzero(np.nan_to_num(mean))[0]]  # that is defined and not zero
        return (Crossing(at, low, high, sure=False, a_before=bool(first > 0.0)),)
    found = []
    for i, j in changes:
        at = float(_zeros(parts[i : j + 1], mean[None, i : j + 1])[0])
        low, high = _interval(parts, gain, i, j, confidence)
        found.append(Crossing(at, low, high, sure=True, a_before=bool(signs[i] > 0.0)))
    return tuple(found)


def _interval(parts: Floats, gain: Floats, i: int, j: int, confidence: float) -> tuple[float, float]:
    random = np.random.default_rng(_BOOTSTRAP_SEED)
    n = gain.shape[1]
    curves = _mean(gain, random.multinomial(n, np.full(n, 1.0 / n), size=_RESAMPLES).astype(float))
    direction = np.sign(np.nanmean(gain[j]) - np.nanmean(gain[i]))
    zeros = _zeros(parts[i : j + 1], curves[:, i : j + 1], float(direction))
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(zeros, [tail, 1.0 - tail], method="inverted_cdf").tolist()
    return low, high


def _mean(gain: Floats, weights: Floats) -> Floats:
    """Weighted means over the replications in which the gain is defined, (B, P); NaN where it is in none."""
    defined = ~np.isnan(gain)
    total, count = weights @ np.where(defined, gain, 0.0).T, weights @ defined.T.astype(float)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1.0), np.nan))


def _zeros(parts: Floats, curves: Floats, direction: float = 0.0) -> Floats:
    """The first zero of each curve (B, P), (B,). Without one, inf or -inf: on which side it must be.

    `direction`: the sign with which curves go through zero; 0 for no matter, and then inf.
    """
    signs = np.sign(np.nan_to_num(curves))
    for k in range(1, len(parts)):
        signs[:, k] = np.where(signs[:, k] == 0.0, signs[:, k - 1], signs[:, k])
    turns = signs[:, :-1] * signs[:, 1:] < 0.0
    k, rows = turns.argmax(axis=1), np.arange(len(curves))
    y, after = curves[rows, k], curves[rows, k + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        zeros = parts[k] + (parts[k + 1] - parts[k]) * y / (y - after)
    without = np.where(direction * signs[:, -1] > 0.0, -np.inf, np.inf)
    return np.asarray(np.where(turns.any(axis=1), zeros, without))
