"""From the policy that the user wrote to a schedule: kinds filled in, dates as days, reach and intensity applied."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sim.clock import DAY, days_from
from sim.scenario.policy.interventions import EnforcementMandate, Intervention, Moves, Target
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.scenario.values.calendar import When, moment
from sim.schedule.levers import BY_NAME, PERMISSIONS
from sim.schedule.schedule import Effect, Schedule, ScheduledIntervention

UNNAMED = "given"
"""What a policy is called that comes without a name."""


def expand(scenario: Scenario, policy: str | Policy) -> Schedule:
    """The schedule of one of a scenario's policies, by name, or of any other policy in its world.

    Raises KeyError if the scenario has no policy of that name, and ScenarioError if a policy that comes without a
    name uses ids that are not in the scenario.
    """
    name = policy if isinstance(policy, str) else UNNAMED
    chosen = (scenario if isinstance(policy, str) else scenario.with_policies({name: policy})).policies[name]
    dated = [scheduled(scenario, item) for item in chosen.interventions]
    ladders = [
        scheduled(scenario, item, rule=rule.id, rung=rung)
        for rule in chosen.rules
        for rung, step in enumerate(rule.steps)
        for item in step
    ]
    rules = [  # starts that are offsets from that of the scenario become dates
        rule if rule.starts is None else rule.model_copy(update={"starts": moment(rule.starts, scenario.start)})
        for rule in chosen.rules
    ]
    return Schedule(name, tuple(dated + ladders), tuple(rules))


def scheduled(scenario: Scenario, item: Intervention, rule: str | None = None, rung: int = 0) -> ScheduledIntervention:
    """An intervention of a policy, or on the rung of a rule's ladder, with its dates in days and all that arrives."""
    item = scenario.with_kind(item)

    def day(when: When | None) -> float | None:
        """In days from the start of the scenario, or on a ladder from the firing, whose date nobody knows."""
        if when is None or (rule and isinstance(when, timedelta)):
            return None if when is None else when / DAY
        return days_from(scenario.start, moment(when, scenario.start))

    announced = _first(day(item.announced), day(item.effective), 0.0)
    effective = _first(day(item.effective), announced)
    prohibits = item.moves.permission in ("licence", "forbidden")
    reach = Reach(item.coverage * item.efficacy, max(0.0, 1.0 - sum(item.exempt.values())))
    mandate = item.enforcement
    found = ScheduledIntervention(
        id=item.id,
        kind=item.kind,
        by=item.by,
        announced=min(announced, effective),
        effective=effective,
        enforced=_first(day(item.enforced), day(item.deadline), effective),
        deadline=effective if item.deadline is None and prohibits else day(item.deadline),
        until=day(item.until),
        ramp=item.ramp,
        fade=item.fade,
        target=item.target or Target(),
        effects=arriving(_effects(item.moves), reach, item.intensity),
        attention=item.attention or 0.0,
        leave=_friction(item.leave or 0.0, reach, item.intensity),
        visible_act=item.visible_act,
        panic=item.panic,
        enforcement=None if mandate is None else intensified(mandate, item.intensity * reach.part),
        anticipation=item.anticipation,
        ending=item.ending,
        law=item.law,
        offices=item.offices,
        reaction=item.reaction,
        rule=rule,
        rung=rung,
    )
    return found if reach.part > 0.0 else _powerless(found)


def _powerless(item: ScheduledIntervention) -> ScheduledIntervention:
    """An intervention that reaches nobody: it is dated, and nothing else."""
    nobody = item.target.model_copy(update={"exchanges": ()})
    return replace(
        item, target=nobody, effects=(), attention=0.0, leave=0.0, visible_act=0.0, panic=None, enforcement=None,
        offices=(),
    )  # fmt: skip


def _first(*days: float | None) -> float:
    """The first that is given; the last one is."""
    return next(day for day in days if day is not None)


def _effects(moves: Moves) -> tuple[Effect, ...]:
    """The levers that are moved at all, in the order of the schema."""
    return tuple(
        Effect(name.replace("_", "-"), float(PERMISSIONS.index(value) if name == "permission" else value))
        for name, value in moves
        if value is not None
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of the target that is reached (coverage x efficacy), and of that the part that is not exempt."""

    reached: float
    kept: float

    @property
    def part(self) -> float:
        """Both together."""
        return self.reached * self.kept


def arriving(effects: tuple[Effect, ...], reach: Reach, by: float) -> tuple[Effect, ...]:
    """What arrives of effects that are `by` times as hard.

    Of a friction, reach x value arrives. That is multiplied, up to 1: first the reach grows, and when that is 1 the
    value. Amounts are multiplied by reach and intensity. A factor a becomes 1 + (a - 1) reach, which is raised to the
    power `by`, because factors of several interventions are multiplied: at 2 the intervention counts as two of its
    kind. Permissions and claims are as they are.
    """
    return tuple(replace(effect, value=_value(effect, reach, by)) for effect in effects)


def _value(effect: Effect, reach: Reach, by: float) -> float:
    sort, value = BY_NAME[effect.lever].sort, effect.value
    if sort == "friction":
        return _friction(value, reach, by)
    if sort == "amount":
        return value * by * reach.part
    if sort == "factor":
        return float((value if reach.part == 1.0 else 1.0 + (value - 1.0) * reach.part) ** by)
    return value


def _friction(value: float, reach: Reach, by: float) -> float:
    grown = min(1.0, value * max(1.0, reach.reached * by))
    return grown * (min(1.0, reach.reached * by) * reach.kept)


def intensified(mandate: EnforcementMandate, by: float) -> EnforcementMandate:
    """Detection so many times as frequent, and a list of sites so many times as long."""
    campaign = mandate.campaign
    if campaign is not None:
        campaign = campaign.model_copy(update={"sites": round(campaign.sites * by), "then": campaign.then * by})
    return mandate.model_copy(update={"rate": mandate.rate * by, "campaign": campaign})
