"""What a scenario holds, as tables: entities, policies, parameters with their defaults, ranges and sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.protocols.markdown import table
from sim.scenario.policy.dates import written
from sim.scenario.policy.interventions import Intervention
from sim.scenario.scenario import Scenario
from sim.scenario.value_origin import configured_values

PARAMETERS = ("closing", "demand", "decisions", "beliefs", "enforcement", "applicants", "price")
"""Blocks that hold the parameters of the model."""


def counts(scenario: Scenario) -> dict[str, int]:
    """How many there are of each entity."""
    return {
        "jurisdictions": len(scenario.jurisdictions),
        "segments": len(scenario.segments),
        "exchanges": sum(entry.count for entry in scenario.exchanges),
        "agencies": len(scenario.agencies),
        "offices": len(scenario.offices),
        "policies": len(scenario.policies),
        "interventions of the baseline": len(scenario.policies["baseline"].interventions),
        "adaptive rules of the baseline": len(scenario.policies["baseline"].rules),
        "uncertain values": len(scenario.uncertainties),
    }


def entity_tables(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Heading and table of each sort of entity."""
    yield "Jurisdictions", _table(scenario, "jurisdictions", ("entry_cost", "tax", "hazard", "delay", "appeal"))
    yield "Agencies (capacity and service of cases)", _table(scenario, "agencies", ("capacity", "service"))
    yield "Offices (capacity and service of applications)", _table(scenario, "offices", ("officers", "service"))
    columns = ("home", "volume", "first_day", "switching", "outside", "taste", "liquidity", "habit", "circumvention")
    yield "Segments of traders", _table(scenario, "segments", columns)
    yield "Exchanges", _table(scenario, "exchanges", ("count", "home", "share", "brand", "strategy", "fixed", "enters"))


def policy_tables(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Name with description, and table of the interventions of each policy."""
    for name, policy in scenario.policies.items():
        rows = [_intervention(item) for item in policy.interventions]
        rows += [
            (*_intervention(item)[:-1], f"step {number} of rule {rule.id}")
            for rule in policy.rules
            for number, step in enumerate(rule.steps, start=1)
            for item in step
        ]
        said = f"{name}: {policy.description}" if policy.description else name
        headings = ("intervention", "kind", "by", "announced", "effective", "deadline", "until", "source")
        yield said, table(headings, rows)


def parameter_table(scenario: Scenario) -> str:
    """Every parameter of the model: value, whether it is the default, meaning, and range."""
    rows = []
    for block in PARAMETERS:
        for value in configured_values(scenario, block):
            known = value.field
            default = "default" if known is not None and value.value == known.default else ""
            rows.append((f"`{value.path}`", value.value, default, known.meaning if known else "", value.between))
    return table(("parameter", "value", "", "meaning", "range"), rows)


def range_table(scenario: Scenario) -> str:
    """What is uncertain, its range, and where that comes from."""
    rows = [(f"`{path}`", *one.between, one.source or "") for path, one in scenario.uncertainties.items()]
    return table(("value", "from", "to", "source of the range"), rows)


def source_list(scenario: Scenario) -> list[str]:
    """What the entities, and the interventions of all policies, name as their sources, each once."""
    actors = (scenario.jurisdictions, scenario.agencies, scenario.offices, scenario.segments, scenario.exchanges)
    sources = [entry.source for block in actors for entry in block]
    sources += [item.source for _, item in scenario.all_interventions()]
    return list(dict.fromkeys(filter(None, sources)))


def _table(scenario: Scenario, block: str, columns: tuple[str, ...]) -> str:
    items = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True).get(block, [])
    shown = (*columns, "source")
    rows = [(item.get("id") or item.get("group"), *(_short(item.get(name)) for name in shown)) for item in items]
    return table(("id", *shown), rows)


def _intervention(item: Intervention) -> tuple[str, ...]:
    dates = (_date(item, name) for name in ("announced", "effective", "deadline", "until"))
    return item.id, item.kind, item.by or "", *dates, item.source or ""


def _date(item: Intervention, name: str) -> str:
    when = getattr(item, name)
    return "" if when is None else written(name, when)


def _short(value: Any) -> str:
    """A value on one line, as a file would write it."""
    if isinstance(value, dict):
        if "points" in value:
            days = list(value["points"])
            return f"{len(days)} values, {days[0]} to {days[-1]}"
        return ", ".join(f"{key}: {_short(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_short, value))
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
