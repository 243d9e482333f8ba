"""In how many plausible worlds a policy is better than another, and by how much."""

from __future__ import annotations

import numpy as np

from sim.world.arrays import Floats

_MIDDLE = (0.05, 0.95)


def plausible_difference(differences: Floats) -> dict[str, float]:
    """The difference of a measure, policy minus another, over draws, from the mean of each (n,), NaN if undefined.

    `worlds`: draws in which it is defined; `higher`, `lower`: parts of them in which it is above and below zero;
    `median`, and `low` to `high`, which hold the middle 90 % of the draws.
    """
    defined = differences[~np.isnan(differences)]
    if not len(defined):
        return {"worlds": 0, **dict.fromkeys(("higher", "lower", "median", "low", "high"), np.nan)}
    low, high = np.quantile(defined, _MIDDLE).tolist()
    higher, lower = float((defined > 0.0).mean()), float((defined < 0.0).mean())
    middle = float(np.median(defined))
    return {"worlds": len(defined), "higher": higher, "lower": lower, "median": middle, "low": low, "high": high}
