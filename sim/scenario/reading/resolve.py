"""The last steps from a tree to one that can be validated: values set, policies composed, defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.document.model_types import Shape, defaults_of, step_into
from sim.scenario.document.tree import Node, from_plain, merge
from sim.scenario.document.yaml_tree import check_size
from sim.scenario.errors import Problem
from sim.scenario.fields import ScenarioFields
from sim.scenario.reading.extended_policies import compose
from sim.scenario.reading.overrides import overriding, set_all


def resolved(root: Node, overrides: Mapping[str, object]) -> tuple[Node, list[Problem]]:
    """The tree with values set by path, policies composed and defaults filled in, and what is wrong so far.

    A value in a policy is set when that policy is composed and before those that build on it, which so follow it.
    """
    values, problems = overriding(overrides)
    late = {path: value for path, value in values.items() if _is_composed(root, path)}
    root, wrong = set_all(root, {path: value for path, value in values.items() if path not in late})
    problems += wrong

    def with_own_values(name: str, policy: Node) -> Node:
        own = {path: value for path, value in late.items() if path.split(".")[1] == name}
        alone, wrong = set_all(root.with_entries({"policies": Node({name: policy}, policy.position)}), own)
        problems.extend(wrong)
        return alone.entries["policies"].entries[name]

    root, wrong = compose(root, with_own_values if late else None)
    check_size(root)
    return with_defaults(root), [*problems, *wrong]


def with_defaults(node: Node, shape: Shape = ScenarioFields) -> Node:
    """The tree with each mapping laid over the default that its model has for it.

    `economics: {take: {otc: 0.005}}` keeps the other modes. What the file does not mention stays unwritten.
    """
    if isinstance(node.value, tuple):
        items = tuple(with_defaults(item, step_into(shape, index)) for index, item in enumerate(node.value))
        return Node(items, node.position, node.key)
    if not isinstance(node.value, dict):
        return node
    beneath = {name: from_plain(data, node.position) for name, data in defaults_of(shape).items() if name in node.value}
    entries = node.value | {name: merge(default, node.value[name]) for name, default in beneath.items()}
    filled = {name: with_defaults(entry, step_into(shape, name)) for name, entry in entries.items()}
    return Node(filled, node.position, node.key)


def _is_composed(root: Node, path: str) -> bool:
    """Whether a path leads into a policy that extends another."""
    block, name, *_ = [*path.split("."), ""]
    policies = root.child(block) if block == "policies" else None
    policy = policies.child(name) if policies else None
    return policy is not None and "extends" in policy.entries
