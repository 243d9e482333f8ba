"""Points of a scenario's uncertain parameters as points of the unit cube, and what designs put there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.scenario.ranges import between
from sim.scenario.scenario import Scenario, check_paths
from sim.study.sweep.design import Over, axes_of
from sim.world.arrays import Floats

Method = Literal["tornado", "morris", "sobol", "rbd-fast"]
"""One parameter at a time from end to end; screening by elementary effects; parts of the variance, also from draws."""
METHODS: tuple[Method, ...] = ("tornado", "morris", "sobol", "rbd-fast")
LEVELS = 4
"""Levels of each parameter in Morris's design, which steps over two thirds of its range at a time."""


@dataclass(frozen=True)
class UnitCube:
    """Parameters by path with the ends of their ranges; a coordinate goes from 0, the low end, to 1."""

    ranges: Mapping[str, tuple[object, object]]

    @property
    def problem(self) -> dict[str, Any]:
        """As SALib writes it."""
        names = list(self.ranges)
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    def point(self, row: Floats) -> dict[str, object]:
        """The values at coordinates (D,); of NaN, the file's own value stays."""
        ends = zip(self.ranges.items(), row.tolist(), strict=True)
        return {path: between(path, low, high, u) for (path, (low, high)), u in ends if not np.isnan(u)}


def unit_cube(scenario: Scenario, over: Over) -> UnitCube:
    """The cube of some parameters. Raises ValueError for a list of values in place of a range, and as `axes_of`."""
    axes = axes_of(scenario, over)
    for path, axis in axes.items():
        if not isinstance(axis, tuple):
            raise ValueError(f"{path} has a list of values; a range is needed, written low..high")
    cube = UnitCube({path: (axis[0], axis[1]) for path, axis in axes.items()})
    check_paths(scenario, cube.point(np.full(len(axes), 0.5)))
    return cube


def design(cube: UnitCube, method: Method, size: int, seed: int) -> Floats:
    """The points of a method in the cube, (points, D).

    `size`: trajectories of `morris`, each of D + 1 points; base points of `sobol`, a power of two, each with D + 2
    points. `tornado` ignores it: the file's own values, then each parameter at its low and its high end.
    `rbd-fast` has no design of its own: it takes draws. Raises ValueError for a size that does not do.
    """
    if method == "tornado":
        return _one_at_a_time(len(cube.ranges))
    if method == "morris":
        if size < 2:
            raise ValueError(f"Morris needs 2 trajectories or more, got {size}")
        from SALib.sample import morris

        return np.asarray(morris.sample(cube.problem, size, num_levels=LEVELS, seed=seed))
    if size < 4 or size & (size - 1):
        raise ValueError(f"base points of Sobol's method are a power of two from 4 on, got {size}")
    from SALib.sample import sobol

    return np.asarray(sobol.sample(cube.problem, size, calc_second_order=False, seed=seed))


def _one_at_a_time(parameters: int) -> Floats:
    rows = np.full((1 + 2 * parameters, parameters), np.nan)
    for d in range(parameters):
        rows[1 + 2 * d, d], rows[2 + 2 * d, d] = 0.0, 1.0
    return rows
