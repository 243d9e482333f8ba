"""Jurisdictions, agencies, licensing offices, and the rules by which agencies act on their own."""

import math

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.scenario import Scenario
from sim.scenario.volumes import amount
from sim.schedule.schedule import Schedule
from sim.world.arrays import Agencies, Jurisdictions, Offices, Rules
from sim.world.build.names import Names
from sim.world.build.random_quantities import rows
from sim.world.codes import INDICATORS


def jurisdictions_of(scenario: Scenario, names: Names) -> Jurisdictions:
    """Arrays of the jurisdictions."""
    jurisdictions, offices = scenario.jurisdictions, names.offices
    return filled(
        Jurisdictions,
        names.sizes,
        jurisdictions,
        entry_cost=[amount(scenario, j.entry_cost) for j in jurisdictions],
        office=[offices.index(j.office) if j.office else -1 for j in jurisdictions],
        unwelcome=[[j.unwelcome.get(product, 0.0) for product in names.products] for j in jurisdictions],
    )


def agencies_of(scenario: Scenario, names: Names) -> Agencies:
    """Arrays of the agencies."""
    agencies = scenario.agencies
    return filled(Agencies, names.sizes, agencies, service=rows(agency.service for agency in agencies))


def offices_of(scenario: Scenario, names: Names) -> Offices:
    """Arrays of the licensing offices."""
    offices = scenario.offices
    by = [o.deemed.apply_by if o.deemed else None for o in offices]
    return filled(
        Offices,
        names.sizes,
        offices,
        service=rows(o.service for o in offices),
        batch=[o.batch or 0.0 for o in offices],
        deemed=[o.deemed.probability if o.deemed else 0.0 for o in offices],
        apply_by=[np.inf if day is None else days_from(scenario.start, day) for day in by],
        patience=rows(o.patience for o in offices),
    )


def rules_of(scenario: Scenario, schedule: Schedule) -> Rules:
    """Arrays of the adaptive rules."""
    rules = schedule.rules
    start = [0.0 if rule.starts is None else days_from(scenario.start, rule.starts) for rule in rules]
    above = [rule.when.above is not None for rule in rules]
    return filled(
        Rules,
        {"A": len(rules)},
        rules,
        indicator=[INDICATORS.index(rule.when.indicator) for rule in rules],
        sign=[1.0 if up else -1.0 for up in above],
        threshold=[rule.when.above if up else rule.when.below for rule, up in zip(rules, above, strict=True)],
        hold=[rule.when.hold for rule in rules],
        # Rounded up to whole intervals, but not for the rounding of the quotient itself.
        lag_intervals=[math.ceil(rule.lag / rule.every - 1e-9) for rule in rules],
        starts=start,
        rungs=[len(rule.steps) for rule in rules],
    )
