"""A policy in the tree of a file: its interventions and rules by id, exchanged, left out, and moved in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sim.scenario.document.tree import Node
from sim.scenario.policy import dates
from sim.scenario.values.units import When, parse_when, write_when

Change = Callable[[Node], Node | None]


def items_by_id(policy: Node) -> dict[str, Node]:
    """Everything that an id in a resolved policy can mean: interventions, rules, and interventions on their ladders."""
    top = [*_items(policy, "interventions"), *_items(policy, "rules")]
    on_ladders = [item for rule in _items(policy, "rules") for step in _items(rule, "steps") for item in step.items]
    return {item.item_id: item for item in [*on_ladders, *top] if item.item_id is not None}


def begin_of(policy: Node, name: str) -> When | str:
    """When an intervention begins, or why that is not a date that it can exchange with another."""
    item = next((item for item in _items(policy, "interventions") if item.item_id == name), None)
    if item is None:
        return "has no date to exchange, because a rule decides when it begins"
    begin = dates.begin(dates_of(item))
    if begin is None and any(item.child(date) for date in dates.DATES[:2]):
        return "has no date that can be read"
    return "has no date to exchange: it is in force from the start" if begin is None else begin


def dates_of(item: Node) -> dict[str, When]:
    """The dates that an intervention or a rule has of its own; what does not read as one is left to validation."""
    own_dates = {}
    for name in ("starts",) if item.child("steps") else dates.DATES:
        entry = item.child(name)
        day = _day(entry.value) if entry is not None and entry.value is not None else None
        if day is not None:
            own_dates[name] = day
    return own_dates


def with_each(policy: Node, change: Change) -> Node:
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


def moved(policy: Node, name: str, by: timedelta, where: Node) -> Node:
    """An intervention or a rule with its dates moved, which then count as written at `where`.

    Raises ValueError for an item without dates, and for a date on a ladder that would come before the firing.
    """
    item = items_by_id(policy)[name]
    own_dates = dates_of(item)
    if not own_dates:
        raise ValueError("has no date of its own to shift")
    new = dates.moved(own_dates, by)
    on_ladder = name not in {top.item_id for key in ("interventions", "rules") for top in _items(policy, key)}
    if on_ladder and any(isinstance(day, timedelta) and day < timedelta(0) for day in new.values()):
        raise ValueError("would come before its rule takes that step")
    return item.with_entries(
        {key: replace(where, value=write_when(day), key=item.entries[key].key) for key, day in new.items()}
    )


def _items(node: Node, key: str) -> tuple[Node, ...]:
    block = node.child(key)
    return block.items if block is not None else ()


def _changed_items(block: Node, change: Change) -> Node:
    if not isinstance(block.value, tuple):
        return block
    return replace(block, value=tuple(new for item in block.items if (new := change(item)) is not None))


def _day(value: object) -> datetime | timedelta | None:
    try:
        return parse_when(value)
    except ValueError:
        return None
