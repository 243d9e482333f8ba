"""What somebody asks of the explorer: a policy with some interventions moved, weakened or left out, and a measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml

from sim.results.own_measures import SERIES
from sim.scenario.policy.interventions import Intervention
from sim.scenario.policy.policy import Policy, items_by_id
from sim.scenario.scenario import Scenario
from sim.study.jobs.measure_reader import measure_names
from sim.study.study import BASELINE
from sim.suggest import did_you_mean

EXPLORED = "explored"
"""What the policy is called that a question describes, unless the scenario has one of that name."""
_MOST_DAYS = 36_525
_DIGITS = 6  # of an intensity


@dataclass(frozen=True)
class Change:
    """What is done to an intervention or a rule: left out, or moved by whole days and made so many times as strong."""

    on: bool = True
    days: int = 0
    strength: float = 1.0


@dataclass(frozen=True)
class Question:
    """A policy of the scenario with changes by id; the measure and the mode that are looked at."""

    policy: str
    measure: str
    mode: str
    changes: Mapping[str, Change] = field(default_factory=dict)

    @property
    def is_baseline(self) -> bool:
        """Whether it is the baseline itself that is asked for."""
        return self.policy == BASELINE and not self.changes


def read_question(plain: object, scenario: Scenario) -> Question:
    """The question that a front end sends: `policy`, `measure`, `mode`, `changes` by id (`on`, `days`, `strength`).

    Changes that change nothing are left out. Raises ValueError, in one sentence, for what the scenario has not.
    """
    if not isinstance(plain, dict) or not isinstance(changes := plain.get("changes", {}), dict):
        raise ValueError("a question is a mapping with policy, measure, mode and changes")
    policy = _known(plain.get("policy", BASELINE), "policy", scenario.policies)
    measure = _known(plain.get("measure"), "measure", measure_names(scenario))
    mode = _known(plain.get("mode"), "mode", SERIES)
    items = items_by_id(scenario.policies[policy])
    read = {_known(name, "intervention or rule", items): _change(name, change) for name, change in changes.items()}
    return Question(policy, measure, mode, {name: change for name, change in read.items() if change != Change()})


def _known(name: object, what: str, names: Any) -> str:
    if not isinstance(name, str) or name not in names:
        raise ValueError(f"no {what} called {name}{did_you_mean(str(name), names)}")
    return name


def _change(name: str, plain: object) -> Change:
    if not isinstance(plain, dict):
        raise ValueError(f"{name}: a change is a mapping with on, days and strength")
    on, days, strength = plain.get("on", True), plain.get("days", 0), plain.get("strength", 1.0)
    if not isinstance(on, bool):
        raise ValueError(f"{name}: on is true or false, not {on!r}")
    if not isinstance(days, int) or isinstance(days, bool) or abs(days) > _MOST_DAYS:
        raise ValueError(f"{name}: {days!r} is not a number of whole days by which it can move")
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not (isfinite(strength) and strength > 0):
        raise ValueError(f"{name}: {strength!r} is not a strength above 0; take it out instead")
    return Change(on, days, float(strength)) if on else Change(on)


def name_of_explored(scenario: Scenario) -> str:
    """A name for the explored policy that no policy of the scenario has."""
    names = (EXPLORED, *(f"{EXPLORED}_{number}" for number in range(2, len(scenario.policies) + 3)))
    return next(name for name in names if name not in scenario.policies)


def written_policy(question: Question, policy: Policy) -> dict[str, Any]:
    """The policy asked for as a file writes it: what it extends and what it changes."""
    items, changes = items_by_id(policy), question.changes
    dropped = [name for name, change in changes.items() if not change.on]
    stronger = {
        name: {"intensity": float(f"{_intensity(items[name]) * change.strength:.{_DIGITS}g}")}
        for name, change in changes.items()
        if change.strength != 1.0
    }
    moved = {name: f"{change.days} d" for name, change in changes.items() if change.days}
    written = {"extends": question.policy, "drop": dropped, "change": stronger, "delay": moved}
    return {key: value for key, value in written.items() if value}


def _intensity(item: object) -> float:
    if not isinstance(item, Intervention):
        raise ValueError(f"{getattr(item, 'id', item)}: a rule has no strength; those of its interventions can change")
    return item.intensity


def yaml_of(name: str, written: Mapping[str, Any]) -> str:
    """The policy as it is pasted under `policies:` of a scenario file, where entries begin after two blanks."""
    policy = {name: dict(written)}
    text = yaml.safe_dump(policy, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    return "".join(f"  {line}\n" for line in text.splitlines())
