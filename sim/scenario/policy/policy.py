"""Policies, and the methods that make others of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from math import isfinite
from typing import Any, TypeVar

from pydantic import Field

from sim.plurals import counted, first_few
from sim.scenario.document.tree import Position, from_plain, merge
from sim.scenario.document.validation import validated
from sim.scenario.policy import dates
from sim.scenario.policy.interventions import Intervention, Rule
from sim.scenario.values.base import FileBlock
from sim.scenario.values.calendar import When
from sim.suggest import did_you_mean

T = TypeVar("T", Intervention, Rule)


class Policy(FileBlock):
    """A set of interventions plus adaptive rules. The order in which they are listed does not matter.

    Its methods return new policies and raise ValueError for ids that are not there. An id means an intervention, a
    rule, or an intervention on the ladder of a rule:

        early = china.policies["baseline"].delay("payment-block-august", days=-300).without("rumour")
        sim.run(china.with_policies({"early payments": early}), policy="early payments")
    """

    name: str | None = Field(None, description="what figures call it; default: the name under which it stands")
    description: str = Field("", description="what the policy does, in a sentence")
    interventions: tuple[Intervention, ...] = Field((), description="what is done on given dates")
    rules: tuple[Rule, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the interventions, then of the rules."""
        return tuple(item.id for item in _listed(self))

    def __repr__(self) -> str:
        counts = f"{counted(len(self.interventions), 'intervention')} and {counted(len(self.rules), 'rule')}"
        return f"Policy of {counts}{': ' if self.ids else ''}{first_few(self.ids)}"

    __str__ = __repr__

    def then(self, other: Policy) -> Policy:
        """Both policies together, each at its own dates; `a.then(b.delay(days=90))` puts b later.

        Raises ValueError if an id is in both.
        """
        twice = [name for name in items_by_id(other) if name in items_by_id(self)]
        if twice:
            raise ValueError(f"both policies have {first_few(twice)}; take them out of one with `without`")
        both = {"interventions": self.interventions + other.interventions, "rules": self.rules + other.rules}
        return self.model_copy(update=both)

    def without(self, *ids: str) -> Policy:
        """The policy less some interventions and rules.

        A step of a ladder that loses all its interventions stays as a step that does nothing, so that the others come
        when they did. A rule whose ladder is empty goes.
        """
        return _mapped(self, dict.fromkeys(chosen(self, ids), lambda _: None))

    def only(self, *ids: str) -> Policy:
        """The policy less everything but these. An intervention on a ladder keeps its rule, without the rest of it."""
        wanted = frozenset(chosen(self, ids))
        unwanted = [item.id for item in self.interventions if item.id not in wanted]
        for rule in self.rules:
            steps = [item.id for item in ladder(rule)]
            if rule.id not in wanted:
                unwanted += [name for name in steps if name not in wanted] if wanted.intersection(steps) else [rule.id]
        return self.without(*unwanted)

    def delay(self, ids: str | Iterable[str] | None = None, *, days: float) -> Policy:
        """All dates of an intervention, or of several, later by so many days (earlier if negative).

        Without ids everything moves that has a date. An end that includes its day includes the day it moves to. Of a
        rule it is `starts` that moves; an intervention on a ladder moves against the firing of its rule.
        Days are rounded to whole seconds. Raises ValueError for what has no date, and for a step of a ladder that
        would come before the firing.
        """
        by = dates.shift_of(days)
        dated = (item.id for item in _listed(self) if dates_of(item))
        return _retimed(self, dict.fromkeys(dated if ids is None else chosen(self, ids), by))

    def swap(self, a: str, b: str) -> Policy:
        """Each of two interventions begins when the other one did.

        An intervention begins when it is announced, or takes effect if it is not announced. Its other dates keep
        their distance from that.
        """
        return _retimed(self, dates.exchange(_begins(self, (a, b))))

    def permute(self, order: Iterable[str]) -> Policy:
        """The interventions named begin in this order, on the dates on which they begin now.

        The first takes the earliest of these dates, the last the latest; all others stay. What begins, and what its
        other dates do, is as in `swap`, which is the case of two in reverse order.
        """
        return _retimed(self, dates.shifts(_begins(self, order)))

    def replace(self, id_: str, new: Intervention | Rule | Mapping[str, object]) -> Policy:
        """One intervention or rule exchanged for another, or with some values changed, written as in a file.

        `policy.replace("payments", {"coverage": "50 %", "target": {"rails": ["bank"]}})` keeps all else.
        """
        known = items_by_id(self)
        old = known[chosen(self, id_)[0]]
        item = _changed(old, new) if isinstance(new, Mapping) else new
        if item.id != id_ and item.id in known:
            raise ValueError(f"the policy has another {item.id}")
        if isinstance(item, Rule) != isinstance(old, Rule):
            raise ValueError(f"{id_} can be replaced by another of its own sort only: an intervention is no rule")
        return _mapped(self, {id_: lambda _: item})

    def strengthen(self, ids: str | Iterable[str], factor: float) -> Policy:
        """Interventions that bite `factor` times as hard, or less hard below 1 (`intensity`); of a rule, its ladder.

        Frictions, and parts of users who leave, grow up to 1, less what is exempt: first more are reached, then what
        is moved is moved further. Fee and risk are multiplied. Factors (hazard, detection, staffing, entry cost) are
        raised to that power, so that twice as hard is the same as two such interventions. Rates of detection and lists
        of sites are multiplied. What is permitted, claims, attention and panic stay.
        """
        if not (isfinite(factor) and factor > 0):
            raise ValueError(f"{factor} is not a factor above 0; `without` takes an intervention out")
        known = items_by_id(self)
        items = [known[name] for name in chosen(self, ids)]
        names = {part.id for item in items for part in (ladder(item) if isinstance(item, Rule) else (item,))}

        def harder(item: Intervention) -> Intervention:
            return item.model_copy(update={"intensity": item.intensity * factor})

        return _mapped(self, dict.fromkeys(names, harder))


