"""What can be made of a policy: the functions from policies to policies behind the methods of `Policy`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from math import isfinite
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.scenario.document.tree import Position, from_plain, merge, to_plain
from sim.scenario.document.validation_errors import problems_of
from sim.scenario.policy import dates
from sim.scenario.policy.written import Intervention, PolicyFields, Rule
from sim.scenario.values.units import When
from sim.suggest import did_you_mean

P = TypeVar("P", bound=PolicyFields)
T = TypeVar("T", Intervention, Rule)
_SHOWN = 8  # ids that a message lists at most


def ladder(rule: Rule) -> tuple[Intervention, ...]:
    """The interventions on a rule's ladder, step by step."""
    return tuple(item for step in rule.steps for item in step)


def items_by_id(policy: PolicyFields) -> dict[str, Intervention | Rule]:
    """Everything that an id in this policy can mean: interventions, rules, and interventions on their ladders."""
    top: tuple[Intervention | Rule, ...] = (*policy.interventions, *policy.rules)
    on_ladders = (item for rule in policy.rules for item in ladder(rule))
    return {item.id: item for item in (*top, *on_ladders)}


def chosen(policy: PolicyFields, ids: str | Iterable[str]) -> tuple[str, ...]:
    """The ids as a tuple. Raises ValueError, with all that are unknown or named twice."""
    names = (ids,) if isinstance(ids, str) else tuple(ids)
    known = items_by_id(policy)
    wrong = [f"no intervention or rule called {name}{did_you_mean(name, known)}" for name in names if name not in known]
    wrong += [f"{name} is named twice" for name, count in Counter(names).items() if count > 1]
    if wrong:
        raise ValueError("; ".join(wrong))
    return names


def then(policy: P, other: PolicyFields) -> P:
    """Both policies together."""
    twice = [name for name in items_by_id(other) if name in items_by_id(policy)]
    if twice:
        more = f" and {len(twice) - _SHOWN} more" if len(twice) > _SHOWN else ""
        raise ValueError(f"both policies have {', '.join(twice[:_SHOWN])}{more}; take them out of one with `without`")
    both = {"interventions": policy.interventions + other.interventions, "rules": policy.rules + other.rules}
    return policy.model_copy(update=both)


def without(policy: P, ids: Iterable[str]) -> P:
    """The policy less these; a step of a ladder that is left empty stays, a rule whose ladder is left empty goes."""
    unwanted = frozenset(chosen(policy, ids))
    rules = []
    for rule in policy.rules:
        steps = tuple(tuple(item for item in step if item.id not in unwanted) for step in rule.steps)
        if rule.id not in unwanted and (any(steps) or steps == rule.steps):
            rules.append(rule.model_copy(update={"steps": steps}))
    interventions = tuple(item for item in policy.interventions if item.id not in unwanted)
    return policy.model_copy(update={"interventions": interventions, "rules": tuple(rules)})


def only(policy: P, ids: Iterable[str]) -> P:
    """The policy less all but these; for an intervention on a ladder its rule stays, without the rest of the ladder."""
    wanted = frozenset(chosen(policy, ids))
    unwanted = [item.id for item in policy.interventions if item.id not in wanted]
    for rule in policy.rules:
        steps = [item.id for item in ladder(rule)]
        if rule.id not in wanted:
            unwanted += [name for name in steps if name not in wanted] if wanted.intersection(steps) else [rule.id]
    return without(policy, unwanted)


def delay(policy: P, ids: str | Iterable[str] | None, days: float) -> P:
    """Dates moved by so many days: of those named, which must have one, or of everything that has one."""
    by = dates.shift_of(days)
    if ids is None:
        top: tuple[Intervention | Rule, ...] = (*policy.interventions, *policy.rules)
        names = tuple(item.id for item in top if dates_of(item))
    else:
        names = chosen(policy, ids)
    return retimed(policy, dict.fromkeys(names, by))


def permute(policy: P, order: Iterable[str]) -> P:
    """The interventions named begin in this order, on the dates on which they begin now."""
    return retimed(policy, dates.shifts({name: begin_of(policy, name) for name in chosen(policy, order)}))


def swap(policy: P, a: str, b: str) -> P:
    """Two interventions begin when the other one did."""
    return retimed(policy, dates.exchange({name: begin_of(policy, name) for name in chosen(policy, (a, b))}))


