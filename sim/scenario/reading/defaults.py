"""Defaults beneath partial mappings, so that naming one part of a default does not drop the others."""

from __future__ import annotations

from dataclasses import replace

from sim.scenario.document.model_types import Shape, defaults_of, step_into
from sim.scenario.document.tree import Node, from_plain, merge


def with_defaults(node: Node, shape: Shape) -> Node:
    """The tree with each mapping laid over the default that its model has for it.

    `economics: {take: {otc: 0.005}}` keeps the other modes. What the file does not mention stays unwritten.
    """
    if isinstance(node.value, tuple):
        items = tuple(with_defaults(item, step_into(shape, index)) for index, item in enumerate(node.value))
        return replace(node, value=items)
    if not isinstance(node.value, dict):
        return node
    beneath = {name: from_plain(data, node.position) for name, data in defaults_of(shape).items() if name in node.value}
    entries = node.value | {name: merge(default, node.value[name]) for name, default in beneath.items()}
    return replace(node, value={name: with_defaults(entry, step_into(shape, name)) for name, entry in entries.items()})
