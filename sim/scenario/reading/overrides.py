"""Values set by a dotted path in which items of lists go by their id: `segments.retail.switching`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sim.scenario.document.model_types import Shape, defaults_of, fields, names, step_into
from sim.scenario.document.tree import Node, Position, from_plain
from sim.scenario.errors import Problem
from sim.scenario.fields import ScenarioFields, tree_of
from sim.suggest import meant_or_listed

OVERRIDE = "override"
"""What stands for the file in messages."""
IN_PYTHON = "with_policies"
"""The same, of policies made in Python."""


def set_all(root: Node, values: Mapping[str, Node]) -> tuple[Node, list[Problem]]:
    """The tree of a scenario with values set by path, and a problem, at the key of the value, where one leads nowhere.

    A value that the file leaves to its default can be set too.
    """
    problems: list[Problem] = []
    for path, value in values.items():
        try:
            if "" in (steps := path.split(".")):
                raise LookupError("write it as segments.retail.switching")
            root = _set(root, ScenarioFields, steps, value)
        except LookupError as error:
            message = f"leads nowhere: {error.args[0]}{_with_block(root, path)}"
            problems.append((value.key or value.position).problem(message, "path", path))
    return root, problems


def overriding(overrides: Mapping[str, object]) -> tuple[dict[str, Node], list[Problem]]:
    """Plain values as nodes, with `override` for their file, and a problem for each that a file could not hold."""
    at = Position(OVERRIDE)
    values: dict[str, Node] = {}
    problems: list[Problem] = []
    for path, value in overrides.items():
        try:
            values[path] = replace(from_plain(value, at), key=at)
        except ValueError as error:
            problems.append(at.problem(str(error), "value", path))
    return values, problems


def following(scenario: ScenarioFields, values: Mapping[str, object]) -> dict[str, object]:
    """Values by path, and those of a policy also for the policies given in Python that say the same there.

    A policy made in Python is complete and no longer says what it was made of. Were only the original to take a value
    that is varied, the two would differ by more than what was changed between them.
    """
    tree = tree_of(scenario)
    policies = {} if tree is None else tree.entries["policies"].entries
    given_in_python = [name for name, policy in policies.items() if policy.position.file == IN_PYTHON]
    found: dict[str, object] = {}
    for path, value in values.items():
        block, _, rest = path.partition(".")
        name, _, inside = rest.partition(".")
        if block != "policies" or not inside or name not in scenario.policies:
            continue
        own = list(_values_at(scenario.policies[name], inside))
        for other in given_in_python:
            if own and other != name and list(_values_at(scenario.policies[other], inside)) == own:
                found[f"policies.{other}.{inside}"] = value
    return {**found, **values}


def _values_at(item: object, inside: str) -> Iterator[object]:
    """The value at a path in a policy; nothing if it has no such intervention."""
    for step in inside.split("."):
        if isinstance(item, tuple):
            found = [each for each in item if getattr(each, "id", None) == step]
            if not found:
                return
            item = found[0]
        else:
            item = item.get(step) if isinstance(item, Mapping) else getattr(item, step, None)
    yield item


def _set(node: Node, shape: Shape, steps: list[str], value: Node) -> Node:
    if not steps:
        return replace(value, key=node.key or value.key)
    step, *rest = steps
    if isinstance(node.value, tuple):
        index = _index_of(node, step)
        item = _set(node.items[index], step_into(shape, index), rest, value)
        return replace(node, value=(*node.items[:index], item, *node.items[index + 1 :]))
    if not isinstance(node.value, dict):
        raise LookupError(f"there is nothing inside a value, so no {step}")
    child = node.child(step) or _unwritten(node, shape, step, rest, value)
    return node.with_entries({step: _set(child, step_into(shape, step), rest, value)})


def _index_of(node: Node, step: str) -> int:
    """The index in a list of the item with this id, or with this number."""
    known = [item.item_id for item in node.items]
    if step in known:
        return known.index(step)
    if step.isdecimal() and int(step) < len(known):
        return int(step)
    raise LookupError(f"no {step} there{meant_or_listed(step, sorted(name for name in known if name))}")


def _unwritten(node: Node, shape: Shape, step: str, rest: list[str], value: Node) -> Node:
    """What stands for an entry that the file does not write, so that a part of it can be set."""
    known = names(shape)
    if known is None or step not in known:
        raise LookupError(f"no {step} there{meant_or_listed(step, sorted({*(known or ()), *node.entries}))}")
    at = value.key or value.position
    if not rest:
        return Node(None, at)
    inner = step_into(shape, step)
    if not fields(inner) and names(inner) is None and step not in defaults_of(shape):
        raise LookupError(f"{step} is not given, so there is no {rest[0]} in it")
    return from_plain(defaults_of(shape).get(step, {}), at)


def _with_block(root: Node, path: str) -> str:
    """A suggestion for a path that leaves out the block: `segments.retail` for `retail`."""
    first = path.split(".")[0]
    blocks = [name for name, block in root.entries.items() if first in {item.item_id for item in block.items}]
    return f" (did you mean {blocks[0]}.{path}?)" if blocks and first not in root.entries else ""