def replaced(policy: P, name: str, new: Intervention | Rule | Mapping[str, object]) -> P:
    """One intervention or rule exchanged for another, or changed in some values."""
    known = items_by_id(policy)
    old = known[chosen(policy, name)[0]]
    exchanged = changed(old, new) if isinstance(new, Mapping) else new
    if exchanged.id != name and exchanged.id in known:
        raise ValueError(f"the policy has another {exchanged.id}")
    if isinstance(exchanged, Rule) != isinstance(old, Rule):
        raise ValueError(f"{name} can be replaced by another of its own sort only: an intervention is no rule")
    return mapped(policy, {name: lambda _: exchanged})


def changed(old: Intervention | Rule, values: Mapping[str, object]) -> Intervention | Rule:
    """The item with some values replaced, as `change` does in a file. Raises ValueError for values that do not fit."""
    at = Position(old.id)
    tree = merge(from_plain(old.model_dump(mode="json", exclude_unset=True), at), from_plain(dict(values), at))
    try:
        return type(old).model_validate(to_plain(tree))
    except ValidationError as error:
        raise ValueError("; ".join(map(str, problems_of(error, tree, type(old))))) from None


def strengthen(policy: P, ids: str | Iterable[str], factor: float) -> P:
    """Interventions `factor` times as intense; a rule stands for all that is on its ladder."""
    if not (isfinite(factor) and factor > 0):
        raise ValueError(f"{factor} is not a factor above 0; `without` takes an intervention out")
    known = items_by_id(policy)
    items = [known[name] for name in chosen(policy, ids)]
    names = {part.id for item in items for part in (ladder(item) if isinstance(item, Rule) else (item,))}
    return mapped(policy, dict.fromkeys(names, lambda item: _scaled(item, factor)))


def dates_of(item: Intervention | Rule) -> dict[str, When]:
    """The dates that an intervention or a rule has of its own."""
    names = ("starts",) if isinstance(item, Rule) else dates.DATES
    return {name: day for name in names if (day := getattr(item, name)) is not None}


def begin_of(policy: PolicyFields, name: str) -> When:
    """When an intervention begins. Raises ValueError for one without a date, or one whose rule decides."""
    item = next((item for item in policy.interventions if item.id == name), None)
    if item is None:
        raise ValueError(f"{name} has no date to exchange, because a rule decides when it begins")
    day = dates.begin(dates_of(item))
    if day is None:
        raise ValueError(f"{name} has no date to exchange: it is in force from the start")
    return day


def retimed(policy: P, by: Mapping[str, timedelta]) -> P:
    """The policy with all dates of some items moved, each by the shift under its id."""
    on_ladders = {item.id for rule in policy.rules for item in ladder(rule)}
    return mapped(policy, {name: lambda item: _moved(item, by[item.id], item.id in on_ladders) for name in by})


def mapped(policy: P, changes: Mapping[str, Callable[[Any], Any]]) -> P:
    """The policy with the function under its id applied to each of some items, those on ladders included."""

    def new(item: T) -> T:
        result: T = changes[item.id](item) if item.id in changes else item
        return result

    def with_new_steps(rule: Rule) -> Rule:
        return rule.model_copy(update={"steps": tuple(tuple(new(item) for item in step) for step in rule.steps)})

    interventions = tuple(new(item) for item in policy.interventions)
    rules = tuple(with_new_steps(new(rule)) for rule in policy.rules)
    return policy.model_copy(update={"interventions": interventions, "rules": rules})


def _moved(item: T, by: timedelta, on_ladder: bool) -> T:
    own_dates = dates_of(item)
    if not own_dates:
        raise ValueError(f"{item.id} has no date of its own to move: it counts from the start")
    try:
        new = dates.moved(own_dates, by)
    except ValueError as error:
        raise ValueError(f"{item.id}: {error}") from None
    early = [name for name, day in new.items() if on_ladder and isinstance(day, timedelta) and day < timedelta(0)]
    if early:
        raise ValueError(f"{item.id} would be {early[0]} before its rule takes that step")
    return item.model_copy(update=new)


def _scaled(item: Intervention, factor: float) -> Intervention:
    return item.model_copy(update={"intensity": item.intensity * factor})
