"""Emulators: what a simulator would say at points where it was not run, and how uncertain that is.

For each fact, a polynomial of second degree in all parameters, fitted by ridge regression, carries the trend, and a
Gaussian process in the few parameters that matter most carries the rest (Vernon, Goldstein and Bower 2010, "Galaxy
formation: a Bayesian uncertainty analysis", Bayesian Analysis 5(4), who call these the active variables). What the
others do beyond the trend is noise.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.world.arrays import Floats

_ACTIVE = 6
"""Most parameters that the Gaussian process of a fact has."""
_LEAST_PART = 0.005
"""Part of the variance of the trend below which a parameter is not active."""
_FITTED_ON = 120
"""Points to which length scales are fitted; all are used afterwards."""
_SMALL = 0.05
"""Of what a trend leaves, as a part of the variance of all errors: below, a Gaussian process is not worth its time."""
_CLEAR = 8.0
"""Variance by a parameter, over what chance gives one of its two coefficients, from which on the trend has it: four
times what both are expected to have if it does nothing."""
_PENALTIES = np.logspace(-2, 3, 11)
"""Penalties of the ridge regression, among which leaving out each point in turn chooses."""


@dataclass(frozen=True)
class Emulator:
    """One fact. `noise` is the variance of the mean of a point, `chance` that among replications at the record."""

    intercept: float
    coefficients: Floats
    active: tuple[int, ...]
    train: Floats
    scales: Floats
    amplitude: float
    weights: Floats
    precision: Floats
    noise: float
    chance: float
    replications: int

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Mean (n,) of one replication at points (n, d), and its variance: of the emulator, and of chance."""
        mean = self.intercept + _features(points) @ self.coefficients
        variance = np.full(len(points), self.noise)
        if self.active:
            near = self.amplitude * _correlation(points[:, self.active] / self.scales, self.train)
            mean += near @ self.weights
            variance += np.maximum(self.amplitude - np.einsum("ij,ij->i", near @ self.precision, near), 0.0)
        return mean, variance + self.chance * (1.0 - 1.0 / self.replications) * _slope(mean) ** 2