def ladder(rule: Rule) -> tuple[Intervention, ...]:
    """The interventions on a rule's ladder, step by step."""
    return tuple(item for step in rule.steps for item in step)


def _listed(policy: Policy) -> tuple[Intervention | Rule, ...]:
    return (*policy.interventions, *policy.rules)


def items_by_id(policy: Policy) -> dict[str, Intervention | Rule]:
    """Everything that an id in this policy can mean: interventions, rules, and interventions on their ladders."""
    on_ladders = (item for rule in policy.rules for item in ladder(rule))
    return {item.id: item for item in (*_listed(policy), *on_ladders)}


def chosen(policy: Policy, ids: str | Iterable[str]) -> tuple[str, ...]:
    """The ids as a tuple. Raises ValueError, with all that are unknown or named twice."""
    names = (ids,) if isinstance(ids, str) else tuple(ids)
    known = items_by_id(policy)
    wrong = [f"no intervention or rule called {name}{did_you_mean(name, known)}" for name in names if name not in known]
    wrong += [f"{name} is named twice" for name, count in Counter(names).items() if count > 1]
    if wrong:
        raise ValueError("; ".join(wrong))
    return names


def dates_of(item: Intervention | Rule) -> dict[str, When]:
    """The dates that an intervention or a rule has of its own."""
    names = ("starts",) if isinstance(item, Rule) else dates.DATES
    return {name: day for name in names if (day := getattr(item, name)) is not None}


def begin_of(policy: Policy, name: str) -> When:
    """When an intervention begins. Raises ValueError for one without a date, or one whose rule decides."""
    item = next((item for item in policy.interventions if item.id == name), None)
    if item is None:
        raise ValueError(f"{name} has no date to exchange, because a rule decides when it begins")
    if (day := dates.begin(dates_of(item))) is None:
        raise ValueError(f"{name} has no date to exchange: it is in force from the start")
    return day


def _begins(policy: Policy, ids: Iterable[str]) -> dict[str, When]:
    return {name: begin_of(policy, name) for name in chosen(policy, ids)}


def _retimed(policy: Policy, by: Mapping[str, timedelta]) -> Policy:
    """The policy with all dates of some items moved, each by the shift under its id."""
    on_ladders = {item.id for rule in policy.rules for item in ladder(rule)}
    return _mapped(policy, {name: lambda item: _moved(item, by[item.id], item.id in on_ladders) for name in by})


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


def _changed(old: Intervention | Rule, values: Mapping[str, object]) -> Intervention | Rule:
    """The item with some values replaced, as `change` does in a file. Raises ValueError for values that do not fit."""
    at = Position(old.id)
    tree = merge(from_plain(old.model_dump(mode="json", exclude_unset=True), at), from_plain(dict(values), at))
    new, problems = validated(type(old), tree)
    if new is None:
        raise ValueError("; ".join(map(str, problems)))
    return new


def _mapped(policy: Policy, changes: Mapping[str, Callable[[Any], Any]]) -> Policy:
    """The policy with the function under its id applied to each of some items, those on ladders included.

    Of what a function makes None nothing is left, nor of a rule whose ladder loses all that is on it.
    """

    def changed(items: tuple[T, ...]) -> tuple[T, ...]:
        results = (changes[item.id](item) if item.id in changes else item for item in items)
        return tuple(item for item in results if item is not None)

    rules = []
    for rule in changed(policy.rules):
        steps = tuple(changed(step) for step in rule.steps)
        if any(steps) or not any(rule.steps):
            rules.append(rule.model_copy(update={"steps": steps}))
    return policy.model_copy(update={"interventions": changed(policy.interventions), "rules": tuple(rules)})
