"""Sweeps made up by hand: known differences of leakage at the points of the minimal scenario."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.study.sweep.sweep import COLUMNS, Sweep
from tests.plot.studies import minimal

OUTSIDE, SWITCHING = "segments.traders.outside", "segments.traders.switching"


def swept(
    values: Mapping[str, Sequence[object]],
    differences: Sequence[float],
    policies: tuple[str, ...] = ("baseline", "payments_first"),
) -> Sweep:
    """A sweep whose points have these values, with leakage at 0.5 under the baseline and these differences from it.

    Every interval is 0.01 wide to both sides; where a difference is NaN, the point failed.
    """
    points = [dict(zip(values, point, strict=True)) for point in zip(*values.values(), strict=True)]
    estimates = np.full((len(points), len(policies), 1, len(COLUMNS)), np.nan)
    for i, difference in enumerate(differences):
        for k in range(len(policies)):
            level, change = 0.5 + k * difference, k * difference
            row = (level, level - 0.01, level + 0.01, 20, change, change - 0.01, change + 0.01, 20)
            estimates[i, k, 0] = np.nan if np.isnan(difference) else row
    estimates[..., [COLUMNS.index("n"), COLUMNS.index("pairs")]] = 20
    return Sweep(minimal(), 0, "compiled", 20, 0.95, tuple(points), policies, ("leakage",), estimates)
