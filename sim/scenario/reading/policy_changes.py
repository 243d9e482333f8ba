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
from dataclasses import replace
from datetime import timedelta

from sim.scenario.document.tree import Node, merge, to_plain
from sim.scenario.errors import Path
from sim.scenario.policy import dates
from sim.scenario.reading.policy_tree import begin_of, items_by_id, moved, with_each
from sim.scenario.values.units import When, parse_signed_days, show
from sim.suggest import did_you_mean

CHANGES = ("drop", "change", "add", "swap", "order", "delay")
"""Keys that work only in a policy that extends another."""

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
        self.draft = with_each(self.draft, lambda item: None if item.item_id in unwanted else item)

    def change(self) -> None:
        for id_, over in self.by_id("change", "{site-block: {coverage: 0.5}}"):
            if isinstance(over.value, dict):
                self.overlay(id_, over)
            else:
                self.report(("change", id_), "must be a mapping of the values that differ", False)

    def lay_over(self) -> None:
        inherited = {item.item_id for item in self.draft.entries["interventions"].items}
        listed = self.items("interventions")
        for item in listed:
            if item.item_id is not None and item.item_id in inherited:
                self.overlay(item.item_id, item)
        self.append("interventions", [item for item in listed if item.item_id not in inherited])

    def add(self) -> None:
        inherited = items_by_id(self.draft)
        for key, block in (("add", "interventions"), ("rules", "rules")):
            listed = self.items(key)
            for index, item in enumerate(listed):
                if item.item_id in inherited:
                    self.report((key, index), f"{item.item_id} is inherited; use `change`, or `drop` it first", False)
            self.append(block, [item for item in listed if item.item_id not in inherited])

    def exchange(self) -> None:
        for key in ("swap", "order"):
            listed = list(self.listed_ids(key, "[closure, site-block]"))
            begins = self.begins(key, listed)
            if key == "swap" and len(self.items(key)) not in (0, 2):
                self.report((key,), "must be the ids of two interventions, such as [closure, site-block]", False)
            elif begins:
                self.reorder(key, listed, begins)

    def begins(self, key: str, listed: list[tuple[int, str]]) -> dict[str, When]:
        """When the interventions listed begin; empty, and noted, if one of them cannot take part."""
        begins: dict[str, When] = {}
        for index, id_ in listed:
            begin = begin_of(self.draft, id_)
            if id_ in begins:
                begin = "is named twice"
            if isinstance(begin, str):
                self.report((key, index), f"{id_} {begin}", False)
            else:
                begins[id_] = begin
        return begins if len(begins) == len(self.items(key)) else {}

    def reorder(self, key: str, listed: list[tuple[int, str]], begins: dict[str, When]) -> None:
        try:
            by = (dates.exchange if key == "swap" else dates.shifts)(begins)
        except ValueError as error:
            self.report((key,), str(error), False)
            return
        for index, id_ in listed:
            self.move((key, index), id_, by[id_], self.items(key)[index])

    def delay(self) -> None:
        for id_, shift in self.by_id("delay", "{site-block: -300 d}"):
            try:
                by = dates.shift_of(parse_signed_days(shift.value))
            except ValueError as error:
                self.report(("delay", id_), str(error), False)
            else:
                self.move(("delay", id_), id_, by, shift)

    def move(self, path: Path, id_: str, by: timedelta, where: Node) -> None:
        try:
            new = moved(self.draft, id_, by, where)
        except ValueError as error:
            self.report(path, str(error), False)
        else:
            self.draft = with_each(self.draft, lambda item: new if item.item_id == id_ else item)

    def overlay(self, id_: str, over: Node) -> None:
        def change(item: Node) -> Node:
            return replace(merge(item, over), position=item.position) if item.item_id == id_ else item

        self.draft = with_each(self.draft, change)

    def append(self, block: str, items: list[Node]) -> None:
        before = self.draft.entries[block]
        self.draft = self.draft.with_entries({block: replace(before, value=(*before.items, *items))})

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of a list of the policy."""
        block = self.policy.child(key)
        return block.items if block is not None else ()

    def listed_ids(self, key: str, example: str) -> Iterator[tuple[int, str]]:
        """The ids in a list of the policy, with their indices; those that mean nothing are noted."""
        block = self.policy.child(key)
        if block is not None and not isinstance(block.value, tuple):
            self.report((key,), f"must be a list of ids, such as {example}", False)
        for index, item in enumerate(self.items(key)):
            if not isinstance(item.value, str):
                self.report((key, index), f"{show(to_plain(item))} is not an id", False)
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

    def is_known(self, id_: str, path: Path, *, on_key: bool = False) -> bool:
        known = items_by_id(self.draft)
        if id_ not in known:
            message = f"no intervention or rule called {id_} to {path[0]}{did_you_mean(id_, known)}"
            self.report(path, message, on_key)
        return id_ in known
