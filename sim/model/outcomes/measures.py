"""What a policy achieved: the summary measures, from what was tallied of a run.

Volumes are focal volume per day at constant demand: shares weighted by the demand of the first day. They follow
traders, not turnover, so neither a pulse of activity nor growth from outside can pass for leakage. What is not defined
is NaN, never an error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.model.outcomes.tally import AFTER, ANNOUNCED, ANY, BEFORE, EFFECTIVE, Tally
from sim.model.outcomes.timing_measures import half_life, rebound, time_to_effect
from sim.model.outcomes.volume_measures import (
    NEGLIGIBLE,
    concentration,
    displacement,
    leakage,
    leakage_from,
    lost,
    ratio,
    suppression,
    traded,
)
from sim.scenario.fields import ScenarioFields
from sim.suggest import did_you_mean
from sim.world import codes as c
from sim.world.arrays import Floats, World

_PART = 0.9  # of the way to the new level, for the time to effect
_YEAR = 365.0


@dataclass(frozen=True)
class Measure:
    """A summary measure. One with members yields several values, named `name:member`; `{}` is the member."""

    name: str
    unit: str
    meaning: str
    members: tuple[str, ...] = ()


_HOSTS = ("hosts",)  # stands for the names of the jurisdictions
_EXCHANGES = ("exchanges",)  # stands for the names of exchanges and groups
_measures: list[Measure] = []


def _measure(name: str, unit: str, meaning: str, members: tuple[str, ...] = ()) -> int:
    """Enter a measure into the table; its number."""
    _measures.append(Measure(name, unit, meaning, members))
    return len(_measures) - 1


# The measures in the order in which people read them. `measure`, at the end, fills in their values.
_SUPPRESSION = _measure("suppression", "fraction", "Part of the focal volume of the start that has stopped trading")
_LEAKAGE = _measure(
    "leakage", "fraction", "What OTC and offshore venues gained, per unit that domestic venues lost (waterbed)"
)
_DISPLACEMENT = _measure(
    "displacement", "fraction", "Part of what left domestic venues that went here: {}", ("otc", "offshore", "outside")
)
_DISPLACEMENT_BY_HOST = _measure(
    "displacement_by_host", "fraction", "Part of what left domestic venues that went to offshore venues in {}", _HOSTS
)
_LEAKAGE_FROM = _measure(
    "leakage_from", "fraction", "What venues of the other modes gained, per unit that {} venues lost",
    ("otc", "offshore"),
)  # fmt: skip
_HALF_LIFE = _measure(
    "half_life", "days", "From the first effect until domestic volume has halved (negative: before it)"
)
_TIME_TO_EFFECT = _measure(
    "time_to_effect", "days",
    "From the first effect until domestic volume has gone 90 % of the way to its level at the end",
)  # fmt: skip
_REBOUND = _measure(
    "rebound", "fraction", "Part of the greatest loss of domestic volume that is regained within a year"
)
_CONCENTRATION = _measure(
    "concentration", "index", "Herfindahl-Hirschman index of focal volume over exchanges at the end (1: one has all)"
)
_EXPOSURE = _measure(
    "exposure", "fraction",
    "Part of the focal volume at the end on unlicensed or disguised venues, or behind a site block",
)  # fmt: skip
_EXPOSURE_BY_KIND = _measure(
    "exposure_by_kind", "fraction", "Part of the focal volume at the end on {} venues",
    ("unlicensed", "disguised", "blocked"),
)  # fmt: skip
_AGENCY_DAYS = _measure("agency_days", "days", "Days of work that inspectors of all agencies have spent")
_CASES_OPENED = _measure("cases_opened", "cases", "Cases that the agencies have opened")
_CASES_PER_POINT = _measure("cases_per_point", "cases/point", "Cases opened per percentage point of suppression")
_SURVIVAL = _measure("survival", "exchanges", "Exchanges whose strategy at the end is: {}", c.STRATEGIES)
_LICENCES_GRANTED = _measure("licences_granted", "licences", "Licences granted")
_LICENCE_WAIT = _measure(
    "licence_wait", "days",
    "Mean time from application to grant, refusal or withdrawal, of the applications that came to one",
)  # fmt: skip
_BLOCKED_SITES = _measure("blocked_sites", "sites", "Sites blocked, in all")
_DIVERSION = _measure(
    "diversion", "fraction",
    "What {} gained, per unit that venues of others lost in the modes in which it trades (diversion ratio)", _EXCHANGES,
)  # fmt: skip

MEASURES: dict[str, Measure] = {item.name: item for item in _measures}
"""The summary measures by name; those that users add (`sim.results.own_measures`) come after them."""
_NO_REFERENCE = "venues closed on the first day, before which there is no market to compare with"
_LOST_NOTHING = f"domestic venues lost less than a thousandth of what was traded at the start, or {_NO_REFERENCE}"
_NOTHING_TRADED = "nothing was traded at the end"
WHY_UNDEFINED: dict[str, str] = {
    "suppression": f"nothing was traded at the start, or {_NO_REFERENCE}",
    "leakage": _LOST_NOTHING,
    "displacement": _LOST_NOTHING,
    "displacement_by_host": _LOST_NOTHING,
    "leakage_from": f"these venues lost less than a thousandth of what was traded at the start, or {_NO_REFERENCE}",
    "diversion": f"others lost less than a thousandth of what was traded at the start, or {_NO_REFERENCE}",
    "half_life": "nothing took effect, or domestic volume never fell to half of that of the start",
    "time_to_effect": "nothing took effect, or domestic volume changed by less than a thousandth",
    "rebound": "nothing was announced, or domestic volume lost less than a thousandth",
    "concentration": _NOTHING_TRADED,
    "exposure": _NOTHING_TRADED,
    "exposure_by_kind": _NOTHING_TRADED,
    "cases_per_point": "trading fell by less than a thousandth",
    "licence_wait": "no application came to an end",
    "fact": "runs have nothing to read, or end before the days of the fact",
}
"""When the measures that can be undefined are so."""


def measure_names(jurisdictions: Sequence[str], exchanges: Sequence[str]) -> list[str]:
    """Names of the values of all measures, in their order; of exchanges and groups as the file has them."""
    names: list[str] = []
    for item in _measures:
        members = jurisdictions if item.members is _HOSTS else exchanges if item.members is _EXCHANGES else item.members
        names += [f"{item.name}:{member}" for member in members] if item.members else [item.name]
    return names


def measures_of(scenario: ScenarioFields) -> list[str]:
    """Names of the values of all measures of a scenario."""
    hosts = [jurisdiction.id for jurisdiction in scenario.jurisdictions]
    return measure_names(hosts, [str(entry.group or entry.id) for entry in scenario.exchanges])


def why_undefined(name: str) -> str:
    """What it may come from that a measure, or one of its members, is not defined."""
    return WHY_UNDEFINED.get(name.partition(":")[0], "the replications failed")


def describe(name: str) -> Measure:
    """Unit and meaning of a measure or of one of its members. Raises KeyError, with what was probably meant."""
    item, _, member = name.partition(":")
    if item == "fact" and member:
        return Measure(name, "", f"What runs say to the fact {member} of the record")
    if item not in MEASURES:
        raise KeyError(f"no measure {name!r}{did_you_mean(name, MEASURES)}")
    return replace(MEASURES[item], name=name, meaning=MEASURES[item].meaning.format(member))


# How many values come before those of each measure, and before the end: so many, and so many for each jurisdiction and
# for each exchange or group.
_NAMED = [item.members is _HOSTS or item.members is _EXCHANGES for item in _measures]
_COUNTS = [max(1, len(item.members)) for item in _measures]
_BEFORE = np.cumsum([0, *(0 if named else count for named, count in zip(_NAMED, _COUNTS, strict=True))])
_BEFORE_BY_HOST = np.cumsum([0, *(int(item.members is _HOSTS) for item in _measures)])
_BEFORE_BY_EXCHANGE = np.cumsum([0, *(int(item.members is _EXCHANGES) for item in _measures)])


def measure_count(world: World) -> int:
    """How many values all measures have."""
    hosts, exchanges = len(world.jurisdictions.tax), len(world.exchanges.members)
    return int(_BEFORE[-1] + hosts * _BEFORE_BY_HOST[-1] + exchanges * _BEFORE_BY_EXCHANGE[-1])


@inlined
def _put(tally: Tally, values: Floats, measure: int, member: int, value: float) -> None:
    """Put the value of a measure's member (0 if it has none) in its place."""
    named = tally.hosts.shape[1] * _BEFORE_BY_HOST[measure] + len(tally.gained) * _BEFORE_BY_EXCHANGE[measure]
    values[_BEFORE[measure] + named + member] = value