@dataclass(frozen=True)
class Emulators:
    """The emulators of all facts, in their order."""

    emulators: tuple[Emulator, ...]

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Means (n, F) of one replication at points (n, d), and variances."""
        found = [emulator.predict(points) for emulator in self.emulators]
        return np.column_stack([mean for mean, _ in found]), np.column_stack([variance for _, variance in found])


def emulators_of(
    points: Floats, distances: Floats, error: float, weight: Floats | None = None, most: int = 250
) -> Emulators:
    """Fit emulators to what was simulated.

    Parameters
    ----------
    points
        (n, d), in the unit cube.
    distances
        (n, R, F): facts as `Targets.scaled` reads them.
    error
        Standard deviation of the errors of record and model in these distances.
    weight
        (n,): how near a point is to what is sought. The Gaussian processes take the `most` points of highest weight;
        the trend has all. None: the last points.

    Needs scikit-learn.
    """
    from threadpoolctl import threadpool_limits

    order = np.argsort(-np.arange(len(points)) if weight is None else -weight, kind="stable")
    near = np.sort(order[:most])
    # Threads of linear algebra cost more than such small matrices take: four times as long on two cores.
    with threadpool_limits(limits=1, user_api="blas"):
        facts = range(distances.shape[-1])
        return Emulators(tuple(_emulator(points, distances[..., fact], error, near) for fact in facts))


def emulator_of(points: Floats, values: Floats) -> Emulator:
    """Fit an emulator to one value (n,) of each point (n, d), such as a measure. Needs scikit-learn."""
    return _emulator(points, values[:, np.newaxis], 0.0, np.arange(len(points)))


def _emulator(points: Floats, distances: Floats, error: float, near: Any) -> Emulator:
    """Fit one fact, from its distances (n, R)."""
    replications = distances.shape[1]
    means = distances.mean(axis=1)
    chance = _chance(distances[near])
    intercept, coefficients = _trend(points, means)
    active = _active(coefficients, points.shape[1])
    rest = means[near] - intercept - _features(points[near]) @ coefficients
    if not active or rest.var() <= _SMALL * (error**2 + chance):
        return Emulator(
            intercept, coefficients, (), np.empty((0, 0)), np.empty(0), 0.0, np.empty(0), np.empty((0, 0)),
            float(rest.var()), chance, replications,
        )  # fmt: skip
    amplitude, scales, noise = _process(points[near][:, active], rest)
    train = points[near][:, active] / scales
    covariance = amplitude * _correlation(train, train) + noise * np.eye(len(train))
    precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    weights = np.asarray(precision @ rest, dtype=np.float64)
    return Emulator(
        intercept, coefficients, active, train, scales, amplitude, weights, precision, noise, chance, replications
    )


def _trend(points: Floats, means: Floats) -> tuple[float, Floats]:
    """Intercept and coefficients of a polynomial of second degree without mixed terms.

    Parameters whose coefficients are no larger than what the rest would give by chance are left out: many small ones
    together would make a fact seem to be met in some corner of the cube.
    """
    from sklearn.linear_model import RidgeCV

    features, d = _features(points), points.shape[1]
    if np.ptp(means) == 0.0:
        return float(means[0]), np.zeros(2 * d)
    ridge = RidgeCV(alphas=_PENALTIES).fit(features, means)
    noise = float((means - ridge.predict(features)).var()) / len(points)
    clear = _by_parameter(np.asarray(ridge.coef_)) > _CLEAR * noise
    if not clear.any():
        return float(means.mean()), np.zeros(2 * d)
    chosen = np.flatnonzero(np.concatenate([clear, clear]))
    ridge = RidgeCV(alphas=_PENALTIES).fit(features[:, chosen], means)
    coefficients = np.zeros(2 * d)
    coefficients[chosen] = ridge.coef_
    return float(ridge.intercept_), coefficients


def _process(points: Floats, rest: Floats) -> tuple[float, Floats, float]:
    """Amplitude, length scales and noise of the Gaussian process of the rest, by maximum likelihood."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    size = float(rest.std())
    smooth = ConstantKernel(0.5, (1e-3, 1e2)) * RBF(np.ones(points.shape[1]), (0.1, 20.0))
    kernel = smooth + WhiteKernel(0.5, (1e-4, 2.0))
    few = np.linspace(0, len(points) - 1, min(_FITTED_ON, len(points))).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length scale at its limit: hardly any effect
        fitted = GaussianProcessRegressor(kernel).fit(points[few], rest[few] / size).kernel_
    scales = fitted.k1.k2.length_scale * np.ones(points.shape[1])
    return size**2 * fitted.k1.k1.constant_value, scales, size**2 * fitted.k2.noise_level


def _features(points: Floats) -> Floats:
    """Legendre polynomials of first and second degree of each coordinate, (n, 2 d)."""
    centred = 2.0 * points - 1.0
    return np.concatenate([centred, 1.5 * centred**2 - 0.5], axis=1)


def _active(coefficients: Floats, d: int) -> tuple[int, ...]:
    """The coordinates that the trend depends on most."""
    variance = _by_parameter(coefficients)
    if not variance.sum() > 0.0:
        return ()
    first = np.argsort(-variance, kind="stable")[:_ACTIVE]
    return tuple(sorted(int(each) for each in first if variance[each] > _LEAST_PART * variance.sum()))


def _by_parameter(coefficients: Floats) -> Floats:
    """The variance (d,) over the cube that each parameter brings about by its two coefficients."""
    linear, square = np.split(coefficients, 2)
    return np.asarray(linear**2 / 3.0 + square**2 / 5.0)


def _chance(distances: Floats) -> float:
    """The variance among replications, of points (n, R), where the record is; 0 if there is one of each.

    Distances are drawn together far from the record, and so is their variance.
    """
    if distances.shape[1] < 2:
        return 0.0
    return float(distances.var(axis=1, ddof=1).sum() / (_slope(distances.mean(axis=1)) ** 2).sum())


def _slope(distance: Floats) -> Floats:
    """How much distances are drawn together, relative to the record, 1 at the record (`targets.py`)."""
    return np.asarray(1.0 / np.cosh(distance))


def _correlation(first: Floats, second: Floats) -> Floats:
    """exp(-|a - b|² / 2), (n, m)."""
    square = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1) - 2.0 * first @ second.T
    return np.asarray(np.exp(-0.5 * np.maximum(square, 0.0)))
