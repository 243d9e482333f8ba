"""Ranges for values that nobody knows: each belongs to a value of the scenario, and its ends must fit it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sim.scenario.document.tree import Node, problem
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.fields import ScenarioFields
from sim.scenario.reading.overrides import set_value
from sim.scenario.values import units

_READERS: tuple[Callable[[object], float], ...] = (
    units.parse_number,
    units.parse_signed_days,
    units.parse_per_day,
    units.parse_fraction,
    units.parse_amount,
)


def check_uncertainties(root: Node) -> tuple[list[Node], list[Problem]]:
    """The tree with all low ends in place of its own values, that with all high ends, and what is wrong so far."""
    block = root.child("uncertainties")
    ranges = {name: ends for name, entry in (block.entries if block else {}).items() if (ends := _ends(entry))}
    problems = [
        problem(root, ("uncertainties", name, "between"), "the low end is above the high end", "value")
        for name, (low, high) in ranges.items()
        if _is_reversed(low, high)
    ]
    trees = [root, root]
    for side in (0, 1):
        for name, ends in ranges.items():
            try:
                trees[side] = set_value(trees[side], name, ends[side], ScenarioFields)
            except ScenarioError as error:
                problems += error.problems
    return trees, problems


def size_of(value: object) -> float | None:
    """A quantity as a number, in the unit that its text implies; None for what is not a quantity."""
    for read in _READERS:
        try:
            return read(value)
        except ValueError:
            continue
    return None


def _ends(entry: Node) -> tuple[Node, ...]:
    """The two ends of a range, with the key of the range as their position in messages; none if there are not two."""
    between = entry.child("between")
    ends = between.items if between else ()
    return tuple(replace(end, key=entry.key) for end in ends) if len(ends) == 2 else ()


def _is_reversed(low: Node, high: Node) -> bool:
    least, most = size_of(low.value), size_of(high.value)
    return least is not None and most is not None and least > most
