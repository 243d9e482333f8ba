"""What is wrong with volumes of a first day: each must be that of venues that are there, together not too much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from sim.scenario.brands_from_volumes import given_volumes, trades_on_first_day, untraded_volume
from sim.scenario.errors import Finding, Path
from sim.scenario.fields import ScenarioFields
from sim.scenario.values.units import PartOfVolume
from sim.scenario.volumes import volume_on
from sim.scenario.world.strategies import Mode
from sim.scenario.world.traders import Segment

_TOLD = {"outside": "the attraction of not trading", "taste": "the log attraction of each mode"}
"""What a segment must say unless its first day tells it."""


def check_given_volumes(scenario: ScenarioFields) -> Iterator[Finding]:
    """Everything that contradicts itself, or that is neither given nor can be solved for."""
    for index, segment in enumerate(scenario.segments):
        path: Path = ("segments", index)
        if segment.first_day:
            yield from _contradictions(scenario, segment, path)
            continue
        for key, meaning in _TOLD.items():
            if not getattr(segment, key):
                yield (*path, key), f"is missing, {meaning}; or give the volumes of the `first_day`", "value"


def _contradictions(scenario: ScenarioFields, segment: Segment, path: Path) -> Iterator[Finding]:
    if segment.derived:
        yield (*path, "first_day"), "is not for a segment whose volume is `derived`", "value"
    for mode in get_args(Mode):
        names = [each.called for each in scenario.exchanges if trades_on_first_day(scenario, segment, each, mode)]
        given = segment.first_day.get(mode)
        if given is None:
            if names and mode in segment.taste:
                yield (*path, "first_day"), f"says nothing of {mode}, where {', '.join(names)} trades on it", "value"
            continue
        where = (*path, "first_day", mode)
        if not names:
            yield where, f"no exchange that serves {segment.id} trades {mode} on the first day", "value"
        elif not isinstance(given, float | PartOfVolume):
            for name in given.keys() - set(names):
                yield (*where, name), f"{name} does not trade {mode} with {segment.id} on the first day", "value"
            if missing := [name for name in names if name not in given]:
                yield where, f"says nothing of {', '.join(missing)}, which trades {mode} on the first day", "value"
    if untraded_volume(scenario, segment) <= 0.0:
        total = sum(each.volume for each in given_volumes(scenario, segment))
        most = volume_on(segment, scenario.start, 0.0)
        said = f"sums to {total:g}, and `volume`, which is what would be traded if all did, is {most:g} on that day"
        yield (*path, "first_day"), f"{said}; it must be more", "sum"
