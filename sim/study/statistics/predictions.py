"""Predictions of a recorded value: simulated values, blurred by the errors of the model and of the record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from sim.study.statistics.confidence_intervals import Array

PART = 0.9
"""Part of a prediction within its interval."""
_HALF_WIDTH = NormalDist().inv_cdf(0.5 * (1.0 + PART))
HISTORIES = 10
"""Replications of a world by which chance is told from parameters."""
NARROW = 2.0
"""Width up to which an interval is narrow, as a multiple of what the record may be called."""
_POINTS = 199
"""Quantiles by which an error is stood for at each simulated value."""
_RARE = 0.05
"""Part of the replications below which it counts as unheard-of that something is defined, or that it is not."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a record is predicted to say: `values` (n,), NaN where undefined, each with an error of this deviation.

    It is never below `lowest`.
    """

    values: Array
    error: float
    lowest: float = -np.inf

    @property
    def defined(self) -> float:
        """Part of the values that are defined."""
        return float(np.mean(~np.isnan(self.values)))

    @property
    def median(self) -> float:
        """Median of the values, NaN if there are none."""
        return self._quantiles(self._there, 0.5)[0]

    @property
    def mean(self) -> float:
        """Mean of the values, NaN if there are none."""
        return float(self._there.mean()) if len(self._there) else np.nan

    @property
    def spread(self) -> float:
        """Standard deviation of the values, NaN if there are none."""
        return float(self._there.std()) if len(self._there) else np.nan

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The ends of the middle nine tenths of what the record may say, errors included; NaN if undefined."""
        low, high = self._quantiles(self.blurred, 0.5 * (1.0 - PART), 0.5 * (1.0 + PART))
        return low, high

    def width(self, record_error: float) -> float:
        """How wide the interval is, as a multiple of that of an error of this deviation; NaN without one."""
        low, high = self.interval
        return (high - low) / (2.0 * _HALF_WIDTH * record_error) if record_error > 0.0 else np.nan

    def known(self, histories: Array) -> Prediction:
        """What the record would be predicted to say in one world: of chance and the error alone.

        `histories` (worlds, replications): values in some worlds, each as likely as another. How they deviate from the
        mean of their world is chance; the mean is that of the same values, so deviations are made as much larger as
        their variance is thereby too small. They stand about the median of this prediction.
        """
        there = np.isfinite(histories)
        worlds = np.flatnonzero(there.sum(axis=1) >= 2)
        if not len(worlds):
            return Prediction(np.array([np.nan]), self.error, self.lowest)
        own = np.where(there, histories, np.nan)[worlds]
        number = there[worlds].sum(axis=1, keepdims=True)
        off = (own - np.nanmean(own, axis=1, keepdims=True)) * np.sqrt(number / (number - 1.0))
        return Prediction(self.median + off.ravel(), self.error, self.lowest)

    @cached_property
    def blurred(self) -> Array:
        """Equally likely values that the record may have, in order: each simulated one with each error."""
        if self.error == 0.0:
            return np.sort(self._there)
        normal = NormalDist(0.0, self.error)
        errors = np.array([normal.inv_cdf((k + 0.5) / _POINTS) for k in range(_POINTS)])
        return np.sort(np.maximum((self._there[:, np.newaxis] + errors).ravel(), self.lowest))

    def holds(self, value: float) -> bool:
        """Whether a value lies within the interval, its ends included."""
        return self.defined > 0.0 and self.interval[0] <= value <= self.interval[1]

    def share_outside(self, other: Prediction) -> float:
        """How likely a record that this predicts lies outside of the interval of another prediction.

        If both are the same this is a tenth. A record that cannot be taken lies outside where that hardly happens, and
        any that can be where it hardly can.
        """
        undefined = (1.0 - self.defined) if other.defined > 1.0 - _RARE else 0.0
        if not len(self._there):
            return undefined
        low, high = other.interval
        beyond = 1.0 if other.defined < _RARE else float(np.mean((self.blurred < low) | (self.blurred > high)))
        return undefined + self.defined * beyond

    @property
    def _there(self) -> Array:
        return self.values[~np.isnan(self.values)]

    @staticmethod
    def _quantiles(values: Array, *parts: float) -> tuple[float, ...]:
        """Values at parts of the way through them in order, which are sound where some are infinite."""
        if not len(values):
            return tuple(np.nan for _ in parts)
        return tuple(np.quantile(values, parts, method="nearest").tolist())
