"""When the rules of adaptive policies fired, and in how many replications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.planned import days_of, end_of, start_of
from sim.plot.gather.studied import lost, replications
from sim.plot.style import Floats, date_words, listed, percent, readable

if TYPE_CHECKING:
    from sim.study.study import Study


BINS = 60
"""Bars that would fill the whole scenario."""


@dataclass(frozen=True)
class Rung:
    """One step of a rule's ladder: `days` (fired,) on which it came, in matplotlib days, in `n` replications.

    `bars` (k, 2): dates, and the share of replications in which it came about then; the shares add up to `share`.
    """

    policy: str
    rule: str
    step: int
    words: str
    days: Floats
    bars: Floats
    n: int

    @property
    def share(self) -> float:
        """Share of replications in which it came."""
        return len(self.days) / self.n if self.n else 0.0

    @property
    def middle(self) -> float:
        """Median day of the replications in which it came."""
        return float(np.median(self.days)) if len(self.days) else np.nan


@dataclass(frozen=True)
class Pathways:
    """All rungs by policy, rule and step; the axis goes from `start` to `end` in matplotlib days.

    A bar takes together what came within `width` days; `tallest` is its largest share.
    """

    rungs: tuple[Rung, ...]
    start: float
    end: float
    width: float
    tallest: float
    title: str
    notes: tuple[str, ...]


def gather_pathways(study: Study) -> Pathways:
    """Days of firing of all rules of all policies. Raises ValueError if no policy has a rule."""
    start, end = start_of(study.scenario), end_of(study.scenario)
    width = (end - start) / BINS
    rungs = tuple(rung for policy in study.policies for rung in _rungs(study, policy, width))
    if not rungs:
        raise ValueError("no policy of this study has adaptive rules")
    known = np.concatenate([rung.days for rung in rungs])
    first = max(start, float(known.min()) - 0.08 * (end - float(known.min()))) if len(known) else start
    tallest = max((float(rung.bars[:, 1].max()) for rung in rungs if len(rung.bars)), default=0.0)
    notes = (
        f"Height: share of {replications(study)} in which the step came about that date, {percent(tallest)} at the "
        "most. Triangles: medians. Medians and the dates between which nine tenths lie are of those in which it came.",
        *lost(study),
    )
    return Pathways(rungs, first, end, width, tallest, finding(rungs), notes)


def finding(rungs: tuple[Rung, ...]) -> str:
    """How often the first steps came, and how far the ladders were climbed."""
    first = [rung for rung in rungs if rung.step == 0]
    if not any(len(rung.days) for rung in rungs):
        return "No rule fired in any replication"
    if all(rung.share == 1 for rung in rungs):
        last = max(rungs, key=lambda rung: rung.middle)
        return (
            f"Every rule went to the top of its ladder in all replications, the last by {date_words(np.max(last.days))}"
        )
    several = len({rung.policy for rung in rungs}) > 1
    told = [_told(rung, rungs, f" ({rung.policy})" if several else "") for rung in first[:2]]
    return "; ".join(told) + (f"; and {len(first) - 2} more" if len(first) > 2 else "")


def _told(first: Rung, rungs: tuple[Rung, ...], whose: str) -> str:
    top = [rung for rung in rungs if (rung.policy, rung.rule) == (first.policy, first.rule)][-1]
    words = f"{first.rule}{whose} fired in {percent(first.share)} of replications"
    return words if top is first else f"{words}, to its last step in {percent(top.share)}"


def _rungs(study: Study, policy: str, width: float) -> Iterator[Rung]:
    """The steps that the rules of a policy have; arrays of several rules are as wide as the longest ladder."""
    results, rules = study.results[policy], {rule.id: rule for rule in study.scenario.policies[policy].rules}
    done = ~np.isnan(results.measures).all(axis=1)
    for a, name in enumerate(results.rules):
        for step, items in enumerate(rules[name].steps):
            days = results.fired[done, a, step]
            days = days_of(study.scenario, days[~np.isnan(days)])
            words = listed([readable(item.id) for item in items]) if items else "nothing"
            yield Rung(policy, name, step, words, days, _bars(days, width, int(done.sum())), int(done.sum()))


def _bars(days: Floats, width: float, n: int) -> Floats:
    """Dates in groups no wider than so many days, each at its mean, with its share of n, (k, 2)."""
    group = np.floor((days - days.min(initial=np.inf)) / width)
    found = [days[group == each] for each in np.unique(group)]
    return np.array([(some.mean(), len(some) / n) for some in found]).reshape(-1, 2)
