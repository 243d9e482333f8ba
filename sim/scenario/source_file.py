"""Where a scenario came from, so that a run of it can be made again from the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator

from sim.scenario.document.tree import Node
from sim.scenario.reading.given import HERE
from sim.scenario.reading.load import written
from sim.scenario.reading.overrides import OVERRIDE
from sim.scenario.scenario import Scenario


def origin(scenario: Scenario, policy: str) -> str | None:
    """The file that describes a policy and its world as they are; None if they were made or changed outside of it."""
    root = written(scenario)
    if root is None or not os.path.isfile(root.at.file):
        return None
    world = root.lacking("policies")
    files = {*_files(world), *_files(root.entries["policies"].entries[policy])}
    return None if files & {HERE, OVERRIDE} else root.at.file


def _files(node: Node) -> Iterator[str]:
    yield node.at.file
    for _, part in node.parts:
        yield from _files(part)
