"""Brands and the attraction of not trading that meet the volumes which a file gives for the first day."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.scenario.fields import ScenarioFields
from sim.scenario.values.units import PartOfVolume
from sim.scenario.volumes import amount, volume_on
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.strategies import STRATEGY_VENUES, Mode
from sim.scenario.world.traders import Segment


@dataclass(frozen=True, slots=True)
class GivenVolume:
    """What a segment trades per day in a mode on the first day: at one exchange or group, or at all (None)."""

    mode: Mode
    exchange: str | None
    volume: float


def given_volumes(scenario: ScenarioFields, segment: Segment) -> Iterator[GivenVolume]:
    """The volumes that a file gives for a segment's first day."""
    for mode, given in segment.first_day.items():
        if isinstance(given, float | PartOfVolume):
            yield GivenVolume(mode, None, amount(scenario, given))
        else:
            yield from (GivenVolume(mode, name, amount(scenario, part)) for name, part in given.items())


def untraded_volume(scenario: ScenarioFields, segment: Segment) -> float:
    """What a segment could trade on the first day beyond what it does, as given."""
    traded = math.fsum(given.volume for given in given_volumes(scenario, segment))
    return volume_on(segment, scenario.start, 0.0) - traded


def outside_of(scenario: ScenarioFields, segment: Segment) -> float:
    """Attraction of not trading: as given, or such that what is traded at home (or, if nothing is, at all) is 1."""
    if segment.outside is not None:
        return segment.outside
    return untraded_volume(scenario, segment) / _market(list(given_volumes(scenario, segment)))


def _market(given: Sequence[GivenVolume]) -> float:
    """What is traded at home or, if nothing is, at all."""
    at_home = math.fsum(each.volume for each in given if each.mode == "domestic")
    return at_home or math.fsum(each.volume for each in given)


def log_brand(scenario: ScenarioFields, exchange: Exchange) -> float:
    """Log brand that the given volumes of a first day mean: relative to the home market of the segments that name it.

    0 for an exchange that is not named.
    """
    own, market = 0.0, 0.0
    for segment in scenario.segments:
        given = list(given_volumes(scenario, segment))
        if any(each.exchange == exchange.called for each in given):
            own += math.fsum(each.volume for each in given if each.exchange == exchange.called)
            market += _market(given)
    return math.log(own / exchange.count / market) if own > 0.0 else 0.0


def trades_on_first_day(scenario: ScenarioFields, segment: Segment, exchange: Exchange, mode: Mode) -> bool:
    """Whether an exchange runs a venue in a mode from the first day on that serves a segment."""
    is_there = exchange.count > 0 and (exchange.enters is None or exchange.enters <= scenario.start)
    serves = exchange.audience.get(segment.id, 0.0) is not None
    return is_there and serves and mode in STRATEGY_VENUES[exchange.strategy]
