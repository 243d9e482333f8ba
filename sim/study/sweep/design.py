"""Points of a sweep: every combination of values, or a Latin hypercube over ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from sim.scenario.interpolate import between
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Over = Mapping[str, Sequence[object] | str] | Iterable[str] | None
"""By path the values, or a range such as "0.1 /d..0.3 /d"; or paths whose ranges stand under `uncertainties`."""
Range = tuple[object, object]
MOST = 1_000_000
"""Most points of a sweep."""


def points_of(scenario: Scenario, over: Over, points: int | None, seed: int) -> list[dict[str, object]]:
    """The values by path at each point: of all combinations, or of so many points of a Latin hypercube.

    In a combination the last path changes first. Raises ValueError for what is neither values nor a range, for ranges
    without a number of points, and for more than a million points.
    """
    axes = axes_of(scenario, over)
    if points is not None:
        return _hypercube(axes, points, seed)
    if ranges := [path for path, axis in axes.items() if isinstance(axis, tuple)]:
        raise ValueError(
            f"{ranges[0]} has a range; say how many points (--points, of a Latin hypercube), or list its values"
        )
    lists = [list(axis) for axis in axes.values()]
    if (count := prod(map(len, lists))) > MOST:
        raise ValueError(f"{count:,} combinations are too many; give a number of points for a Latin hypercube")
    return [dict(zip(axes, values, strict=True)) for values in product(*lists)]


def axes_of(scenario: Scenario, over: Over) -> dict[str, list[object] | Range]:
    """Values or ends of the range by path."""
    known = scenario.uncertainties
    if over is None:
        over = list(known)
    if isinstance(over, Mapping):
        axes = {path: _axis(path, given) for path, given in over.items()}
    else:
        paths = [over] if isinstance(over, str) else list(over)
        for path in paths:
            if path not in known:
                raise ValueError(
                    f"no range for {path} under `uncertainties`{did_you_mean(path, known)}; give its values"
                )
        axes = {path: known[path].between for path in paths}
    if not axes:
        raise ValueError(f"nothing to sweep over: {scenario.name} has no `uncertainties`, and no values are given")
    return axes


def _axis(path: str, given: Sequence[object] | str) -> list[object] | Range:
    if isinstance(given, str):
        low, dots, high = given.partition("..")
        if not (dots and low.strip() and high.strip()):
            raise ValueError(f"{path}: {given!r} is no range; write it as low..high, or give a list of values")
        between(path, low.strip(), high.strip(), 0.5)
        return low.strip(), high.strip()
    values = list(given)
    if not values:
        raise ValueError(f"{path} has no values")
    return values


def _hypercube(axes: Mapping[str, list[object] | Range], points: int, seed: int) -> list[dict[str, object]]:
    """A Latin hypercube (McKay, Beckman & Conover 1979); of a list, each value about equally often."""
    from scipy.stats.qmc import LatinHypercube

    if not 1 <= points <= MOST:
        raise ValueError(f"points is a whole number from 1 to {MOST:,}, got {points}")
    table = LatinHypercube(len(axes), seed=seed).random(points).tolist()
    return [{path: _at(path, axis, u) for (path, axis), u in zip(axes.items(), row, strict=True)} for row in table]


def _at(path: str, axis: list[object] | Range, part: float) -> object:
    return between(path, *axis, part) if isinstance(axis, tuple) else axis[int(part * len(axis))]
