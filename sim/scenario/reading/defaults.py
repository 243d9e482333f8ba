"""Defaults beneath partial mappings, so that naming one part of a default does not drop the others."""

from __future__ import annotations

from dataclasses import replace

from sim.scenario.document.model_types import Shape, defaults_of, step_into
from sim.scenario.document.tree import Node, merge, planted


def filled(node: Node, shape: Shape) -> Node:
    """The tree with each mapping laid over the default that its model has for it.

    `economics: {take: {otc: 0.005}}` keeps the other modes. What the file does not mention stays unwritten.
    """
    if isinstance(node.value, tuple):
        items = tuple(filled(item, step_into(shape, place)) for place, item in enumerate(node.value))
        return replace(node, value=items)
    if not isinstance(node.value, dict):
        return node
    beneath = {name: planted(data, node.at) for name, data in defaults_of(shape).items() if name in node.value}
    entries = node.value | {name: merge(default, node.value[name]) for name, default in beneath.items()}
    return replace(node, value={name: filled(entry, step_into(shape, name)) for name, entry in entries.items()})
