"""What can be explored of a scenario: its policies with their interventions and how far these can move; measures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sim.plot.plotted_quantity import quantity_of, share_of
from sim.plot.style import capital, readable
from sim.plot.wording import intervention_label, policy_labels
from sim.results.own_measures import SERIES
from sim.scenario.policy import dates
from sim.scenario.policy.interventions import Intervention, Rule
from sim.scenario.policy.policy import Policy, dates_of, ladder
from sim.scenario.scenario import Scenario
from sim.scenario.values.calendar import moment
from sim.schedule.expand import expand
from sim.study.jobs.measure_reader import measure_names
from sim.study.study import BASELINE

STRENGTHS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0)
"""How many times as strong an intervention can be made."""
FIRST_MEASURES = ("leakage", "suppression")
"""The measure that is looked at first: the first of these that the scenario has."""
FIRST_MODE = "otc"

_Days = tuple[str, int, int]
"""The day on which something begins, and how many days it can move back and on."""


def subject_of(scenario: Scenario) -> dict[str, Any]:
    """What a front end needs to know of a scenario, for JSON."""
    labels = policy_labels(scenario, scenario.policies)
    measures = [name for name in measure_names(scenario) if ":" not in name]
    return {
        "name": scenario.name,
        "description": scenario.description or "",
        "policies": [
            {"id": name, "label": labels[name], "description": policy.description, "items": _items(scenario, policy)}
            for name, policy in scenario.policies.items()
        ],
        "measures": [_measure(name) for name in measures],
        "modes": [{"id": mode, "label": capital(share_of(mode).name)} for mode in SERIES],
        "strengths": STRENGTHS,
        "first": {
            "policy": BASELINE,
            "measure": next((name for name in FIRST_MEASURES if name in measures), measures[0]),
            "mode": FIRST_MODE,
        },
    }


def _measure(name: str) -> dict[str, str]:
    quantity = quantity_of(name)
    return {"id": name, "label": capital(quantity.name), "meaning": quantity.definition}


def _items(scenario: Scenario, policy: Policy) -> list[dict[str, Any]]:
    """Interventions by date, those without one first, then rules and what is on their ladders."""
    on_ladders = [item for rule in policy.rules for item in ladder(rule)]
    strong = _with_strength(scenario, policy, [item.id for item in (*policy.interventions, *on_ladders)])
    dated = [_intervention(item, item.id in strong, _range(scenario, item)) for item in policy.interventions]
    return [
        *sorted(dated, key=lambda item: item["begins"]),
        *(_item(rule, capital(readable(rule.id)), "rule", False, _range(scenario, rule)) for rule in policy.rules),
        *(_intervention(item, item.id in strong, None) for item in on_ladders),
    ]


def _with_strength(scenario: Scenario, policy: Policy, names: list[str]) -> set[str]:
    """Ids of the interventions that a greater intensity makes another; a plain order to close is not."""
    if not names:
        return set()
    both = [_scheduled(scenario, each) for each in (policy, policy.strengthen(names, STRENGTHS[0]))]
    return {name for name in names if both[0][name] != both[1][name]}


def _scheduled(scenario: Scenario, policy: Policy) -> Mapping[str, object]:
    changed = scenario.model_copy(update={"policies": {BASELINE: policy}})
    return {item.id: item for item in expand(changed, BASELINE).interventions}


def _intervention(item: Intervention, strong: bool, days: _Days | None) -> dict[str, Any]:
    return _item(item, capital(intervention_label(item)), readable(item.kind), strong, days)


def _item(item: Intervention | Rule, label: str, kind: str, strong: bool, days: _Days | None) -> dict[str, Any]:
    begins, low, high = days or ("", 0, 0)
    about = {"id": item.id, "label": label, "kind": kind, "source": str(item.source or "")}
    return about | {"begins": begins, "low": low, "high": high, "strong": strong}


def _range(scenario: Scenario, item: Intervention | Rule) -> _Days | None:
    """The day on which it begins, and by how many days it can move within the scenario; None without a date."""
    own = dates_of(item)
    begin = dates.begin(own) or own.get("starts") or next(iter(own.values()), None)
    if not isinstance(begin, datetime | timedelta):
        return None
    at = moment(begin, scenario.start)
    low, high = (scenario.start - at).days, (scenario.end - at).days
    return at.date().isoformat(), min(low + 1, 0), max(high - 1, 0)
