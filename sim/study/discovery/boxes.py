"""Boxes of parameters in which cases of interest lie close, by PRIM.

The patient rule induction method (Friedman & Fisher 1999, Statistics and Computing 9; for scenarios Bryant & Lempert
2010, Technological Forecasting and Social Change 77) peels off a twentieth of the draws at a time, where the cases that
are left become densest. Of the boxes along the way the one is taken whose coverage and density have the largest
harmonic mean. Limits whose quasi-p value, the probability that as many cases lie within by chance if the limit meant
nothing (one-sided binomial), is above 5 % are taken out again, and the box is looked for once more over the parameters
that are left, because many others lead the peeling astray. The next box is looked for in what is left.

A box is found where cases happen to be dense, so its density is too good (winner's curse). A third of the draws takes
no part in the search; coverage and density there say what a box is worth.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pandas import DataFrame

from sim.world.arrays import Bools, Floats

_MOST_BOXES = 3
_LEAST_CASES = 10
_INSIGNIFICANT = 0.05
_LEAST_GAIN = 1.3
"""Density of a box at least, relative to all draws that are left."""
_CASE = 1e-9
"""From which value on a draw is a case to the library, and a box dense enough to be returned."""
_HELD_OUT = 3
"""Every third draw is held out."""


@dataclass(frozen=True)
class Limit:
    """A parameter between two ends, NaN where there is none on that side, with the quasi-p value of each end."""

    low: float
    high: float
    p_low: float
    p_high: float


@dataclass(frozen=True)
class Box:
    """Limits by path. `coverage`: part of all cases inside; `density`: part of the draws inside that are cases.

    Both are of the draws that found the box, `held_coverage` and `held_density` of those held out, of which `held_n`
    lie inside. The density among all draws is what it compares with.
    """

    limits: Mapping[str, Limit]
    coverage: float
    density: float
    n: int
    held_coverage: float
    held_density: float
    held_n: int


def find_boxes(values: Mapping[str, Floats], cases: Bools) -> tuple[Box, ...]:
    """Boxes of the cases of interest (n,) among draws with values (n,) by path; none if there are too few cases."""
    held = np.arange(len(cases)) % _HELD_OUT == _HELD_OUT - 1
    if min(cases[~held].sum(), (~cases[~held]).sum()) < _LEAST_CASES:
        return ()
    boxes: list[Box] = []
    left = ~held
    for _ in range(_MOST_BOXES):
        if cases[left].sum() < _LEAST_CASES:
            break
        remaining = {path: column[left] for path, column in values.items()}
        limits = _peel(remaining, cases[left])
        if not limits:
            break
        limits = _peel({path: remaining[path] for path in limits}, cases[left]) or limits
        inside = _inside(values, limits)
        found = inside & left
        density = float(cases[found].mean()) if found.any() else 0.0
        if density < _LEAST_GAIN * cases[left].mean():
            break
        boxes.append(_box(limits, cases, found, inside & held, ~held))
        left &= ~inside
    return tuple(boxes)


def _box(limits: dict[str, Limit], cases: Bools, found: Bools, held: Bools, searched: Bools) -> Box:
    """A box, of the draws inside that found it and those inside that were held out."""
    coverage, density = _part(cases[found].sum(), cases[searched].sum()), _part(cases[found].sum(), found.sum())
    held_coverage, held_density = _part(cases[held].sum(), cases[~searched].sum()), _part(cases[held].sum(), held.sum())
    return Box(limits, coverage, density, int(found.sum()), held_coverage, held_density, int(held.sum()))


def _part(some: float, of: float) -> float:
    return float(some / of) if of else np.nan


def _inside(values: Mapping[str, Floats], limits: Mapping[str, Limit]) -> Bools:
    inside = np.ones(len(next(iter(values.values()))), dtype=bool)
    for path, limit in limits.items():
        inside &= ~(values[path] < limit.low) & ~(values[path] > limit.high)  # NaN: no limit
    return inside


def _peel(values: Mapping[str, Floats], cases: Bools) -> dict[str, Limit]:
    """The limits of the best box; none if nothing is gained by one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries that are not installed, and of data frames
        from ema_workbench.analysis import prim

        logging.getLogger("EMA").setLevel(logging.WARNING)
        options = {"threshold": _CASE, "peel_alpha": 0.05, "mass_min": 0.05}
        search = prim.Prim(DataFrame(dict(values)), cases.astype(int), **options)
        box = search.find_box()
        trajectory = box.peeling_trajectory
        both = trajectory["coverage"] + trajectory["density"]
        harmonic = 2.0 * trajectory["coverage"] * trajectory["density"] / both.where(both > 0.0, 1.0)
        chosen = int(harmonic.to_numpy().argmax())
        limits = _limits(box, chosen)
        while weak := [path for path, limit in limits.items() if _weakest(limit) > _INSIGNIFICANT]:
            box.drop_restriction(max(weak, key=lambda path: _weakest(limits[path])), chosen)
            chosen = len(box.box_lims) - 1
            limits = _limits(box, chosen)
    return limits


def _weakest(limit: Limit) -> float:
    return float(np.nanmin([limit.p_low, limit.p_high]))


def _limits(box: Any, index: int) -> dict[str, Limit]:
    """The restricted parameters of a box on the trajectory, and how likely each end is by chance."""
    widest, lims = box.box_lims[0], box.box_lims[index]
    found = {}
    for path, p_values in box.qp[index].items():
        low, high = (float(lims[path].iloc[side]) for side in (0, 1))
        p_low, p_high = (np.nan if p < 0 else float(p) for p in p_values)
        low = low if low > float(widest[path].iloc[0]) else np.nan
        high = high if high < float(widest[path].iloc[1]) else np.nan
        if not (np.isnan(low) and np.isnan(high)):
            found[str(path)] = Limit(low, high, p_low, p_high)
    return found
