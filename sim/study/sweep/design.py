"""The points of a sweep: every combination of values, or a Latin hypercube over ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod

from sim.scenario.ranges import between
from sim.scenario.scenario import Scenario
from sim.suggest import did_you_mean

Over = Mapping[str, Sequence[object] | str] | Iterable[str] | None
"""By path the values, or a range such as "0.1 /d..0.3 /d"; or paths that have a range under `uncertainties`."""
Range = tuple[object, object]
"""Low and high end, as a scenario file writes them."""
MOST_POINTS = 1_000_000
"""Most points of a sweep."""


def points_of(scenario: Scenario, over: Over, points: int | None, seed: int) -> list[dict[str, object]]:
    """The values by path at each point: every combination of values, or `points` points of a Latin hypercube.

    Among combinations the last path varies fastest. Raises ValueError for what is neither values nor a range, for a
    range without a number of points, and for more than `MOST_POINTS` points; ScenarioError for a path that leads
    nowhere.
    """
    axes = axes_of(scenario, over)
    if points is not None:
        return _hypercube(axes, points, seed)
    if ranges := [path for path, axis in axes.items() if isinstance(axis, tuple)]:
        scenario.with_values({path: axes[path][0] for path in ranges})  # a path that leads nowhere is told first
        raise ValueError(
            f"{ranges[0]} has a range; say how many points (--points, of a Latin hypercube), or list its values"
        )
    lists = [list(axis) for axis in axes.values()]
    if (count := prod(map(len, lists))) > MOST_POINTS:
        raise ValueError(f"{count:,} combinations are too many; give a number of points for a Latin hypercube")
    return [dict(zip(axes, values, strict=True)) for values in product(*lists)]


def axes_of(scenario: Scenario, over: Over) -> dict[str, list[object] | Range]:
    """Values, or the ends of the range, by path. Raises ValueError for a path without either, and without paths."""
    known = scenario.uncertainties
    if over is None:
        over = list(known)
    if isinstance(over, Mapping):
        axes = {path: _axis(path, values) for path, values in over.items()}
    else:
        paths = [over] if isinstance(over, str) else list(over)
        for path in paths:
            if path not in known:
                meant = did_you_mean(path, known)
                raise ValueError(f"no range for {path} under `uncertainties`{meant}; give its values")
        axes = {path: known[path].between for path in paths}
    if not axes:
        raise ValueError(f"nothing to sweep over: {scenario.name} has no `uncertainties`, and no values are given")
    return axes


def _axis(path: str, values: Sequence[object] | str) -> list[object] | Range:
    if isinstance(values, str):
        low, dots, high = values.partition("..")
        if not (dots and low.strip() and high.strip()):
            raise ValueError(f"{path}: {values!r} is no range; write it as low..high, or give a list of values")
        between(path, low.strip(), high.strip(), 0.5)
        return low.strip(), high.strip()
    if not (listed := list(values)):
        raise ValueError(f"{path} has no values")
    return listed


def _hypercube(axes: Mapping[str, list[object] | Range], points: int, seed: int) -> list[dict[str, object]]:
    """A Latin hypercube (McKay, Beckman & Conover 1979); each value of a list occurs about equally often."""
    from scipy.stats.qmc import LatinHypercube

    if not 1 <= points <= MOST_POINTS:
        raise ValueError(f"points is a whole number from 1 to {MOST_POINTS:,}, got {points}")
    table = LatinHypercube(len(axes), seed=seed).random(points).tolist()
    return [
        {
            path: between(path, *axis, u) if isinstance(axis, tuple) else axis[int(u * len(axis))]
            for (path, axis), u in zip(axes.items(), row, strict=True)
        }
        for row in table
    ]
