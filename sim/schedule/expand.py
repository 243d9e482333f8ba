"""From the policy that the user wrote to a schedule: kinds filled in, dates as days."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from sim.clock import days_from
from sim.scenario.policy.kinds import builtin_kinds
from sim.scenario.policy.policy import Policy
from sim.scenario.policy.written import Intervention, Moves, Rule, Target
from sim.scenario.scenario import Scenario
from sim.schedule.intensity import Reach, arriving, intensified
from sim.schedule.levers import PERMISSIONS
from sim.schedule.schedule import Effect, Schedule, ScheduledIntervention

T = TypeVar("T", Moves, Target)
UNNAMED = "given"
"""What a policy is called that comes without a name."""


def expand(scenario: Scenario, policy: str | Policy) -> Schedule:
    """The schedule of one of a scenario's policies, by name, or of any other policy in its world.

    Raises KeyError if the scenario has no policy of that name, and ScenarioError if a policy that comes without a
    name uses ids that are not in the scenario.
    """
    name = policy if isinstance(policy, str) else UNNAMED
    chosen = (scenario if isinstance(policy, str) else scenario.with_policies({name: policy})).policies[name]
    dated = [_resolve(scenario, item) for item in chosen.interventions]
    ladders = [
        _resolve(scenario, item, rule=rule.id, rung=rung)
        for rule in chosen.rules
        for rung, step in enumerate(rule.steps)
        for item in step
    ]
    return Schedule(name, tuple(dated + ladders), tuple(_dated(scenario, rule) for rule in chosen.rules))


def _dated(scenario: Scenario, rule: Rule) -> Rule:
    """The rule with a date for its start, where it is an offset from that of the scenario."""
    if not isinstance(rule.starts, timedelta):
        return rule
    return rule.model_copy(update={"starts": scenario.start + rule.starts})


def _resolve(scenario: Scenario, item: Intervention, rule: str | None = None, rung: int = 0) -> ScheduledIntervention:
    kind = scenario.kinds.get(item.kind) or builtin_kinds()[item.kind]
    begin = item.effective if item.announced is None else item.announced
    announced = 0.0 if begin is None else days_from(scenario.start, begin)
    effective = announced if item.effective is None else days_from(scenario.start, item.effective)
    enforced = effective if item.enforced is None else days_from(scenario.start, item.enforced)
    moves, mandate = _merged(kind.moves, item.moves), item.enforcement or kind.enforcement
    reach = Reach(item.coverage * item.efficacy, max(0.0, 1.0 - sum(item.exempt.values())))
    found = ScheduledIntervention(
        id=item.id,
        kind=item.kind,
        by=item.by,
        announced=min(announced, effective),
        effective=effective,
        enforced=enforced,
        deadline=_deadline(scenario, item, moves, effective),
        until=None if item.until is None else days_from(scenario.start, item.until),
        ramp=item.ramp,
        fade=item.fade,
        target=_merged(kind.target or Target(), item.target),
        effects=arriving(_effects(moves), reach, item.intensity),
        attention=kind.attention if item.attention is None else item.attention,
        panic=item.panic or kind.panic,
        enforcement=None if mandate is None else intensified(mandate, item.intensity * reach.part),
        offices=item.offices,
        reaction=item.reaction,
        rule=rule,
        rung=rung,
    )
    return found if reach.part > 0.0 else _powerless(found)


def _powerless(item: ScheduledIntervention) -> ScheduledIntervention:
    """An intervention that reaches nobody: it is dated, and nothing else."""
    nobody = item.target.model_copy(update={"exchanges": ()})
    return replace(item, target=nobody, effects=(), attention=0.0, panic=None, enforcement=None, offices=())


def _deadline(scenario: Scenario, item: Intervention, moves: Moves, effective: float) -> float | None:
    """A deadline given as a plain date holds to the end of that day; a prohibition without one holds at once."""
    if item.deadline is None:
        return effective if moves.permission in ("licence", "forbidden") else None
    day = days_from(scenario.start, item.deadline)
    whole_day = isinstance(item.deadline, datetime) and item.deadline.time() == datetime.min.time()
    return day + 1.0 if whole_day else day


def _merged(base: T, over: T | None) -> T:
    """`base` with the fields that `over` sets."""
    if over is None:
        return base
    set_fields = {name: value for name in type(over).model_fields if (value := getattr(over, name)) is not None}
    return base.model_copy(update=set_fields)


def _effects(moves: Moves) -> tuple[Effect, ...]:
    """The levers that are moved at all, in the order of the schema."""
    effects = []
    for name in type(moves).model_fields:
        value = getattr(moves, name)
        if value is not None:
            number = float(PERMISSIONS.index(value) if name == "permission" else value)
            effects.append(Effect(name.replace("_", "-"), number))
    return tuple(effects)
