"""Policies that share a past: up to a date they are one policy, and only what begins from then on differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sim.clock import days_from, moment_of
from sim.scenario.policy.policy import Policy
from sim.scenario.policy.written import Rule
from sim.scenario.values.units import write_day
from sim.schedule.expand import expand
from sim.schedule.lever_steps import steps
from sim.schedule.schedule import Intervention, Step
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Future = Policy | str | Mapping[str, object]
"""A policy, the name of one of the scenario's, or changes to the past's policy as a file writes them (`drop`, `change`,
`add`, `delay` and so on)."""

_AHEAD = ("effective", "enforced", "until", "ramp", "fade")  # what may still change after the announcement


def futures(
    scenario: Scenario, policies: Mapping[str, Future], at: str | date, past: str = "baseline"
) -> dict[str, Policy]:
    """See `sim.futures`."""
    if past not in scenario.policies:
        raise ValueError(f"no policy {past!r} in {scenario.name}{did_you_mean(past, scenario.policies)}")
    moment = moment_in(scenario, at)
    given = {name: _policy(scenario, name, future, past) for name, future in policies.items()}
    return {name: joined(scenario, past, name, policy, moment) for name, policy in given.items()}


def moment_in(scenario: Scenario, at: str | date) -> datetime:
    """A date within the scenario. Raises ValueError for one that is not."""
    moment = moment_of(at)
    if not scenario.start < moment < scenario.end:
        raise ValueError(f"a branch lies between {write_day(scenario.start)} and {write_day(scenario.end)}")
    return moment


def joined(scenario: Scenario, past: str, name: str, future: Policy, at: datetime) -> Policy:
    """The policy called `past` up to a date, and `future` after it.

    What was announced before the date stands first and in the order of the past, what comes after it as in the future.
    A future that shares no id with the past is what is new, and all that was announced stays. Any other is a policy as
    a whole, in which the past must be as it was: what was announced may be lifted (`until`), and other dates that lie
    ahead may move, but not the deadline, which is part of the announcement. Rules that began to observe stay as they
    are. Raises ValueError, with each intervention or rule at fault and its date.
    """
    old, new = scenario.policies[past], future
    if not set(old.ids) & set(new.ids):
        new = old.without(*_ahead(scenario, past, at)).then(new)
    wrong = list(_unfit(scenario, past, new, at))
    if wrong:
        raise ValueError("; ".join(f"{name}: {each}" for each in wrong))
    ids = [id_ for id_ in old.ids if id_ in new.ids]
    place = {id_: n for n, id_ in enumerate([*ids, *(id_ for id_ in new.ids if id_ not in ids)])}
    interventions = tuple(sorted(new.interventions, key=lambda item: place[item.id]))
    return new.model_copy(
        update={"interventions": interventions, "rules": tuple(sorted(new.rules, key=lambda rule: place[rule.id]))}
    )


def _policy(scenario: Scenario, name: str, future: Future, past: str) -> Policy:
    if isinstance(future, Policy):
        return future
    if isinstance(future, str):
        if future not in scenario.policies:
            raise ValueError(f"no policy {future!r} in {scenario.name}{did_you_mean(future, scenario.policies)}")
        return scenario.policies[future]
    from sim.scenario.reading.given import with_changes

    return with_changes(scenario, name, {"extends": past, **future})


def _ahead(scenario: Scenario, past: str, at: datetime) -> list[str]:
    """Ids of what begins at the date or after it."""
    day = days_from(scenario.start, at)
    items, rules = _items(scenario, past)
    return [id_ for id_, item in items.items() if item.announced >= day] + [
        id_ for id_, rule in rules.items() if _starts(scenario, rule) >= day
    ]


def _unfit(scenario: Scenario, past: str, future: Policy, at: datetime) -> Iterator[str]:
    """Where a future is not what was known before the date."""
    day = days_from(scenario.start, at)
    (old, old_rules), (new, new_rules) = _items(scenario, past), _items(scenario, future)
    begins = {**{id_: item.announced for id_, item in old.items()},
              **{id_: _starts(scenario, rule) for id_, rule in old_rules.items()}}  # fmt: skip
    branch = f"the branch on {write_day(at)}"
    for id_, begin in begins.items():
        if begin < day and id_ not in new and id_ not in new_rules:
            yield (
                f"{id_} began on {_date(scenario, begin)}, before {branch}, and cannot be left out; give it an `until` "
                "to lift it"
            )
    for id_, item in new.items():
        known = old.get(id_)
        if known is not None and known.announced < day:
            if not _same_past(known, item, day):
                yield (
                    f"{id_} was announced on {_date(scenario, known.announced)}, before {branch}, and must be as it "
                    "was; from then on it can be lifted (`until`), and dates ahead other than the deadline can move"
                )
        elif item.announced < day:
            yield f"{id_} begins on {_date(scenario, item.announced)}, before {branch}"
    for id_, rule in new_rules.items():
        begin = begins.get(id_, day)
        if min(begin, _starts(scenario, rule)) < day and old_rules.get(id_) != rule:
            yield f"rule {id_} observes from {_date(scenario, min(begin, _starts(scenario, rule)))}, before {branch}"


def _items(scenario: Scenario, policy: str | Policy) -> tuple[dict[str, Intervention], dict[str, Rule]]:
    """What a policy does by itself, and its rules, by id."""
    sequence = expand(scenario, policy)
    own = {item.id: item for item in sequence.interventions if item.rule is None}
    return own, {rule.id: rule for rule in sequence.rules}


def _same_past(old: Intervention, new: Intervention, day: float) -> bool:
    """Whether nothing that was done or known before a day differs."""
    alike = replace(new, **{name: getattr(old, name) for name in _AHEAD}) == old
    return alike and _before(old, day) == _before(new, day)


def _before(item: Intervention, day: float) -> list[Step]:
    return [step for step in steps(item) if step.day < day]


def _starts(scenario: Scenario, rule: Rule) -> float:
    return 0.0 if rule.starts is None else days_from(scenario.start, rule.starts)


def _date(scenario: Scenario, day: float) -> str:
    return write_day(scenario.start + timedelta(days=day))
