"""Policies that are the same until a date and differ only in what begins on that date or later."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sim.clock import days_from, moment_of
from sim.scenario.policy.interventions import Rule
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario, with_changes
from sim.scenario.values.calendar import write_day
from sim.schedule.expand import expand
from sim.schedule.lever_steps import steps
from sim.schedule.schedule import ScheduledIntervention, Step
from sim.suggest import check_known

Future = Policy | str | Mapping[str, object]
"""A policy, the name of a policy of the scenario, or changes to the policy of the past as in a scenario file (`drop`,
`change`, `add`, `delay` and so on)."""

_OPEN_UNTIL_BRANCH = ("effective", "enforced", "until", "ramp", "fade")  # may change after the announcement


def futures(
    scenario: Scenario, policies: Mapping[str, Future], at: str | date, past: str = "baseline"
) -> dict[str, Policy]:
    """See `sim.futures`."""
    check_known(past, scenario.policies, "policy", f" in {scenario.name}")
    moment = moment_in(scenario, at)
    _check_form(policies)
    ahead = {name: _policy(scenario, name, future, past) for name, future in policies.items()}
    return {name: joined_policy(scenario, past, name, policy, moment) for name, policy in ahead.items()}


def _check_form(policies: object) -> None:
    """Raise TypeError unless these are futures by name."""
    wanted = "futures are given by name, such as {'no ban': {'drop': ['ban']}, 'licences': 'licence_instead'}"
    if not isinstance(policies, Mapping):
        raise TypeError(f"{wanted}, not as {reprlib.repr(policies)}")
    for name, future in policies.items():
        if not isinstance(future, Policy | str | Mapping):
            raise TypeError(f"{wanted}; {reprlib.repr(future)} is no future ({name})")


def moment_in(scenario: Scenario, at: str | date) -> datetime:
    """A date as a moment within the scenario. Raises ValueError for one outside."""
    moment = moment_of(at)
    if not scenario.start < moment < scenario.end:
        raise ValueError(f"a branch lies between {write_day(scenario.start)} and {write_day(scenario.end)}")
    return moment


def joined_policy(scenario: Scenario, past: str, name: str, future: Policy, at: datetime) -> Policy:
    """The policy called `past` up to a date, and `future` after it.

    Interventions of the past come first and in their sequence there, then the others as in the future. A future that
    shares no id with the past is added to it: all that was announced stays. Any other future is a complete policy, in
    which the past must be unchanged: an announced intervention may be lifted (`until`), and its other dates after the
    branch may move, but not the deadline, which is part of the announcement. Rules that have begun to observe stay as
    they are. Raises ValueError, with each intervention or rule at fault and its date.
    """
    old, new = scenario.policies[past], future
    if not set(old.ids) & set(new.ids):
        new = old.without(*_ids_after(scenario, past, at)).then(new)
    changes = list(_changes_of_past(scenario, past, new, at))
    if changes:
        raise ValueError("; ".join(f"{name}: {change}" for change in changes))
    shared = [id_ for id_ in old.ids if id_ in new.ids]
    position = {id_: n for n, id_ in enumerate([*shared, *(id_ for id_ in new.ids if id_ not in shared)])}
    interventions = tuple(sorted(new.interventions, key=lambda item: position[item.id]))
    rules = tuple(sorted(new.rules, key=lambda rule: position[rule.id]))
    return new.model_copy(update={"interventions": interventions, "rules": rules})


def _policy(scenario: Scenario, name: str, future: Future, past: str) -> Policy:
    if isinstance(future, Policy):
        return future
    if isinstance(future, str):
        check_known(future, scenario.policies, "policy", f" in {scenario.name}")
        return scenario.policies[future]

    return with_changes(scenario, name, {"extends": past, **future})


def _ids_after(scenario: Scenario, past: str, at: datetime) -> list[str]:
    """Ids of the interventions and rules that begin on the date or later."""
    day = days_from(scenario.start, at)
    items, rules = _items(scenario, past)
    return [id_ for id_, item in items.items() if item.announced >= day] + [
        id_ for id_, rule in rules.items() if _starts(scenario, rule) >= day
    ]


def _changes_of_past(scenario: Scenario, past: str, future: Policy, at: datetime) -> Iterator[str]:
    """Where a future differs from what was announced or observed before the date, one message each."""
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
        before = old.get(id_)
        if before is not None and before.announced < day:
            if not _same_past(before, item, day):
                yield (
                    f"{id_} was announced on {_date(scenario, before.announced)}, before {branch}, and must be as it "
                    "was; from then on it can be lifted (`until`), and dates ahead other than the deadline can move"
                )
        elif item.announced < day:
            yield f"{id_} begins on {_date(scenario, item.announced)}, before {branch}"
    for id_, rule in new_rules.items():
        begin = begins.get(id_, day)
        if min(begin, _starts(scenario, rule)) < day and old_rules.get(id_) != rule:
            yield f"rule {id_} observes from {_date(scenario, min(begin, _starts(scenario, rule)))}, before {branch}"


def _items(scenario: Scenario, policy: str | Policy) -> tuple[dict[str, ScheduledIntervention], dict[str, Rule]]:
    """The interventions of a policy that no rule adds, and its rules, by id."""
    schedule = expand(scenario, policy)
    own = {item.id: item for item in schedule.interventions if item.rule is None}
    return own, {rule.id: rule for rule in schedule.rules}


def _same_past(old: ScheduledIntervention, new: ScheduledIntervention, day: float) -> bool:
    """Whether an intervention is the same in all that was done or known before a day."""
    same_announcement = replace(new, **{name: getattr(old, name) for name in _OPEN_UNTIL_BRANCH}) == old
    return same_announcement and _steps_before(old, day) == _steps_before(new, day)


def _steps_before(item: ScheduledIntervention, day: float) -> list[Step]:
    return [step for step in steps(item) if step.day < day]


def _starts(scenario: Scenario, rule: Rule) -> float:
    return 0.0 if rule.starts is None else days_from(scenario.start, rule.starts)


def _date(scenario: Scenario, day: float) -> str:
    return write_day(scenario.start + timedelta(days=day))
