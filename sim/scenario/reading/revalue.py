"""A scenario with some values replaced after it was loaded, for many such scenarios from one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sim.scenario.checks.references import check_references
from sim.scenario.document.tree import Node, Position, planted
from sim.scenario.errors import ScenarioError
from sim.scenario.policy.kinds import builtin_kinds
from sim.scenario.reading.defaults import filled
from sim.scenario.reading.load import from_source, remember, set_all, source, validated, written
from sim.scenario.reading.overrides import overriding
from sim.scenario.scenario import Scenario

_CHECKED = frozenset({"policies", "uncertainties"})
"""Large blocks that were checked when they came, and are not again where no value in them is replaced."""


def with_values(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """See `Scenario.with_values`."""
    known = source(scenario)
    if known is not None and any(path.split(".")[0] == "policies" for path in values):
        return from_source(known[0], {**known[1], **values})
    nodes, problems = overriding(values)
    root = set_all(_tree(scenario), nodes, problems)
    if any(node.entries or node.items for node in nodes.values()):
        root = filled(root, Scenario)
    kept = _CHECKED.difference(path.split(".")[0] for path in values)
    found = validated(root.having({name: _least(root, name) for name in kept if name in root.entries}), problems)
    problems += check_references(root, frozenset(builtin_kinds()))
    if found is None or problems:
        raise ScenarioError(problems)
    found = found.model_copy(update={name: getattr(scenario, name) for name in kept})
    return remember(found, root, None if known is None else (known[0], {**known[1], **values}))


def check_paths(scenario: Scenario, paths: Iterable[str]) -> None:
    """Raise ScenarioError for paths that lead nowhere in a scenario."""
    nodes, problems = overriding(dict.fromkeys(paths))
    set_all(_tree(scenario), nodes, problems)
    if problems:
        raise ScenarioError(problems)


def _tree(scenario: Scenario) -> Node:
    return written(scenario) or planted(scenario.model_dump(mode="json", by_alias=True), Position(scenario.name))


def _least(root: Node, block: str) -> Node:
    """The least that a block may hold."""
    empty = replace(root, value={})
    return replace(root, value={"baseline": empty}) if block == "policies" else empty
