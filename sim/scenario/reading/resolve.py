"""The last steps from a tree to one that can be validated: values set, policies composed, defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.document.tree import Node
from sim.scenario.document.yaml_tree import check_size
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.fields import ScenarioFields
from sim.scenario.reading.defaults import with_defaults
from sim.scenario.reading.extended_policies import compose
from sim.scenario.reading.overrides import overriding, set_value


def resolved(root: Node, overrides: Mapping[str, object]) -> tuple[Node, list[Problem]]:
    """The tree with values set by path, policies composed and defaults filled in, and what is wrong so far.

    A value in a policy that extends another is set after composition; any other before, so that the policies
    that build on it follow.
    """
    values, problems = overriding(overrides)
    late = {path: value for path, value in values.items() if _is_composed(root, path)}
    root, wrong_early = set_all(root, {path: value for path, value in values.items() if path not in late})
    root, wrong_policies = compose(root)
    root, wrong_late = set_all(root, late)
    check_size(root)
    return with_defaults(root, ScenarioFields), [*problems, *wrong_early, *wrong_policies, *wrong_late]


def set_all(root: Node, values: Mapping[str, Node]) -> tuple[Node, list[Problem]]:
    """The tree with values set by path, and a problem for each path that leads nowhere."""
    problems: list[Problem] = []
    for path, value in values.items():
        try:
            root = set_value(root, path, value, ScenarioFields)
        except ScenarioError as error:
            problems += error.problems
    return root, problems


def _is_composed(root: Node, path: str) -> bool:
    """Whether a path leads into a policy that extends another."""
    block, name, *_ = [*path.split("."), ""]
    policies = root.child(block) if block == "policies" else None
    policy = policies.child(name) if policies else None
    return policy is not None and "extends" in policy.entries
