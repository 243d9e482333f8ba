"""Policies that build on other policies, resolved on the tree before validation.

    payments_first:
      extends: baseline
      drop: [monitoring]                       ids of interventions or rules
      change: {site-block: {coverage: 0.5}}    laid over the inherited one
      delay: {payment-2018-08: -300 d}         shifts its dates together; offsets (+14 d) stay
      add: [{id: claim-2018, kind: claim, effective: 2018-01-01}]
      rules: [...]                             beside the inherited ones

A resolved policy holds only `description`, `interventions` and `rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from sim.scenario.errors import Path, Problem, did_you_mean
from sim.scenario.tree import Node, merge, plain, problem
from sim.scenario.units import parse_day, parse_signed_days, show, write_day

KEYS = ("description", "extends", "drop", "change", "delay", "add", "interventions", "rules")
"""What a policy may hold in a file."""
DATES = ("announced", "effective", "enforced", "deadline", "until")
"""The dates of an intervention that a delay shifts."""
LONGEST_CHAIN = 30
"""Most policies that may extend one another in a row."""

_CHANGES = ("drop", "change", "delay", "add")
Measures = dict[str, Node]
"""Interventions or rules by id, in order."""


def compose(root: Node) -> tuple[Node, list[Problem]]:
    """The tree with every policy resolved, and everything found wrong on the way."""
    policies = root.child("policies")
    if policies is None or not isinstance(policies.value, dict):
        return root, []
    composer = _Composer(root, policies.entries)
    resolved = {name: composer.policy(name) for name in policies.entries}
    return root.having({"policies": replace(policies, value=resolved)}), composer.problems


class _Composer:
    """Resolves each policy once and notes what is wrong."""

    def __init__(self, root: Node, policies: Mapping[str, Node]) -> None:
        self.root = root
        self.policies = policies
        self.resolved: dict[str, Node] = {}
        self.problems: list[Problem] = []

    def note(self, path: Path, message: str, *, key: bool = False) -> None:
        self.problems.append(problem(self.root, ("policies", *path), message, "policy", key=key))

    def policy(self, name: str, chain: tuple[str, ...] = ()) -> Node:
        """The policy called `name` in resolved form; `chain` are those that extend it, for circles."""
        if name not in self.resolved:
            self.resolved[name] = self.resolve(name, self.policies[name], (*chain, name))
        return self.resolved[name]

    def resolve(self, name: str, policy: Node, chain: tuple[str, ...]) -> Node:
        if not isinstance(policy.value, dict):
            return policy
        for key in policy.entries:
            if key not in KEYS:
                self.note((name, key), f"unknown key{did_you_mean(key, KEYS)}", key=True)
        policy = policy.lacking(*(key for key in policy.entries if key not in KEYS))
        base = self.base(name, policy, chain)
        if base is None:
            return policy.lacking("extends", *_CHANGES)
        return self.extended(name, policy, base)

    def base(self, name: str, policy: Node, chain: tuple[str, ...]) -> Node | None:
        """The policy that this one extends, resolved; None if it extends none, or none that can be had."""
        parent = policy.child("extends")
        if parent is None:
            for key in _CHANGES:
                if key in policy.entries:
                    self.note((name, key), "works only together with `extends`", key=True)
        elif not isinstance(parent.value, str) or parent.value not in self.policies:
            called = show(plain(parent))
            self.note((name, "extends"), f"no policy called {called}{did_you_mean(called, self.policies)}")
        elif parent.value in chain:
            circle = " -> ".join((*chain[chain.index(parent.value) :], parent.value))
            self.note((name, "extends"), f"goes in a circle: {circle}")
        elif len(chain) > LONGEST_CHAIN:
            self.note((name, "extends"), f"extends through more than {LONGEST_CHAIN} policies")
        else:
            return self.policy(parent.value, chain)
        return None

    def extended(self, name: str, policy: Node, base: Node) -> Node:
        """What `policy` makes of the policy that it extends."""
        if "interventions" in policy.entries:
            self.note((name, "interventions"), "use `add` in a policy that extends another", key=True)
        measures, rules = _by_id(base, "interventions"), _by_id(base, "rules")
        self.drop(name, policy, measures, rules)
        self.change(name, policy, measures, rules)
        self.delay(name, policy, measures)
        result = {
            "interventions": self.joined(name, policy, "add", measures, policy.child("add")),
            "rules": self.joined(name, policy, "rules", rules, policy.child("rules")),
        }
        return policy.lacking("extends", *_CHANGES).having(result)

    def drop(self, name: str, policy: Node, *tables: Measures) -> None:
        unwanted = policy.child("drop")
        if unwanted is not None and not isinstance(unwanted.value, tuple):
            self.note((name, "drop"), "must be a list of ids, such as [site-block]")
        for place, item in enumerate(unwanted.items if unwanted else ()):
            if not isinstance(item.value, str):
                self.note((name, "drop", place), f"{show(plain(item))} is not an id")
            elif (table := self.table(item.value, (name, "drop", place), tables)) is not None:
                del table[item.value]

    def change(self, name: str, policy: Node, *tables: Measures) -> None:
        for id_, over in self.by_id(name, policy, "change", "{site-block: {coverage: 0.5}}"):
            if (table := self.table(id_, (name, "change", id_), tables, key=True)) is None:
                continue
            if isinstance(over.value, dict):
                table[id_] = replace(merge(table[id_], over), at=table[id_].at)
            else:
                self.note((name, "change", id_), "must be a mapping of the values that differ")

    def delay(self, name: str, policy: Node, measures: Measures) -> None:
        for id_, shift in self.by_id(name, policy, "delay", "{site-block: -300 d}"):
            if (table := self.table(id_, (name, "delay", id_), (measures,), key=True)) is None:
                continue
            try:
                table[id_] = _shifted(table[id_], shift)
            except (ValueError, OverflowError) as error:
                self.note((name, "delay", id_), str(error))

    def by_id(self, name: str, policy: Node, key: str, example: str) -> Iterable[tuple[str, Node]]:
        table = policy.child(key)
        if table is not None and not isinstance(table.value, dict):
            self.note((name, key), f"must be a mapping by id, such as {example}")
        return table.entries.items() if table else ()

    def table(self, id_: str, path: Path, tables: tuple[Measures, ...], *, key: bool = False) -> Measures | None:
        """The table that holds this id; None, and a note, if none does."""
        for table in tables:
            if id_ in table:
                return table
        what = "intervention" if len(tables) == 1 else "intervention or rule"
        known = [known_id for table in tables for known_id in table]
        self.note(path, f"no {what} called {id_} to {path[1]}{did_you_mean(id_, known)}", key=key)
        return None

    def joined(self, name: str, policy: Node, key: str, inherited: Measures, added: Node | None) -> Node:
        """A list of what is inherited and what is added."""
        if added is not None and not isinstance(added.value, tuple):
            self.note((name, key), "must be a list")
        items = []
        for place, item in enumerate(added.items if added else ()):
            if item.identity in inherited:
                message = f"{item.identity} is inherited; use `change`, or `drop` it first"
                self.note((name, key, place), message)
            else:
                items.append(item)
        return Node((*inherited.values(), *items), added.at if added else policy.at, policy.key)


def _by_id(policy: Node, key: str) -> Measures:
    """The items of a resolved policy by id; by their place if they have none, or one seen before."""
    table: Measures = {}
    measures = policy.child(key)
    for place, item in enumerate(measures.items if measures else ()):
        id_ = item.identity
        table[f"[{place}]" if id_ is None or id_ in table else id_] = item
    return table


def _shifted(measure: Node, shift: Node) -> Node:
    """An intervention with its dates moved; raises `ValueError` where that makes no sense."""
    days = timedelta(days=parse_signed_days(shift.value))
    moved = {
        key: replace(shift, value=write_day(parse_day(parse_day(entry.value) + days)), key=entry.key)
        for key in DATES
        if (entry := measure.child(key)) is not None and _is_day(entry.value)
    }
    if not moved:
        raise ValueError("has no date of its own to shift")
    return measure.having(moved)


def _is_day(value: object) -> bool:
    """Whether a value reads as a date; one that does not is left for validation to judge."""
    try:
        parse_day(value)
    except ValueError:
        return False
    return True
