"""A policy as data: interventions with their effects and dates in days, and adaptive rules."""

from dataclasses import dataclass
from typing import Literal

from sim.scenario.policy.interventions import Ending, EnforcementMandate, Panic, Rule, Target
from sim.scenario.values.distributions import Dist


@dataclass(frozen=True, slots=True)
class Effect:
    """One lever and how far it is moved at full strength.

    `value` is a friction in [0, 1], a fee as a part of volume, a permission (0 free, 1 licence, 2 forbidden), an
    addition (risk) or a factor, as the lever has it.
    """

    lever: str
    value: float


@dataclass(frozen=True, slots=True)
class Step:
    """A date on which an intervention changes.

    `phase` names what moves: "announced" expectations, "effective" levers, "enforced" detection, "" nothing.
    `strength` is the part of the full effect from then on, `attention` the part of traders who reconsider, `leave` the
    part of the users of the venues that it binds who choose anew.
    """

    day: float
    event: str
    phase: str
    strength: float
    attention: float = 0.0
    leave: float = 0.0


@dataclass(frozen=True, slots=True)
class ScheduledIntervention:
    """A dated, announced, targeted change of levers.

    Days count from the scenario's start, or from the firing of the rule on whose ladder it stands. Effects and
    enforcement are what arrives, by coverage, efficacy, exempt parts and intensity (`sim.schedule.expand`).
    """

    id: str
    kind: str
    by: str | None
    announced: float
    effective: float
    enforced: float
    deadline: float | None
    until: float | None
    ramp: float
    fade: float
    target: Target
    effects: tuple[Effect, ...]
    attention: float
    leave: float
    visible_act: float
    panic: Panic | None
    enforcement: EnforcementMandate | None
    anticipation: float
    ending: Ending
    law: Literal["focal", "host"] | None
    offices: tuple[str, ...]
    reaction: Dist | None
    rule: str | None = None
    rung: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A policy ready to be simulated: all its interventions, those of ladders included, and its rules."""

    name: str
    interventions: tuple[ScheduledIntervention, ...]
    rules: tuple[Rule, ...] = ()