@kernel
def measure(tally: Tally, values: Floats) -> None:
    """Fill `values` with all summary measures."""
    _put_movement(tally, values)
    _put_timing(tally, values)
    _put_legality(tally, values)
    _put_effort(tally, values)
    for s in range(len(tally.strategies)):
        _put(tally, values, _SURVIVAL, s, tally.strategies[s])


@kernel
def _put_movement(tally: Tally, values: Floats) -> None:
    """What stopped, and where the rest went."""
    modes, hosts = tally.modes, tally.hosts
    _put(tally, values, _SUPPRESSION, 0, suppression(modes))
    _put(tally, values, _LEAKAGE, 0, leakage(modes))
    stopped = (traded(modes, BEFORE) - traded(modes, AFTER)) / lost(modes, c.DOMESTIC)
    for mode in (c.OTC, c.OFFSHORE, c.OUTSIDE):
        _put(tally, values, _DISPLACEMENT, mode - c.OTC, stopped if mode == c.OUTSIDE else displacement(modes, mode))
    for j in range(hosts.shape[1]):
        _put(tally, values, _DISPLACEMENT_BY_HOST, j, (hosts[AFTER, j] - hosts[BEFORE, j]) / lost(modes, c.DOMESTIC))
    for mode in (c.OTC, c.OFFSHORE):
        _put(tally, values, _LEAKAGE_FROM, mode - c.OTC, leakage_from(modes, mode))
    least = NEGLIGIBLE * traded(modes, BEFORE)
    for e in range(len(tally.gained)):
        _put(tally, values, _DIVERSION, e, ratio(tally.gained[e], tally.like_lost[e], least))
    _put(tally, values, _CONCENTRATION, 0, concentration(tally.sizes))


