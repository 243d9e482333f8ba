"""Sensitivity indices with intervals, and how much of what varies is luck.

*Tornado*: the mean with one parameter at an end of its range, all others at the file's values, less the mean at the
file's values; Student's interval of the difference in the same replications.

*Morris* (1991, Technometrics 33(2); Campolongo, Cariboni & Saltelli 2007): elementary effects, each the change over two
thirds of a range divided by that part, so in the unit of the measure per whole range. `effect` is the mean of their
sizes (mu*), `direction` their mean, `interplay` their standard deviation: what depends on the other parameters, or on
where in the range. *Sobol* (Saltelli et al. 2010, Computer Physics Communications 181(2)): `first` is the part of the
variance between points that the parameter explains by itself, `total` also with others. Intervals of both are SALib's,
bootstrapped over trajectories and base points.

*RBD-FAST*: from draws; see `drawn_indices.py`.

Points are estimated from replications that all of them share. So luck that shifts every point alike cancels, and only
what luck changes in the *effect* of parameters is left in the indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.sensitivity.drawn_indices import COLUMNS as DRAWN_COLUMNS
from sim.study.sensitivity.drawn_indices import LEAST_DRAWS, Row, drawn_indices
from sim.study.sensitivity.unit_cube import LEVELS, Method, UnitCube
from sim.study.statistics.confidence_intervals import defined_means, difference
from sim.world.arrays import Floats

_RESAMPLES = 500


@dataclass(frozen=True)
class VarianceShares:
    """Of the variance among single runs at the points of a design, the parts that sum to one.

    `parameters`: between points; `luck`: between replications, the same at all points; `both`: luck that depends on the
    parameters. `left`: the part of the variance of the points' means that is luck. NaN where nothing varies or with
    fewer than two replications or points.
    """

    parameters: float
    luck: float
    both: float
    left: float


def variance_shares(values: Floats) -> VarianceShares:
    """Two-way analysis of variance of values (points, replications); rows with NaN are left out."""
    y = values[~np.isnan(values).any(axis=1)]
    points, replications = y.shape
    if points < 2 or replications < 2:
        return VarianceShares(np.nan, np.nan, np.nan, np.nan)
    by_point, by_replication = y.mean(axis=1), y.mean(axis=0)
    rest = y - by_point[:, None] - by_replication[None, :] + y.mean()
    both = float((rest**2).sum() / ((points - 1) * (replications - 1)))
    means = float(by_point.var(ddof=1))
    parameters = max(means - both / replications, 0.0)
    luck = max(float(by_replication.var(ddof=1)) - both / points, 0.0)
    total = parameters + luck + both
    if total <= 0.0:
        return VarianceShares(np.nan, np.nan, np.nan, np.nan)
    left = min(both / replications / means, 1.0) if means > 0.0 else np.nan
    return VarianceShares(parameters / total, luck / total, both / total, left)


def indices(
    cube: UnitCube, method: Method, rows: Floats, values: Floats, confidence: float, seed: int
) -> tuple[list[Row], int]:
    """The columns of each parameter, and how many points were left out because the measure is not defined there.

    `rows` (points, D) is the design, or the values of draws; `values` (points, replications) the measure.
    """
    if method == "tornado":
        return _tornado(cube, values, confidence)
    if method == "rbd-fast":
        return _drawn(cube, rows, values, confidence, seed)
    size = len(cube.ranges) + (1 if method == "morris" else 2)
    means = defined_means(values, axis=1)
    blocks = means.reshape(-1, size)
    whole = ~np.isnan(blocks).any(axis=1)
    left_out = int((~whole).sum()) * size
    y, x = blocks[whole].ravel(), rows.reshape(-1, size, rows.shape[1])[whole].reshape(-1, rows.shape[1])
    if whole.sum() < 2:
        return _all(cube, method, np.nan), left_out
    if np.ptp(y) == 0.0:
        return _all(cube, method, 0.0), left_out
    found = _salib(cube, method, x, y, confidence, seed)
    columns = {ours: np.asarray(found[theirs]) for ours, theirs in _SALIB[method].items()}
    for middle, half in _HALF_WIDTHS[method]:
        width = np.asarray(found[half])
        columns |= {f"{middle}_low": columns[middle] - width, f"{middle}_high": columns[middle] + width}
    return [
        {"parameter": path, **{name: float(columns[name][d]) for name in _COLUMNS[method]}}
        for d, path in enumerate(cube.ranges)
    ], left_out


def _all(cube: UnitCube, method: Method, value: float) -> list[Row]:
    return [{"parameter": path, **dict.fromkeys(_COLUMNS[method], value)} for path in cube.ranges]


def _drawn(cube: UnitCube, rows: Floats, values: Floats, confidence: float, seed: int) -> tuple[list[Row], int]:
    means = defined_means(values, axis=1)
    whole = ~np.isnan(means)
    left_out = int((~whole).sum())
    if whole.sum() < LEAST_DRAWS:
        return _all(cube, "rbd-fast", np.nan), left_out
    return drawn_indices(list(cube.ranges), rows[whole], means[whole], confidence, seed), left_out


_COLUMNS = {
    "tornado": ("low", "low_from", "low_to", "high", "high_from", "high_to", "swing"),
    "morris": ("effect", "effect_low", "effect_high", "direction", "interplay"),
    "sobol": ("first", "first_low", "first_high", "total", "total_low", "total_high"),
    "rbd-fast": DRAWN_COLUMNS,
}
_SALIB = {
    "morris": {"effect": "mu_star", "direction": "mu", "interplay": "sigma"},
    "sobol": {"first": "S1", "total": "ST"},
}
_HALF_WIDTHS = {"morris": (("effect", "mu_star_conf"),), "sobol": (("first", "S1_conf"), ("total", "ST_conf"))}
ORDER = {"tornado": "swing", "morris": "effect", "sobol": "total", "rbd-fast": "first"}
"""The column by which parameters are ordered, largest first."""


def _salib(cube: UnitCube, method: Method, x: Floats, y: Floats, confidence: float, seed: int) -> Any:
    options: dict[str, Any] = {"num_resamples": _RESAMPLES, "conf_level": confidence, "seed": seed}
    if method == "morris":
        from SALib.analyze import morris

        return morris.analyze(cube.problem, x, y, num_levels=LEVELS, **options)
    from SALib.analyze import sobol

    return sobol.analyze(cube.problem, y, calc_second_order=False, **options)


def _tornado(cube: UnitCube, values: Floats, confidence: float) -> tuple[list[Row], int]:
    middle, rows, left_out = values[0], [], 0
    for d, path in enumerate(cube.ranges):
        row: Row = {"parameter": path}
        ends = []
        for end, own in (("low", values[1 + 2 * d]), ("high", values[2 + 2 * d])):
            found = difference(own, middle, confidence)
            row |= {end: found.mean, f"{end}_from": found.low, f"{end}_to": found.high}
            ends.append(found.mean)
            left_out += found.n == 0
        reached = [0.0, *(end for end in ends if not np.isnan(end))]
        rows.append(row | {"swing": max(reached) - min(reached)})
    return rows, left_out
