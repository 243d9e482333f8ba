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


@dataclass(frozen=True)
class Rung:
    """One step of a rule's ladder: `days` (fired,) on which it came, in matplotlib days, in `n` replications."""

    policy: str
    rule: str
    step: int
    words: str
    days: Floats
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
    """All rungs by policy, rule and step; the axis goes from `start` to `end` in matplotlib days."""

    rungs: tuple[Rung, ...]
    start: float
    end: float
    title: str
    notes: tuple[str, ...]


def gather_pathways(study: Study) -> Pathways:
    """Days of firing of all rules of all policies. Raises ValueError if no policy has a rule."""
    rungs = tuple(rung for policy in study.policies for rung in _rungs(study, policy))
    if not rungs:
        raise ValueError("no policy of this study has adaptive rules")
    known = np.concatenate([rung.days for rung in rungs])
    start, end = start_of(study.scenario), end_of(study.scenario)
    first = max(start, float(known.min()) - 0.08 * (end - float(known.min()))) if len(known) else start
    notes = (
        f"Height: share of {replications(study)} in which the step came on that date. "
        "Medians and the dates between which nine tenths lie are of those in which it came.",
        *lost(study),
    )
    return Pathways(rungs, first, end, finding(rungs), notes)


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
    told = [_told(rung, rungs) for rung in first[:3]]
    return f"{listed(told)}{'' if len(first) <= 3 else f', and {len(first) - 3} more rules'}"


def _told(first: Rung, rungs: tuple[Rung, ...]) -> str:
    top = [rung for rung in rungs if (rung.policy, rung.rule) == (first.policy, first.rule)][-1]
    words = f"{first.rule} fired in {percent(first.share)} of replications"
    return words if top is first else f"{words} (to its last step in {percent(top.share)})"


def _rungs(study: Study, policy: str) -> Iterator[Rung]:
    """The steps that the rules of a policy have; arrays of several rules are as wide as the longest ladder."""
    results, rules = study.results[policy], {rule.id: rule for rule in study.scenario.policies[policy].rules}
    done = ~np.isnan(results.measures).all(axis=1)
    for a, name in enumerate(results.rules):
        for step, items in enumerate(rules[name].steps):
            days = results.fired[done, a, step]
            words = listed([readable(item.id) for item in items]) if items else "nothing"
            yield Rung(policy, name, step, words, days_of(study.scenario, days[~np.isnan(days)]), int(done.sum()))
