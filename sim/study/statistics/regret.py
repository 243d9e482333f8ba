"""How much worse each policy is than the best one in the same draw of the parameters (Savage 1951, JASA 46(253))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from pandas import DataFrame, concat

from sim.study.statistics.confidence_intervals import estimate
from sim.world.arrays import Floats

LARGER_IS_BETTER = ("suppression", "licences_granted")
"""Measures of which a regulator wants more; of all others, less."""
WEIGHTED = "weighted"
"""What the weighted sum of measures is called among them."""


@dataclass(frozen=True)
class Regret:
    """Regret of a policy over draws, in the unit of the measure, never negative.

    `best`: part of the draws in which no policy is better. `mean` with Student's interval [low, high] over draws;
    `most`: the largest, in draw number `draw` (-1 if there is none). `draws`: those in which the measure is defined
    under all policies.
    """

    best: float
    mean: float
    low: float
    high: float
    most: float
    draw: int
    draws: int


def weighted_sum(values: Mapping[str, Floats], weights: Mapping[str, float], larger: Mapping[str, bool]) -> Floats:
    """What is gained in all measures together: the sum of weight times value, with the sign by which more is better.

    `values` by measure have any shape, the same for all. The unit is that in which the weights count a unit of each
    measure. Raises ValueError for no weights, and for one that is not above zero.
    """
    if not weights or not all(0.0 < weight < np.inf for weight in weights.values()):
        raise ValueError(f"weights are numbers above 0 by measure, got {dict(weights)}")
    signed = [(1.0 if larger[name] else -1.0) * weight * values[name] for name, weight in weights.items()]
    return np.asarray(np.sum(signed, axis=0))


def regrets(values: Floats, larger_is_better: bool, confidence: float = 0.95) -> list[Regret]:
    """The regret of each policy, from the means of a measure by policy and draw, (policies, draws).

    Draws in which it is NaN under some policy are left out. The best policy of a draw is chosen from means that luck
    has moved too, so regret is overstated where draws have few replications.
    """
    signed = values if larger_is_better else -values
    defined = np.flatnonzero(~np.isnan(values).any(axis=0))
    if not len(defined):
        return [Regret(np.nan, np.nan, np.nan, np.nan, np.nan, -1, 0)] * len(values)
    behind = signed[:, defined].max(axis=0) - signed[:, defined]
    return [_regret(row, defined, confidence) for row in behind]


def regret_table(
    values: Mapping[str, Floats], larger: Mapping[str, bool], policies: Sequence[str], confidence: float
) -> DataFrame:
    """The regret of each policy in each measure of `larger`: rows by measure and policy, columns as in `Regret`.

    `values` by measure are (policies, draws); `larger` says of which measures more is better.
    """
    tables = {
        name: DataFrame([asdict(each) for each in regrets(values[name], more, confidence)], index=list(policies))
        for name, more in larger.items()
    }
    return concat(tables, names=["measure", "policy"])


def _regret(behind: Floats, draws: np.ndarray[tuple[int], np.dtype[np.intp]], confidence: float) -> Regret:
    found, worst = estimate(behind, confidence), int(np.argmax(behind))
    best, low = float((behind == 0.0).mean()), max(found.low, 0.0) if found.n > 1 else np.nan
    return Regret(best, found.mean, low, found.high, float(behind[worst]), int(draws[worst]), found.n)
