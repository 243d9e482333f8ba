"""What a policy in a file makes of the policy that it extends. Keys take effect in this order.

    drop: [monitoring]                        ids of interventions and rules, also of those on ladders
    change: {site-block: {coverage: 0.5}}     values laid over
    interventions: [{id: alert, ...}]         laid over the one with this id if it is inherited, added if not
    add: [{id: claim, ...}]                   added
    rules: [...]                              added
    swap: [closure, site-block]               each begins when the other did
    order: [payments, closure, site-block]    they begin in this order, on the dates on which they began
    delay: {payments: -300 d}                 all its dates move; of a rule, `starts`

What moves keeps the distances between its dates, as in the methods of `Policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from sim.clock import DAY
from sim.scenario.document.tree import Node, merge
from sim.scenario.errors import Path
from sim.scenario.policy import dates
from sim.scenario.values.calendar import When, parse_offset
from sim.scenario.values.units import show
from sim.suggest import did_you_mean

CHANGES = ("drop", "change", "add", "swap", "order", "delay")
"""Keys that work only in a policy that extends another."""

Change = Callable[[Node], Node | None]
Report = Callable[[Path, str, bool], None]
"""Takes a path from the policy, what is wrong there, and whether it is wrong with the key."""


def applied(policy: Node, base: Node, report: Report) -> Node:
    """The policy on top of `base`, which is resolved; what is wrong is noted and left out."""
    return policy.without_entries("extends", *CHANGES).with_entries(_Changes(policy, base, report).made())


class _Changes:
    """A policy, and the draft of what becomes of the one that it extends."""

    def __init__(self, policy: Node, base: Node, report: Report) -> None:
        self.policy = policy
        self.report = report
        empty = Node((), policy.position)
        blocks = {key: base.child(key) or empty for key in ("interventions", "rules")}
        self.draft = Node(blocks, policy.position, policy.key)

    def made(self) -> dict[str, Node]:
        for step in (self.drop, self.change, self.lay_over, self.add, self.exchange, self.delay):
            step()
        return self.draft.entries

    def drop(self) -> None:
        unwanted = {id_ for _, id_ in self.listed_ids("drop", "[site-block]")}
        self.draft = _with_each(self.draft, lambda item: None if item.item_id in unwanted else item)

    def change(self) -> None:
        for id_, over in self.by_id("change", "{site-block: {coverage: 0.5}}"):
            with self.reporting(("change", id_)):
                if not isinstance(over.value, dict):
                    raise ValueError("must be a mapping of the values that differ")
                self.overlay(id_, over)

    def lay_over(self) -> None:
        inherited = {item.item_id for item in self.draft.entries["interventions"].items}
        listed = _items(self.policy, "interventions")
        for item in listed:
            if item.item_id is not None and item.item_id in inherited:
                self.overlay(item.item_id, item)
        self.append("interventions", [item for item in listed if item.item_id not in inherited])

    def add(self) -> None:
        inherited = _items_by_id(self.draft)
        for key, block in (("add", "interventions"), ("rules", "rules")):
            listed = _items(self.policy, key)
            for index, item in enumerate(listed):
                if item.item_id in inherited:
                    self.report((key, index), f"{item.item_id} is inherited; use `change`, or `drop` it first", False)
            self.append(block, [item for item in listed if item.item_id not in inherited])

    def exchange(self) -> None:
        for key in ("swap", "order"):
            listed = list(self.listed_ids(key, "[closure, site-block]"))
            begins = self.begins(key, listed)
            if key == "swap" and len(_items(self.policy, key)) not in (0, 2):
                self.report((key,), "must be the ids of two interventions, such as [closure, site-block]", False)
            elif begins:
                with self.reporting((key,)):
                    by = (dates.exchange if key == "swap" else dates.shifts)(begins)
                    for index, id_ in listed:
                        with self.reporting((key, index)):
                            self.move(id_, by[id_], _items(self.policy, key)[index])

    def begins(self, key: str, listed: list[tuple[int, str]]) -> dict[str, When]:
        """When the interventions listed begin; empty, and noted, if one of them cannot take part."""
        begins: dict[str, When] = {}
        for index, id_ in listed:
            with self.reporting((key, index), f"{id_} "):
                if id_ in begins:
                    raise ValueError("is named twice")
                begins[id_] = _begin_of(self.draft, id_)
        return begins if len(begins) == len(_items(self.policy, key)) else {}

    def delay(self) -> None:
        for id_, shift in self.by_id("delay", "{site-block: -300 d}"):
            with self.reporting(("delay", id_)):
                self.move(id_, dates.shift_of(parse_offset(shift.value) / DAY), shift)

    def move(self, id_: str, by: timedelta, where: Node) -> None:
        new = _moved(self.draft, id_, by, where)
        self.draft = _with_each(self.draft, lambda item: new if item.item_id == id_ else item)

    def overlay(self, id_: str, over: Node) -> None:
        def change(item: Node) -> Node:
            return replace(merge(item, over), position=item.position) if item.item_id == id_ else item

        self.draft = _with_each(self.draft, change)

    def append(self, block: str, items: list[Node]) -> None:
        before = self.draft.entries[block]
        self.draft = self.draft.with_entries({block: replace(before, value=(*before.items, *items))})

    def listed_ids(self, key: str, example: str) -> Iterator[tuple[int, str]]:
        """The ids in a list of the policy, with their indices; those that mean nothing are noted."""
        block = self.policy.child(key)
        if block is not None and not isinstance(block.value, tuple):
            self.report((key,), f"must be a list of ids, such as {example}", False)
        for index, item in enumerate(_items(self.policy, key)):
            if not isinstance(item.value, str):
                self.report((key, index), f"{show(item.value)} is not an id", False)
            elif self.is_known(item.value, (key, index)):
                yield index, item.value

    def by_id(self, key: str, example: str) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping by id of the policy; those that mean nothing are noted."""
        table = self.policy.child(key)
        if table is not None and not isinstance(table.value, dict):
            self.report((key,), f"must be a mapping by id, such as {example}", False)
        for id_, entry in table.entries.items() if table else ():
            if self.is_known(id_, (key, id_), on_key=True):
                yield id_, entry

    @contextmanager
    def reporting(self, path: Path, before: str = "") -> Iterator[None]:
        """Notes a ValueError at a path, with some words before its own."""
        try:
            yield
        except ValueError as error:
            self.report(path, f"{before}{error}", False)

    def is_known(self, id_: str, path: Path, *, on_key: bool = False) -> bool:
        known = _items_by_id(self.draft)
        if id_ not in known:
            message = f"no intervention or rule called {id_} to {path[0]}{did_you_mean(id_, known)}"
            self.report(path, message, on_key)
        return id_ in known


