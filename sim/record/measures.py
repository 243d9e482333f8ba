"""The summary measures of a run: name, unit, meaning, and how each is computed.

Measures compare the end of a run with its own beginning. The reference is the mean over the records before
the first announcement, within the first 30 days; the end is the mean over the last 30 days. Volumes are at
constant demand (`outcomes.focal_volume`): turnover and growth from outside do not count. What is not defined
is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.codes import STRATEGIES
from sim.record import outcomes
from sim.record.observed import Observed, happened, observe

if TYPE_CHECKING:
    from sim.record.run import Run

Values = float | Mapping[str, float]
"""One value, or one for each member."""


@dataclass(frozen=True)
class Measure:
    """A summary measure. One with members yields several values, named `name:member`; `{}` is the member."""

    name: str
    unit: str
    meaning: str
    compute: Callable[[Observed], Values]


_MEASURES: dict[str, Measure] = {}
MEASURES: Mapping[str, Measure] = _MEASURES
"""The summary measures by name, in the order in which people read them."""


def measure(run: Run, *, reference_days: float = 30.0, final_days: float = 30.0) -> dict[str, float]:
    """All summary measures of a run by name.

    `reference_days`: length of the window at the start, which ends earlier if something is announced in it
    (the first record if nothing comes before). `final_days`: length of the window at the end.
    """
    observed = observe(run, reference_days, final_days)
    values: dict[str, float] = {}
    for name, item in MEASURES.items():
        result = item.compute(observed)
        named = {f"{name}:{key}": result[key] for key in result} if isinstance(result, Mapping) else {name: result}
        values |= {key: float(value) for key, value in named.items()}
    return values


def describe(name: str) -> Measure:
    """Unit and meaning of a measure or of one of its members. Raises KeyError for a name that is neither."""
    item, _, member = name.partition(":")
    return replace(MEASURES[item], name=name, meaning=MEASURES[item].meaning.format(member))


def _measure(unit: str) -> Callable[[Callable[[Observed], Values]], Callable[[Observed], Values]]:
    """Enter a function among the measures; its name and its docstring are what people read."""

    def enter(compute: Callable[[Observed], Values]) -> Callable[[Observed], Values]:
        meaning = str(compute.__doc__).rstrip(".")
        _MEASURES[compute.__name__] = Measure(compute.__name__, unit, meaning, compute)
        return compute

    return enter


@_measure("fraction")
def suppression(o: Observed) -> float:
    """Part of the focal volume of the start that has stopped trading."""
    return outcomes.suppression(o.volume, o.before, o.after)


@_measure("fraction")
def leakage(o: Observed) -> float:
    """What OTC and offshore venues gained, per unit that domestic venues lost (waterbed)."""
    return outcomes.leakage(o.volume, o.before, o.after)


@_measure("fraction")
def displacement(o: Observed) -> Mapping[str, float]:
    """Part of what left domestic venues that went here: {}."""
    return _named(("otc", "offshore", "outside"), outcomes.displacement(o.volume, o.before, o.after))


@_measure("fraction")
def displacement_by_host(o: Observed) -> Mapping[str, float]:
    """Part of what left domestic venues that went to offshore venues in {}."""
    places = o.labels("jurisdiction")
    parts = outcomes.displacement_by_host(o.volume, o.values("host"), len(places), o.before, o.after)
    return _named(places, parts)


@_measure("days")
def half_life(o: Observed) -> float:
    """From the first effect until domestic volume has halved (negative: before it)."""
    return outcomes.half_life(o.day, o.domestic, o.before, o.announced, o.effective)


@_measure("days")
def time_to_effect(o: Observed) -> float:
    """From the first effect until domestic volume has gone 90 % of the way to its level at the end."""
    return outcomes.time_to_effect(o.day, o.domestic, o.before, o.after, o.announced, o.effective)


@_measure("fraction")
def rebound(o: Observed) -> float:
    """Part of the greatest loss of domestic volume that is regained within a year."""
    return outcomes.rebound(o.day, o.domestic, o.before, o.announced)


@_measure("index")
def concentration(o: Observed) -> float:
    """Herfindahl-Hirschman index of focal volume over exchanges at the end (1: one has all)."""
    return outcomes.concentration(o.volume, o.after)


@_measure("fraction")
def exposure(o: Observed) -> float:
    """Part of the focal volume at the end on unlicensed or disguised venues, or behind a site block."""
    return outcomes.part_on(o.volume, np.logical_or.reduce(list(o.exposed.values())), o.after)


@_measure("fraction")
def exposure_by_kind(o: Observed) -> Mapping[str, float]:
    """Part of the focal volume at the end on {} venues."""
    return {kind: outcomes.part_on(o.volume, venues, o.after) for kind, venues in o.exposed.items()}


@_measure("days")
def agency_days(o: Observed) -> float:
    """Days of work that inspectors of all agencies have spent."""
    return float(o.values("agency_days")[-1].sum())


@_measure("cases")
def cases_opened(o: Observed) -> float:
    """Cases that the agencies have opened."""
    return o.count("case-opened")


@_measure("cases/point")
def cases_per_point(o: Observed) -> float:
    """Cases opened per percentage point of suppression."""
    suppressed = outcomes.suppression(o.volume, o.before, o.after)
    return o.count("case-opened") / (100 * suppressed) if suppressed > outcomes.TRIFLE else float("nan")


@_measure("exchanges")
def survival(o: Observed) -> Mapping[str, float]:
    """Exchanges whose strategy at the end is: {}."""
    return _named(STRATEGIES, np.bincount(o.values("strategy")[-1], minlength=len(STRATEGIES)))


@_measure("licences")
def licences_granted(o: Observed) -> float:
    """Licences granted."""
    return o.count("licence-granted")


@_measure("days")
def licence_wait(o: Observed) -> float:
    """Mean time from application to grant, refusal or withdrawal, of the applications that came to one."""
    began = happened(o.run, "application")
    ended = happened(o.run, "licence-granted", "licence-refused", "application-withdrawn")
    rows = o.run.journal[began | ended]
    _, who = np.unique([f"{row.subject} {row.mode}" for row in rows.itertuples()], return_inverse=True)
    day, first, last = rows["day"].to_numpy(), began[began | ended], ended[began | ended]
    return outcomes.mean(outcomes.queue_times(day[first], who[first], day[last], who[last]))


@_measure("sites")
def blocked_sites(o: Observed) -> float:
    """Sites blocked, in all."""
    return float(o.values("blocked_sites")[-1])


def _named(names: Any, values: Any) -> Mapping[str, float]:
    return dict(zip(names, values, strict=True))
