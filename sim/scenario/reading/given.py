"""Policies made in Python, checked against the world of a scenario as those in its file are."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sim.scenario.checks.lint import lint
from sim.scenario.document.tree import Node, Position, planted
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.policy.policy import Policy
from sim.scenario.reading.compose import compose
from sim.scenario.reading.defaults import filled
from sim.scenario.reading.load import Source, checked, source, written
from sim.scenario.scenario import Scenario
from sim.scenario.values.units import show

HERE = "with_policies"
"""What stands for the file in messages."""


def with_policies(scenario: Scenario, policies: Mapping[str, Policy]) -> Scenario:
    """See `Scenario.with_policies`."""
    problems = list(_unfit(scenario, policies))
    if problems:
        raise ScenarioError(problems)
    at = Position(HERE)
    root = _tree(scenario)
    trees = {name: planted(policy.model_dump(mode="json", exclude_unset=True), at) for name, policy in policies.items()}
    extended = checked(_with(root, trees), source=_extended(source(scenario), trees))
    for problem in lint(extended):
        if problem.file == HERE and problem.code == "horizon":
            warnings.warn(f"{problem.path}: {problem.message}", stacklevel=3)
    return extended


def _unfit(scenario: Scenario, policies: Mapping[str, Policy]) -> Iterator[Problem]:
    for name, policy in policies.items():
        if not isinstance(policy, Policy):
            said = f"must be a Policy, such as scenario.policies['baseline'].without('id'), not {show(policy)}"
            yield Problem(HERE, 0, 0, f"policies.{name}", said, "value")
        elif name == "baseline" and policy != scenario.policies[name]:
            yield Problem(HERE, 0, 0, "policies.baseline", "stays as it is; give the policy another name", "policy")


def with_changes(scenario: Scenario, name: str, policy: Mapping[str, object]) -> Policy:
    """A policy written as in a file, `{"extends": "baseline", "delay": {"payments": "30 d"}}`.

    Raises ScenarioError with everything that is wrong in it.
    """
    root = _tree(scenario)
    try:
        tree = planted(dict(policy), Position(name))
    except ValueError as error:
        raise ScenarioError([Problem(name, 0, 0, f"policies.{name}", str(error), "value")]) from None
    composed, problems = compose(_with(root, {name: tree}))
    return checked(filled(composed, Scenario), problems).policies[name]


def _with(root: Node, policies: Mapping[str, Node]) -> Node:
    """A tree with more policies, or others in their place."""
    return root.having({"policies": replace(root, value={**root.entries["policies"].entries, **policies})})


def _extended(source: Source | None, policies: Mapping[str, Node]) -> Source | None:
    return None if source is None else (_with(source[0], policies), source[1])


def _tree(scenario: Scenario) -> Node:
    """The tree of a scenario, as it was loaded or as it would be written."""
    return written(scenario) or planted(scenario.model_dump(mode="json", by_alias=True), Position(scenario.name))
