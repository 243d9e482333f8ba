"""Segments and friction columns."""

import numpy as np

from sim.kernels.shapes import filled
from sim.scenario.brands_from_volumes import given_volumes, outside_of, untraded_volume
from sim.scenario.scenario import Scenario
from sim.scenario.volumes import is_linear, is_measured, path_of
from sim.scenario.world.strategies import Mode
from sim.scenario.world.traders import Segment, Skill
from sim.world.arrays import Columns, GivenVolumes, Segments
from sim.world.build.names import Names
from sim.world.codes import MODES, NESTS, ORDER_BOOKS

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
    paths = [path_of(segment.volume, scenario.start) for segment in segments]
    longest = max(len(path) for path in paths)
    alike = [_dissimilarities(scenario, segment) for segment in segments]
    return filled(
        Segments,
        {**names.sizes, "P": longest},
        segments,
        outside=[outside_of(scenario, segment) for segment in segments],
        focal=[segment.home == scenario.focal for segment in segments],
        disguise=[_disguise(scenario, segment) for segment in segments],
        measured=[is_measured(scenario, segment) for segment in segments],
        dissimilarity=alike,
        nested=[min(row) < 1.0 for row in alike],
        lever_power=[_lever_power(row) for row in alike],
        habit=[[h.weight, h.adopt, h.forget] if (h := segment.habit) else [0.0, 0.0, 0.0] for segment in segments],
        suffering=[[_suffering(scenario, segment, names, mode) for segment in segments] for mode in MODES],
        path_day=[_padded([day for day, _ in path], longest) for path in paths],
        path_value=[_padded([value for _, value in path], longest) for path in paths],
        path_points=[len(path) for path in paths],
        path_linear=[is_linear(segment.volume) for segment in segments],
    )


def given_volumes_of(scenario: Scenario, names: Names) -> GivenVolumes:
    """What the file says of the volumes of the first day."""
    given = [(k, each) for k, segment in enumerate(scenario.segments) for each in given_volumes(scenario, segment)]
    of_venue = np.full((len(names.exchanges), len(scenario.segments), len(MODES)), -1)
    for d, (k, each) in enumerate(given):
        for f, member in enumerate(names.exchanges):
            if each.exchange in (None, member.id, member.group):
                of_venue[f, k, MODES.index(each.mode)] = d
    return filled(
        GivenVolumes,
        {**names.sizes, "D": len(given)},
        segment=[k for k, _ in given],
        mode=[MODES.index(each.mode) for _, each in given],
        volume=[each.volume for _, each in given],
        untraded=[untraded_volume(scenario, s) if s.first_day else 0.0 for s in scenario.segments],
        of_venue=of_venue,
    )


def _suffering(scenario: Scenario, segment: Segment, names: Names, mode: Mode) -> list[float]:
    """How much each column hurts in a mode: user frictions of focal regulators reach focal users alone."""
    skill = segment.circumvention
    if not isinstance(skill, Skill):
        skill = Skill(payment=skill, access=skill, media=skill)
    felt = 1.0 if segment.home == scenario.focal else 0.0
    skill_at_paying = skill.payment * scenario.demand.payment_skill.get(mode, 1.0)
    rails = [felt * segment.rails.get(rail, 0.0) * (1.0 - skill_at_paying) for rail in names.rails]
    channels = [felt * segment.channels.get(channel, 0.0) * (1.0 - skill.media) for channel in names.channels]
    needs = [segment.needs.get(product, 0.0) for product in names.products]
    return [*rails, felt * (1.0 - skill.access), *channels, *needs]


def _disguise(scenario: Scenario, segment: Segment) -> float:
    """What a shell has over an honest venue: by the segment's own account, or as all at home or abroad see it."""
    if segment.disguise is not None:
        return segment.disguise
    return scenario.demand.disguise.get("focal" if segment.home == scenario.focal else "foreign", 0.0)


def _dissimilarities(scenario: Scenario, segment: Segment) -> list[float]:
    """Of the nests; there is none of venues that the segment does not use."""
    given = {**scenario.demand.nests, **segment.nests}
    return [given.get(nest, 1.0) if nest not in MODES or nest in segment.tastes else 1.0 for nest in NESTS]


def _lever_power(alike: list[float]) -> list[float]:
    """By mode, one over the dissimilarity of its nest and of that which this is in."""
    books = [1.0 if mode == "otc" else alike[ORDER_BOOKS] for mode in MODES]
    return [1.0 / (alike[m] * books[m]) for m in range(len(MODES))]


def _padded(numbers: list[float], length: int) -> list[float]:
    return numbers + [0.0] * (length - len(numbers))
