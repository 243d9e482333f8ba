"""Volumes: what traders would trade if all of them did, and amounts relative to that."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from sim.clock import days_from
from sim.scenario.fields import ScenarioFields
from sim.scenario.values.units import PartOfVolume
from sim.scenario.world.traders import Segment, VolumePath


def amount(scenario: ScenarioFields, money: float | PartOfVolume) -> float:
    """An amount in the unit of the scenario's volumes."""
    return focal_volume(scenario) / 100.0 * money.percent if isinstance(money, PartOfVolume) else money


def cost(scenario: ScenarioFields, money: float | PartOfVolume) -> float:
    """What an amount of money is worth on the first day, in the unit of the scenario's volumes."""
    own = amount(scenario, money)
    return own if isinstance(money, PartOfVolume) else own / level_on(scenario.price, scenario.start, 0.0)


def focal_volume(scenario: ScenarioFields) -> float:
    """Real volume per day of the first day if all focal traders traded, to which amounts in percent relate.

    As long as focal traders have no real volume, it is that of the first date on which they have; if they never do,
    that of all traders; if all of it is wash trades, these; 0 without any at all.
    """
    real = [(segment, segment.real_part) for segment in scenario.segments]
    focal = [(segment, part) for segment, part in real if is_measured(scenario, segment)]
    whole = [(segment, 1.0) for segment in scenario.segments]
    return _first_volume(scenario, focal) or _first_volume(scenario, real) or _first_volume(scenario, whole)


def is_measured(scenario: ScenarioFields, segment: Segment) -> bool:
    """Whether a segment belongs to the market whose fate measures follow: focal traders of coins against money."""
    return segment.home == scenario.focal and segment.pairs == "money"


def _first_volume(scenario: ScenarioFields, parts: Sequence[tuple[Segment, float]]) -> float:
    """Volume of parts of some segments on the first day on which they have any, else 0."""
    dates = {0.0, *(day for segment, _ in parts for day, _ in path_of(segment.volume, scenario.start))}
    volumes = (sum(part * volume_on(segment, scenario.start, day) for segment, part in parts)
               for day in sorted(dates) if day >= 0.0)  # fmt: skip
    return next((volume for volume in volumes if volume > 0.0), 0.0)


def path_of(level: float | VolumePath, start: datetime) -> list[tuple[float, float]]:
    """Days from the start, ascending, and the level, of a volume or a price, that they bring."""
    if not isinstance(level, VolumePath):
        return [(0.0, level)]
    return sorted((days_from(start, day), value) for day, value in level.points.items())


def is_linear(level: float | VolumePath) -> bool:
    """Whether a level moves on straight lines from point to point."""
    return isinstance(level, VolumePath) and level.interpolation == "linear"


def level_on(level: float | VolumePath, start: datetime, day: float) -> float:
    """The level of a volume or a price on a day from the start."""
    path = path_of(level, start)
    after = bisect_right(path, (day, math.inf))
    if after == 0 or after == len(path):
        return path[max(0, after - 1)][1]
    (left, low), (right, high) = path[after - 1], path[after]
    return low + (high - low) * (day - left) / (right - left) if is_linear(level) else low


def volume_on(segment: Segment, start: datetime, day: float) -> float:
    """Volume per day of a segment on a day from the start if all of it traded."""
    return level_on(segment.volume, start, day)
