"""Sensitivity indices from draws of all parameters at once, which may depend on each other as those of a posterior do.

Morris's and Sobol's designs move parameters independently, into worlds that the record excludes. These take the draws
as they are. *RBD-FAST* (Tarantola, Gatelli & Mara 2006, Reliability Engineering & System Safety 91(6); from any sample
by Plischke 2010, RESS 95(4); bias corrected by Tissot & Prieur 2012, RESS 107): `first` = Var E[Y | X_i] / Var Y, the
part of the variance that would go if the parameter became known. Of parameters that depend on each other it counts what
goes with them too, so parts may sum to more than one, and a parameter without any effect may have one. `own` is what
the parameter explains beyond all others (the uncorrelated part of Xu & Gertner 2008, RESS 93(10)): by how much R² falls
if it is left out of a regression on the ranks of all. `direction` is Spearman's rank correlation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.statistics.confidence_intervals import quantile
from sim.world.arrays import Floats

Row = dict[str, object]
"""One parameter: its path, and the columns."""
COLUMNS = ("first", "first_low", "first_high", "own", "own_low", "own_high", "direction")
LEAST_DRAWS = 50
"""Draws below which nothing is computed: of so few, the interval of a parameter without effect goes to a quarter."""
_HARMONICS = 6
_RESAMPLES = 100


def drawn_indices(names: Sequence[str], x: Floats, y: Floats, confidence: float, seed: int) -> list[Row]:
    """The columns of each parameter, from its values `x` (K, D) and the measure `y` (K,) in K draws.

    The interval of `first` is SALib's, from resamples of half of the draws, and so is rather too wide; what estimates
    put below 0 or above 1 is put there. The interval of `own` is Student's, of the coefficient; it needs more draws
    than parameters, else it is NaN.
    """
    from SALib.analyze import rbd_fast
    from scipy.stats import rankdata

    if np.ptp(y) == 0.0:
        return [{"parameter": name, **dict.fromkeys(COLUMNS, 0.0)} for name in names]
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    options = {"M": _HARMONICS, "num_resamples": _RESAMPLES, "conf_level": confidence, "seed": seed}
    found = rbd_fast.analyze(problem, x, y, **options)
    ranks = rankdata(x, axis=0)
    own = _own(ranks, y, confidence)
    order = rankdata(y)
    rows: list[Row] = []
    for d, name in enumerate(names):
        first, half = float(found["S1"][d]), float(found["S1_conf"][d])
        parts = np.clip([first, first - half, first + half], 0.0, 1.0).tolist()
        values = (*parts, *own[d].tolist(), float(np.corrcoef(ranks[:, d], order)[0, 1]))
        rows.append({"parameter": name, **dict(zip(COLUMNS, values, strict=True))})
    return rows


def _own(ranks: Floats, y: Floats, confidence: float) -> Floats:
    """By how much R² falls without each parameter, with its interval, (D, 3)."""
    k, d = ranks.shape
    freedom = k - d - 1
    design = np.column_stack([np.ones(k), (ranks - ranks.mean(axis=0)) / k])
    if freedom < 1 or np.linalg.matrix_rank(design) <= d:
        return np.full((d, 3), np.nan)
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ y
    residual = float(((y - design @ coefficients) ** 2).sum())
    if residual == 0.0:
        return np.full((d, 3), np.nan)
    t = np.abs(coefficients[1:] / np.sqrt(np.diag(inverse)[1:] * residual / freedom))
    unexplained = residual / float(((y - y.mean()) ** 2).sum())
    q = quantile(confidence, freedom)
    ends = np.column_stack([t, np.maximum(t - q, 0.0), t + q])
    return np.asarray(np.minimum(ends**2 * unexplained / freedom, 1.0))
