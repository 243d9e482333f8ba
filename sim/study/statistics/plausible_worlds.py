"""In how many plausible worlds a policy is better than another, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.world.arrays import Floats

_MIDDLE = (0.05, 0.95)


@dataclass(frozen=True)
class PlausibleDifference:
    """The difference of a measure, policy minus another, over draws of the parameters.

    `worlds`: draws in which it is defined; `higher`, `lower`: parts of them in which it is above and below zero;
    `median`, and `low` to `high`, which hold the middle 90 % of the draws.
    """

    worlds: int
    higher: float
    lower: float
    median: float
    low: float
    high: float


def plausible_difference(differences: Floats) -> PlausibleDifference:
    """The difference over draws, from the mean of each (n,); NaN where it is not defined."""
    defined = differences[~np.isnan(differences)]
    if not len(defined):
        return PlausibleDifference(0, np.nan, np.nan, np.nan, np.nan, np.nan)
    low, high = np.quantile(defined, _MIDDLE).tolist()
    higher, lower = float((defined > 0.0).mean()), float((defined < 0.0).mean())
    return PlausibleDifference(len(defined), higher, lower, float(np.median(defined)), low, high)
