"""Amounts of money and volume, in the file's unit."""

from collections.abc import Sequence

from sim.scenario.scenario import Scenario
from sim.scenario.values.units import PartOfVolume
from sim.scenario.world.traders import Segment
from sim.world.build.traders import path_of, volume_on


def amount(scenario: Scenario, money: float | PartOfVolume) -> float:
    """An amount in the unit of the scenario's volumes."""
    return focal_volume(scenario) / 100.0 * money.percent if isinstance(money, PartOfVolume) else money


def focal_volume(scenario: Scenario) -> float:
    """Real volume per day of the first day if all focal traders traded, to which amounts in percent relate.

    As long as focal traders have no real volume, it is that of the first date on which they have; if they never do,
    that of all traders; without any at all, 1.
    """
    focal = [segment for segment in scenario.segments if segment.home == scenario.focal]
    return _first_volume(scenario, focal) or _first_volume(scenario, scenario.segments) or 1.0


def _first_volume(scenario: Scenario, segments: Sequence[Segment]) -> float:
    """Real volume of some segments on the first day on which they have any, else 0."""
    dates = {0.0, *(day for segment in segments for day, _ in path_of(segment, scenario.start))}
    volumes = (_real_volume(scenario, segments, day) for day in sorted(dates) if day >= 0.0)
    return next((volume for volume in volumes if volume > 0.0), 0.0)


def _real_volume(scenario: Scenario, segments: Sequence[Segment], day: float) -> float:
    return sum(segment.real_part * volume_on(segment, scenario.start, day) for segment in segments)
