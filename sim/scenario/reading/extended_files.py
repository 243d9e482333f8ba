"""A file that builds on another: `extends: other.yaml`, with `remove: [path, ...]` for what is not wanted.

`extends` also takes the name of a scenario that comes with the package, without `.yaml`.
"""

from __future__ import annotations

import os
from dataclasses import replace

from sim.scenario.document.tree import Node, merge, problem
from sim.scenario.document.yaml_tree import read_file
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.reading.csv_paths import with_csv_paths
from sim.scenario.shipped import located
from sim.suggest import did_you_mean

LONGEST_CHAIN = 30
"""Most files that may extend one another in a row."""


def inherited(root: Node, folder: str, chain: tuple[str, ...] = ()) -> Node:
    """`root` laid over the files that it extends, all the way down.

    `folder` is what the path under `extends` starts from, `chain` the files on the way here. Raises
    `ScenarioError` for a file that cannot be read, a circle, or something to remove that is not there.
    """
    root = with_csv_paths(_with_long_policies(root), folder)
    parent, unwanted = root.child("extends"), root.child("remove")
    if parent is None:
        if unwanted is not None:
            raise ScenarioError([problem(root, ("remove",), "works only together with `extends`", "extends", key=True)])
        return root
    if not isinstance(parent.value, str):
        raise _unusable(root, "must be the path of one file")
    name = os.path.normpath(located(parent.value, folder))
    if os.path.realpath(name) in map(os.path.realpath, chain):
        raise _unusable(root, f"goes in a circle: {' -> '.join((*chain, name))}")
    if len(chain) > LONGEST_CHAIN:
        raise _unusable(root, f"extends through more than {LONGEST_CHAIN} files")
    base = inherited(_read_parent(root, name), os.path.dirname(name), (*chain, name))
    if unwanted is not None:
        base = _without(base, root, unwanted)
    return merge(base, root.without_entries("extends", "remove"))


def _read_parent(root: Node, name: str) -> Node:
    """Read an extended file; that it cannot be opened is said where it is named."""
    try:
        return read_file(name)
    except ScenarioError as error:
        if any(each.line for each in error.problems):
            raise
        raise _unusable(root, *(f"{name}: {each.message}" for each in error.problems)) from None


def _unusable(root: Node, *messages: str) -> ScenarioError:
    """What is wrong with the file that is extended."""
    return ScenarioError(problem(root, ("extends",), message, "extends") for message in messages)


def _with_long_policies(root: Node) -> Node:
    """A policy that is a bare list is short for its interventions; written out, so that files merge alike."""
    policies = root.child("policies")
    if policies is None:
        return root
    long = {
        name: replace(policy, value={"interventions": replace(policy, key=policy.position)})
        for name, policy in policies.entries.items()
        if isinstance(policy.value, tuple)
    }
    return root.with_entries({"policies": policies.with_entries(long)}) if long else root


def _without(base: Node, root: Node, unwanted: Node) -> Node:
    """`base` less the values whose dotted paths stand under `remove`."""
    problems: list[Problem] = []
    if not isinstance(unwanted.value, tuple):
        problems.append(problem(root, ("remove",), "must be a list such as [exchanges.huobi]", "extends"))
    for index, item in enumerate(unwanted.items):
        try:
            if not isinstance(item.value, str):
                raise LookupError("must be a path such as exchanges.huobi")
            base = _pruned(base, item.value.split("."))
        except LookupError as error:
            problems.append(problem(root, ("remove", index), error.args[0], "extends"))
    if problems:
        raise ScenarioError(problems)
    return base


def _pruned(node: Node, steps: list[str]) -> Node:
    """`node` without what `steps` lead to. Raises LookupError if they lead nowhere."""
    step, *rest = steps
    children = dict(node.parts)
    # An entry goes by its key, an item of a list by its id, or else by its number.
    called = {key if isinstance(key, str) else child.item_id or str(key): key for key, child in children.items()}
    if step not in called:
        raise LookupError(f"no {step} there to remove{did_you_mean(step, called)}")
    if rest:
        children[called[step]] = _pruned(children[called[step]], rest)
    else:
        del children[called[step]]
    if isinstance(node.value, tuple):
        return replace(node, value=tuple(children.values()))
    return replace(node, value={str(key): child for key, child in children.items()})
