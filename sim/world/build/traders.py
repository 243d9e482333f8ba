"""Segments and friction columns."""

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from sim.scenario.scenario import Scenario
from sim.scenario.world.traders import Habit, Segment, Skill, VolumePath
from sim.world.arrays import Columns, Floats, Segments
from sim.world.build.names import Names
from sim.world.codes import MODES

_PAYMENT, _ACCESS, _MEDIA, _PRODUCT = 0, 1, 2, 3
_DAY = 86400.0


def columns_of(scenario: Scenario, names: Names) -> Columns:
    """Friction columns: rails, access, channels, products; each product is a group of its own."""
    rails, channels, products = len(names.rails), len(names.channels), len(names.products)
    groups = [_PAYMENT] * rails + [_ACCESS] + [_MEDIA] * channels + [_PRODUCT + q for q in range(products)]
    reach = scenario.demand.payment_reach
    return Columns(
        group=np.array(groups, dtype=np.int64),
        groups=_PRODUCT + products,
        rails=rails,
        access=rails,
        product=rails + 1 + channels,
        reach=np.array([reach.get(mode, 1.0) for mode in MODES]),
    )


def segments_of(scenario: Scenario, names: Names) -> Segments:
    """Arrays of the segments."""
    segments = scenario.segments
    days, values, points, linear = _paths(segments, scenario.start)
    habits = [segment.habit or Habit(weight=0.0) for segment in segments]

    def column(name: str) -> Floats:
        return np.array([getattr(segment, name) for segment in segments], dtype=float)

    return Segments(
        switching=column("switching"),
        outside=column("outside"),
        real_part=column("real_part"),
        liquidity=column("liquidity"),
        fee=column("fee"),
        risk=column("risk"),
        attention=column("attention"),
        panic=column("panic"),
        derived=column("derived"),
        focal=np.array([segment.home == scenario.focal for segment in segments]),
        habit=np.array([[habit.weight, habit.adopt, habit.forget] for habit in habits]),
        suffering=np.array([_suffering(segment, names, segment.home == scenario.focal) for segment in segments]),
        path_day=days,
        path_value=values,
        path_points=points,
        path_linear=linear,
    )


def _suffering(segment: Segment, names: Names, focal: bool) -> list[float]:
    """How much each column hurts: user frictions of focal regulators reach focal users alone."""
    skill = segment.circumvention
    if not isinstance(skill, Skill):
        skill = Skill(payment=skill, access=skill, media=skill)
    here = 1.0 if focal else 0.0
    rails = [here * segment.rails.get(rail, 0.0) * (1.0 - skill.payment) for rail in names.rails]
    channels = [here * segment.channels.get(channel, 0.0) * (1.0 - skill.media) for channel in names.channels]
    needs = [segment.needs.get(product, 0.0) for product in names.products]
    return [*rails, here * (1.0 - skill.access), *channels, *needs]


def _paths(
    segments: Iterable[Segment], start: datetime
) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Volume paths as (days, values, points in use, linear)."""
    paths = [_points(segment.volume, start) for segment in segments]
    longest = max(len(path) for path in paths)
    days, values = np.zeros((len(paths), longest)), np.zeros((len(paths), longest))
    for n, path in enumerate(paths):
        days[n, : len(path)] = [day for day, _ in path]
        values[n, : len(path)] = [value for _, value in path]
    linear = [isinstance(s.volume, VolumePath) and s.volume.interpolation == "linear" for s in segments]
    return days, values, np.array([len(path) for path in paths]), np.array(linear)


def _points(volume: float | VolumePath, start: datetime) -> list[tuple[float, float]]:
    if not isinstance(volume, VolumePath):
        return [(0.0, volume)]
    return sorted(((day - start).total_seconds() / _DAY, value) for day, value in volume.points.items())
