"""Populations of points of the unit cube that are moved until they follow a density: of a region, or of a posterior.

Points move by differences of others (ter Braak 2006, "A Markov chain Monte Carlo version of the genetic algorithm
Differential Evolution", Statistics and Computing 16), some coordinates at a time, and are reflected at the walls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.world.arrays import Floats, Ints

Function = Callable[["Floats"], "Floats"]
"""A number (n,) for points (n, d)."""
_SWEEPS = 4
_LAST_SWEEPS = 30
_FEW_SWEEPS = 2
_KEPT = 1.0 / 3.0
"""Part of the points that is left at each level on the way into a region."""
_LEVELS = 40
_JITTER = 1e-3


@dataclass(frozen=True)
class Region:
    """Points that are uniform in the region where a function is at most `level`, and its part of the cube."""

    points: Floats
    level: float
    volume: float


def sobol(count: int, d: int, seed: int) -> Floats:
    """The first `count` points of a scrambled Sobol sequence, (count, d)."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(d, rng=np.random.default_rng(seed))
    return np.asarray(sequence.random_base2(int(np.ceil(np.log2(max(count, 2)))))[:count])


def region_below(function: Function, limit: float, start: Floats, rng: Generator) -> Region:
    """The region where a function is at most `limit`, by levels that each leave a third of the points.

    The parts left multiply to the volume (subset simulation: Au and Beck 2001, Probabilistic Engineering Mechanics
    16(4)). Where no point gets below the limit, the level reached is above it.
    """
    points, volume = start, 1.0
    values = function(points)
    for _ in range(_LEVELS):
        level = max(limit, float(np.quantile(values, _KEPT)))
        inside = np.flatnonzero(values <= level)
        volume *= len(inside) / len(points)
        if len(inside) == len(points):
            break
        chosen = rng.choice(inside, len(points))
        points, values = points[chosen], values[chosen]
        for _ in range(2 * _SWEEPS):
            points, values = _swept(points, values, function, lambda new, old, level=level: new <= level, rng)  # type: ignore[misc]
        if level <= limit:
            break
    return Region(points, level, volume)


def posterior_sample(log_likelihood: Function, start: Floats, rng: Generator) -> Floats:
    """Points (n, d) that follow a likelihood times a uniform prior, of which `start` is a sample.

    The likelihood is raised to powers that grow to 1, so slowly that half of the points stay worth keeping (Del Moral,
    Doucet and Jasra 2006, Journal of the Royal Statistical Society B 68(3)).
    """
    points, power = start, 0.0
    values = log_likelihood(points)
    while power < 1.0:
        step = next_step(values, 1.0 - power)
        chosen = drawn_anew(step * values, rng.random())
        points, values = points[chosen], values[chosen]
        power = min(1.0, power + step)
        for _ in range(_SWEEPS if power < 1.0 else _LAST_SWEEPS):
            accept = lambda new, old, power=power: np.log(rng.random(len(new))) < power * (new - old)  # noqa: E731
            points, values = _swept(points, values, log_likelihood, accept, rng)
    return points


def moved(points: Floats, log_likelihood: Function, rng: Generator) -> Floats:
    """Points moved for a while by a chain that leaves a likelihood as it is."""
    values = log_likelihood(points)
    for _ in range(_FEW_SWEEPS):
        accept = lambda new, old: np.log(rng.random(len(new))) < new - old  # noqa: E731
        points, values = _swept(points, values, log_likelihood, accept, rng)
    return points


def next_step(values: Floats, most: float) -> float:
    """The largest increase of the power, up to `most`, after which half of the points are effective."""

    def effective(step: float) -> float:
        weights = np.exp(step * (values - values.max()))
        return float(weights.sum() ** 2 / (weights**2).sum())

    if effective(most) >= len(values) / 2:
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= len(values) / 2 else (low, middle)
    return max(low, 1e-9 * most)


def drawn_anew(log_weights: Floats, start: float) -> Ints:
    """Indices (n,) of as many points, drawn in proportion to their weights, systematically from `start` in [0, 1) on.

    A point of twice the mean weight is there twice.
    """
    weights = np.exp(log_weights - log_weights.max())
    edges, n = np.cumsum(weights) / weights.sum(), len(weights)
    return np.minimum(np.searchsorted(edges, (np.arange(n) + start) / n), n - 1)


def _swept(
    points: Floats, values: Floats, function: Function, accept: Callable[[Floats, Floats], Floats], rng: Generator
) -> tuple[Floats, Floats]:
    """Every point moved once, or left; each half by differences within the other."""
    points, values = points.copy(), values.copy()
    order = rng.permutation(len(points))
    half = len(points) // 2
    for mine, others in ((order[:half], order[half:]), (order[half:], order[:half])):
        n, d = len(mine), points.shape[1]
        moving = rng.random((n, d)) < rng.choice([0.15, 0.4, 1.0], size=(n, 1))
        moving[np.arange(n), rng.integers(d, size=n)] = True
        first, second = rng.integers(len(others), size=n), rng.integers(1, len(others), size=n)
        difference = points[others[first]] - points[others[(first + second) % len(others)]]
        length = 2.38 / np.sqrt(2.0 * moving.sum(axis=1, keepdims=True))
        step = length * difference + _JITTER * rng.standard_normal((n, d))
        proposed = _reflected(points[mine] + moving * step)
        new = function(proposed)
        taken = accept(new, values[mine])
        points[mine[taken]], values[mine[taken]] = proposed[taken], new[taken]
    return points, values


def _reflected(points: Floats) -> Floats:
    """Points folded back into the cube at its walls."""
    folded = np.mod(points, 2.0)
    return np.clip(np.where(folded > 1.0, 2.0 - folded, folded), 0.0, 1.0)
