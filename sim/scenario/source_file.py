"""Where a scenario came from, so that a run of it can be made again from the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator

from sim.scenario.document.tree import Node
from sim.scenario.fields import ScenarioFields, tree_of
from sim.scenario.reading.overrides import OVERRIDE
from sim.scenario.scenario import IN_PYTHON


def file_of(scenario: ScenarioFields, policy: str) -> str | None:
    """The file that describes a policy and its world as they are; None if they were made or changed outside of it."""
    root = tree_of(scenario)
    if root is None or not os.path.isfile(root.position.file):
        return None
    world = root.without_entries("policies")
    files = {*_files(world), *_files(root.entries["policies"].entries[policy])}
    return None if files & {IN_PYTHON, OVERRIDE} else root.position.file


def _files(node: Node) -> Iterator[str]:
    yield node.position.file
    for _, part in node.parts:
        yield from _files(part)
