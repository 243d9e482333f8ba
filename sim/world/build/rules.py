"""Adaptive rules."""

import math

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.policy.written import Rule
from sim.scenario.scenario import Scenario
from sim.schedule.schedule import Schedule
from sim.world.arrays import Rules
from sim.world.build.by_name import of_each
from sim.world.codes import INDICATORS


def rules_of(scenario: Scenario, schedule: Schedule) -> Rules:
    """Arrays of the adaptive rules."""
    rules = schedule.rules
    start = [0.0 if rule.starts is None else days_from(scenario.start, rule.starts) for rule in rules]
    above = [rule.when.above is not None for rule in rules]
    return filled(
        Rules,
        {"A": len(rules)},
        **of_each(Rules, Rule, rules),
        indicator=[INDICATORS.index(rule.when.indicator) for rule in rules],
        sign=[1.0 if up else -1.0 for up in above],
        threshold=[rule.when.above if up else rule.when.below for rule, up in zip(rules, above, strict=True)],
        hold=[rule.when.hold for rule in rules],
        # Rounded up to whole intervals, but not for the rounding of the quotient itself.
        lag_intervals=[math.ceil(rule.lag / rule.every - 1e-9) for rule in rules],
        starts=start,
        rungs=[len(rule.steps) for rule in rules],
    )
