"""Scores of forecasts, and forecasts so simple that any other must beat them."""

from __future__ import annotations

import numpy as np

from sim.study.statistics.confidence_intervals import Array


def crps(ensemble: Array, record: float) -> float:
    """Continuous ranked probability score of an ensemble (n,); of a single value, its distance from the record.

    E|X - y| - E|X - X'| / 2 over the members (Gneiting & Raftery 2007, *Strictly proper scoring rules*, JASA 102),
    by sorting. Smaller is better; in the unit of the values. NaN if any member is.
    """
    x, n = np.sort(ensemble), len(ensemble)
    spread = ((2.0 * np.arange(n) - n + 1.0) * x).sum() / n**2
    return float(np.abs(x - record).mean() - spread)


def no_change(past: Array, ahead: int) -> Array:
    """The last value, for so many steps ahead."""
    return np.full(ahead, past[-1])


def linear_trend(past: Array, ahead: int) -> Array:
    """The straight line of least squares through the past (n,), n from 2 on, for so many steps ahead."""
    slope, level = np.polyfit(np.arange(len(past)), past, 1)
    return np.asarray(level + slope * np.arange(len(past), len(past) + ahead))