def _items_by_id(policy: Node) -> dict[str, Node]:
    """Everything that an id in a resolved policy can mean: interventions, rules, and interventions on their ladders."""
    top = [*_items(policy, "interventions"), *_items(policy, "rules")]
    on_ladders = [item for rule in _items(policy, "rules") for step in _items(rule, "steps") for item in step.items]
    return {item.item_id: item for item in [*on_ladders, *top] if item.item_id is not None}


def _begin_of(policy: Node, name: str) -> When:
    """When an intervention begins. Raises ValueError where that is not a date that it can exchange with another."""
    item = next((item for item in _items(policy, "interventions") if item.item_id == name), None)
    if item is None:
        raise ValueError("has no date to exchange, because a rule decides when it begins")
    begin = dates.begin(_dates_of(item))
    if begin is None and any(item.child(date) for date in dates.DATES[:2]):
        raise ValueError("has no date that can be read")
    if begin is None:
        raise ValueError("has no date to exchange: it is in force from the start")
    return begin


def _dates_of(item: Node) -> dict[str, When]:
    """The dates that an intervention or a rule has of its own; what does not read as one is left to validation."""
    own_dates = {}
    for name in ("starts",) if item.child("steps") else dates.DATES:
        with suppress(ValueError):
            if (entry := item.child(name)) is not None:
                own_dates[name] = dates.read(name, entry.value)
    return own_dates


def _with_each(policy: Node, change: Change) -> Node:
    """The policy with a change made to each intervention and rule, those on ladders included; None leaves it out.

    A step of a ladder that loses all its interventions stays, a rule that loses them all goes.
    """

    def change_rule(rule: Node) -> Node | None:
        new, steps = change(rule), rule.child("steps")
        if new is None or steps is None or new.child("steps") is not steps:
            return new
        new_steps = tuple(_changed_items(step, change) for step in steps.items)
        lost_all = any(step.items for step in steps.items) and not any(step.items for step in new_steps)
        return None if lost_all else new.with_entries({"steps": replace(steps, value=new_steps)})

    blocks = [("interventions", change), ("rules", change_rule)]
    return policy.with_entries(
        {key: _changed_items(block, of_each) for key, of_each in blocks if (block := policy.child(key))}
    )


def _moved(policy: Node, name: str, by: timedelta, where: Node) -> Node:
    """An intervention or a rule with its dates moved, which then count as written at `where`.

    Raises ValueError for an item without dates, and for a date on a ladder that would come before the firing.
    """
    item = _items_by_id(policy)[name]
    own_dates = _dates_of(item)
    if not own_dates:
        raise ValueError("has no date of its own to shift")
    new = dates.moved(own_dates, by)
    on_ladder = name not in {top.item_id for key in ("interventions", "rules") for top in _items(policy, key)}
    if on_ladder and any(isinstance(day, timedelta) and day < timedelta(0) for day in new.values()):
        raise ValueError("would come before its rule takes that step")
    return item.with_entries(
        {key: replace(where, value=dates.written(key, day), key=item.entries[key].key) for key, day in new.items()}
    )


def _items(node: Node, key: str) -> tuple[Node, ...]:
    block = node.child(key)
    return block.items if block is not None else ()


def _changed_items(block: Node, change: Change) -> Node:
    if not isinstance(block.value, tuple):
        return block
    return replace(block, value=tuple(new for item in block.items if (new := change(item)) is not None))
