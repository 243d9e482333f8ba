"""Segments and friction columns."""

from bisect import bisect_right
from datetime import datetime

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.scenario import Scenario
from sim.scenario.world.traders import Segment, Skill, VolumePath
from sim.world.arrays import Columns, Segments
from sim.world.build.names import Names
from sim.world.codes import MODES

_PAYMENT, _ACCESS, _MEDIA, _PRODUCT = 0, 1, 2, 3


def columns_of(scenario: Scenario, names: Names) -> Columns:
    """Friction columns: rails, access, channels, products; each product is a group of its own."""
    rails, channels, products = len(names.rails), len(names.channels), len(names.products)
    groups = [_PAYMENT] * rails + [_ACCESS] + [_MEDIA] * channels + [_PRODUCT + q for q in range(products)]
    reach = scenario.demand.payment_reach
    return filled(
        Columns,
        names.sizes,
        group=groups,
        groups=_PRODUCT + products,
        rails=rails,
        access=rails,
        product=rails + 1 + channels,
        reach=[reach.get(mode, 1.0) for mode in MODES],
    )


def segments_of(scenario: Scenario, names: Names) -> Segments:
    """Arrays of the segments."""
    segments = scenario.segments
    paths = [path_of(segment, scenario.start) for segment in segments]
    longest = max(len(path) for path in paths)
    return filled(
        Segments,
        {**names.sizes, "P": longest},
        segments,
        focal=[segment.home == scenario.focal for segment in segments],
        habit=[[h.weight, h.adopt, h.forget] if (h := segment.habit) else [0.0, 0.0, 0.0] for segment in segments],
        suffering=[_suffering(segment, names, segment.home == scenario.focal) for segment in segments],
        path_day=[_padded([day for day, _ in path], longest) for path in paths],
        path_value=[_padded([value for _, value in path], longest) for path in paths],
        path_points=[len(path) for path in paths],
        path_linear=[isinstance(s.volume, VolumePath) and s.volume.interpolation == "linear" for s in segments],
    )


def _suffering(segment: Segment, names: Names, focal: bool) -> list[float]:
    """How much each column hurts: user frictions of focal regulators reach focal users alone."""
    skill = segment.circumvention
    if not isinstance(skill, Skill):
        skill = Skill(payment=skill, access=skill, media=skill)
    felt = 1.0 if focal else 0.0
    rails = [felt * segment.rails.get(rail, 0.0) * (1.0 - skill.payment) for rail in names.rails]
    channels = [felt * segment.channels.get(channel, 0.0) * (1.0 - skill.media) for channel in names.channels]
    needs = [segment.needs.get(product, 0.0) for product in names.products]
    return [*rails, felt * (1.0 - skill.access), *channels, *needs]


def _padded(numbers: list[float], length: int) -> list[float]:
    return numbers + [0.0] * (length - len(numbers))


def path_of(segment: Segment, start: datetime) -> list[tuple[float, float]]:
    """Days from the start, ascending, and the volume of a segment that they bring."""
    if not isinstance(segment.volume, VolumePath):
        return [(0.0, segment.volume)]
    return sorted((days_from(start, day), value) for day, value in segment.volume.points.items())


def volume_on(segment: Segment, start: datetime, day: float) -> float:
    """Volume per day of a segment on a day from the start if all of it traded."""
    days, volumes = zip(*path_of(segment, start), strict=True)
    if isinstance(segment.volume, VolumePath) and segment.volume.interpolation == "linear":
        return float(np.interp(day, days, volumes))
    return float(volumes[max(0, bisect_right(days, day) - 1)])
