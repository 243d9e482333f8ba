"""The summary measures of a run: name, unit, meaning. How each is computed is in `sim.model.outcomes.measures`.

Measures compare the end of a run with its own beginning. The reference is the mean over the records before
the first announcement, within the first 30 days; the end is the mean over the last 30 days. Volumes are at
constant demand (`tally_from_data.focal_volume`): turnover and growth from outside do not count. What is not defined
is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.world.codes import STRATEGIES

if TYPE_CHECKING:
    from sim.results.run import Run

_HOSTS = ("hosts",)  # stands for the names of the jurisdictions


@dataclass(frozen=True)
class Measure:
    """A summary measure. One with members yields several values, named `name:member`; `{}` is the member."""

    name: str
    unit: str
    meaning: str
    members: tuple[str, ...] = ()


_TABLE = (
    Measure("suppression", "fraction", "Part of the focal volume of the start that has stopped trading"),
    Measure(
        "leakage", "fraction", "What OTC and offshore venues gained, per unit that domestic venues lost (waterbed)"
    ),
    Measure(
        "displacement", "fraction", "Part of what left domestic venues that went here: {}",
        ("otc", "offshore", "outside"),
    ),
    Measure(
        "displacement_by_host", "fraction", "Part of what left domestic venues that went to offshore venues in {}",
        _HOSTS,
    ),
    Measure("half_life", "days", "From the first effect until domestic volume has halved (negative: before it)"),
    Measure(
        "time_to_effect", "days",
        "From the first effect until domestic volume has gone 90 % of the way to its level at the end",
    ),
    Measure("rebound", "fraction", "Part of the greatest loss of domestic volume that is regained within a year"),
    Measure(
        "concentration", "index",
        "Herfindahl-Hirschman index of focal volume over exchanges at the end (1: one has all)",
    ),
    Measure(
        "exposure", "fraction",
        "Part of the focal volume at the end on unlicensed or disguised venues, or behind a site block",
    ),
    Measure(
        "exposure_by_kind", "fraction", "Part of the focal volume at the end on {} venues",
        ("unlicensed", "disguised", "blocked"),
    ),
    Measure("agency_days", "days", "Days of work that inspectors of all agencies have spent"),
    Measure("cases_opened", "cases", "Cases that the agencies have opened"),
    Measure("cases_per_point", "cases/point", "Cases opened per percentage point of suppression"),
    Measure("survival", "exchanges", "Exchanges whose strategy at the end is: {}", STRATEGIES),
    Measure("licences_granted", "licences", "Licences granted"),
    Measure(
        "licence_wait", "days",
        "Mean time from application to grant, refusal or withdrawal, of the applications that came to one",
    ),
    Measure("blocked_sites", "sites", "Sites blocked, in all"),
)  # fmt: skip
MEASURES: Mapping[str, Measure] = {item.name: item for item in _TABLE}
"""The summary measures by name, in the order in which people read them."""


def measure_names(jurisdictions: Sequence[str]) -> list[str]:
    """Names of the values in a run's measures, in their order."""
    names: list[str] = []
    for item in _TABLE:
        members = jurisdictions if item.members is _HOSTS else item.members
        names += [f"{item.name}:{member}" for member in members] if item.members else [item.name]
    return names


def measure(run: Run, *, reference_days: float = 30.0, final_days: float = 30.0) -> dict[str, float]:
    """All summary measures of a run by name.

    `reference_days`: length of the window at the start, which ends earlier if something is announced in it
    (the first record if nothing comes before). `final_days`: length of the window at the end.
    """
    from sim.kernels.compile import as_compiled
    from sim.kernels.pointers import share
    from sim.model.outcomes.measures import measure as compute
    from sim.results.tally_from_data import measure_inputs, tally_of

    inputs = measure_inputs(run, reference_days, final_days)
    names = measure_names(inputs.labels("jurisdiction"))
    values = np.full(len(names), np.nan)
    as_compiled(compute)(share(tally_of(inputs)), values)
    return dict(zip(names, values.tolist(), strict=True))


def describe(name: str) -> Measure:
    """Unit and meaning of a measure or of one of its members. Raises KeyError for a name that is neither."""
    item, _, member = name.partition(":")
    return replace(MEASURES[item], name=name, meaning=MEASURES[item].meaning.format(member))
