"""The tree that a scenario is while it is put together: plain values that know where they were written.

Files, inheritance, policies and overrides all work on `Node`s, so that a value keeps its file, line and
column from the text to the message about it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

from sim.scenario.errors import Level, Path, Problem, dotted, unsafe_character
from sim.scenario.values.calendar import parse_day, write_day

Scalar = str | int | float | bool | None

MAX_DEPTH = 40
MAX_VALUES = 200_000
"""Most levels and values of a scenario, so that none can exhaust memory or the stack."""

DISTRIBUTIONS = frozenset({"normal", "lognormal", "uniform", "between", "exponential", "choice"})
"""Keys that make a mapping a random quantity, which is a value of its own and never merged with another."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; lines and columns count from 1, and 0 stands for a place without lines."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def problem(self, message: str, code: str, path: str = "") -> Problem:
        """A problem with what was written here."""
        return Problem(self.file, self.line, self.column, path, message, code)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value with its position and, in a mapping, the position of its key."""

    value: Scalar | tuple[Node, ...] | dict[str, Node]
    position: Position
    key: Position | None = None

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a mapping; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """The items of a list; none for anything else."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def item_id(self) -> str | None:
        """The `id` or `group` by which an item of a list is known."""
        called = (self.entries[name].value for name in ("id", "group") if name in self.entries)
        return next((value for value in called if isinstance(value, str)), None)

    @property
    def parts(self) -> tuple[tuple[str | int, Node], ...]:
        """The entries or items with the step that leads to each."""
        return tuple(self.entries.items()) or tuple(enumerate(self.items))

    def child(self, step: str | int) -> Node | None:
        """The entry or item that one step leads to, if there is one."""
        if isinstance(step, int):
            return self.items[step] if 0 <= step < len(self.items) else None
        return self.entries.get(step)

    def with_entries(self, entries: Mapping[str, Node]) -> Node:
        """The same mapping with these entries set."""
        return replace(self, value={**self.entries, **entries})

    def without_entries(self, *names: str) -> Node:
        """The same mapping without these entries."""
        return replace(self, value={name: node for name, node in self.entries.items() if name not in names})


def to_plain(node: Node) -> Any:
    """The tree as dictionaries, lists and scalars."""
    if isinstance(node.value, dict):
        return {name: to_plain(entry) for name, entry in node.value.items()}
    if isinstance(node.value, tuple):
        return [to_plain(item) for item in node.value]
    return node.value


def from_plain(data: object, at: Position) -> Node:
    """Plain data as a tree, all of it at one position. Raises `ValueError` for what a file cannot hold."""
    count = itertools.count(1)

    def node(data: object, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ValueError(f"nested more than {MAX_DEPTH} levels deep")
        if next(count) > MAX_VALUES:
            raise ValueError(f"more than {MAX_VALUES:,} values")
        if isinstance(data, Mapping):
            if odd := [name for name in data if not isinstance(name, str)]:
                raise ValueError(f"the key {odd[0]!r} is not text")
            return Node({name: replace(node(entry, depth + 1), key=at) for name, entry in data.items()}, at)
        if isinstance(data, Sequence) and not isinstance(data, str | bytes):
            return Node(tuple(node(item, depth + 1) for item in data), at)
        return Node(_scalar(data), at)

    return node(data, 1)


def _scalar(data: object) -> Scalar:
    if isinstance(data, date):
        return write_day(parse_day(data))
    if isinstance(data, float) and not isfinite(data):
        raise ValueError(f"{data} is not a finite number")
    if isinstance(data, str) and (unsafe := unsafe_character(data, "\n\t")):
        raise ValueError(f"the text holds the character {unsafe}, which cannot be printed")
    if data is None or isinstance(data, str | int | float):
        return data
    raise ValueError(f"a value of type {type(data).__name__} cannot stand in a scenario")


def follow(root: Node, path: Path) -> tuple[Node, Path]:
    """The deepest node on the way along `path`, and the part of the path that leads to it."""
    node = root
    for length, step in enumerate(path):
        if (child := node.child(step)) is None:
            return node, path[:length]
        node = child
    return node, path


def named(root: Node, path: str) -> Node | None:
    """What stands at a path in which items of lists go by their id, or None."""
    node: Node | None = root
    for step in path.split("."):
        if node is None:
            return None
        by_id = {item.item_id: item for item in node.items}
        node = by_id.get(step) if node.items else node.child(step)
    return node


def locate(root: Node, path: Path, *, key: bool = False) -> Position:
    """Where the value at `path`, or its key, was written; what encloses it if it is not in the tree."""
    node, reached = follow(root, path)
    return node.key if key and node.key is not None and reached == path else node.position


def show_path(root: Node, path: Path) -> str:
    """A path with items of lists called by their id: `segments.retail.switching`."""
    steps: list[str | int] = []
    node: Node | None = root
    for step in path:
        node = node.child(step) if node is not None else None
        steps.append(node.item_id if isinstance(step, int) and node is not None and node.item_id else step)
    return dotted(tuple(steps))


def problem(root: Node, path: Path, message: str, code: str, *, key: bool = False, level: Level = "error") -> Problem:
    """A problem with the value (or the key) at `path`."""
    at = locate(root, path, key=key)
    return Problem(at.file, at.line, at.column, show_path(root, path), message, code, level)


def merge(base: Node, over: Node) -> Node:
    """`over` laid over `base`.

    Mappings merge key by key; lists whose items all have an `id` or `group` merge by it, new items last;
    everything else, random quantities too, is replaced.
    """
    if isinstance(base.value, dict) and isinstance(over.value, dict):
        if _is_distribution(base) or _is_distribution(over):
            return over
        shared = {name: merge(base.value[name], entry) for name, entry in over.value.items() if name in base.value}
        return replace(over, value={**base.value, **over.value, **shared})
    if _is_catalogue(base.items) and _is_catalogue(over.items):
        return replace(over, value=_merged_items(base.items, over.items))
    return over


def _merged_items(base: Iterable[Node], over: Iterable[Node]) -> tuple[Node, ...]:
    """Items in the order of `base`, then new ones; an id that is twice in `over` stays twice, an error."""
    known = {item.item_id for item in base}
    changes: dict[str | None, list[Node]] = {}
    for item in over:
        changes.setdefault(item.item_id, []).append(item)
    merged: list[Node] = []
    for item in base:
        first, *again = changes.get(item.item_id, [item])
        merged += [merge(item, first) if first is not item else item, *again]
        changes[item.item_id] = [item]
    return (*merged, *(item for item in over if item.item_id not in known))


def _is_catalogue(items: tuple[Node, ...]) -> bool:
    return bool(items) and all(item.item_id is not None for item in items)


def _is_distribution(node: Node) -> bool:
    return bool(node.entries) and DISTRIBUTIONS.issuperset(node.entries)