@kernel
def _put_timing(tally: Tally, values: Floats) -> None:
    """When it happened."""
    day, path, losses, announced, effective = (
        tally.day, tally.path, tally.losses, tally.dates[ANNOUNCED], tally.dates[EFFECTIVE],
    )  # fmt: skip
    reference, level = tally.modes[BEFORE, c.DOMESTIC], tally.modes[AFTER, c.DOMESTIC]
    _put(tally, values, _HALF_LIFE, 0, half_life(day, path, losses, reference, announced, effective))
    until = time_to_effect(day, path, losses, reference, level, announced, effective, _PART)
    _put(tally, values, _TIME_TO_EFFECT, 0, until)
    _put(tally, values, _REBOUND, 0, rebound(day, path, reference, announced, _YEAR))


@kernel
def _put_legality(tally: Tally, values: Floats) -> None:
    """What is traded outside the law, and what became of applications."""
    volume = traded(tally.modes, AFTER)
    _put(tally, values, _EXPOSURE, 0, ratio(tally.exposed[ANY], volume, 0.0))
    for kind in range(ANY):
        _put(tally, values, _EXPOSURE_BY_KIND, kind, ratio(tally.exposed[kind], volume, 0.0))
    _put(tally, values, _LICENCES_GRANTED, 0, tally.events[c.E_GRANTED])
    _put(tally, values, _LICENCE_WAIT, 0, ratio(tally.waits[1], tally.waits[0], 0.0))


@kernel
def _put_effort(tally: Tally, values: Floats) -> None:
    """What it took."""
    cases, suppressed = tally.events[c.E_CASE_OPENED], suppression(tally.modes)
    _put(tally, values, _AGENCY_DAYS, 0, tally.effort[0])
    _put(tally, values, _CASES_OPENED, 0, cases)
    _put(tally, values, _CASES_PER_POINT, 0, cases / (100.0 * suppressed) if suppressed > NEGLIGIBLE else math.nan)
    _put(tally, values, _BLOCKED_SITES, 0, tally.sites[0])
