"""Jurisdictions, agencies, licensing offices, and the rules by which agencies act on their own."""

import math
from collections.abc import Iterable

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.scenario import Scenario
from sim.scenario.volumes import cost
from sim.schedule.schedule import Schedule
from sim.world.arrays import Agencies, Jurisdictions, Offices, Rules
from sim.world.build.names import Names, address
from sim.world.build.random_quantities import rows
from sim.world.codes import INDICATORS


def jurisdictions_of(scenario: Scenario, names: Names) -> Jurisdictions:
    """Arrays of the jurisdictions."""
    jurisdictions, offices = scenario.jurisdictions, names.offices
    return filled(
        Jurisdictions,
        names.sizes,
        jurisdictions,
        key=[address(j.id) for j in jurisdictions],
        region_key=[address(region) for region in names.regions],
        entry_cost=[cost(scenario, j.entry_cost) for j in jurisdictions],
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
    rests = [
        _joined((days_from(scenario.start, p.start), days_from(scenario.start, p.until)) for p in o.pauses)
        for o in offices
    ]
    dates = [sorted(days_from(scenario.start, day) for day in o.decides_on) for o in offices]
    most, last = max(map(len, rests), default=0), max(map(len, dates), default=0)
    by = [o.deemed.apply_by if o.deemed else None for o in offices]
    return filled(
        Offices,
        {**names.sizes, "S": most, "Y": last},
        offices,
        key=[address(o.id) for o in offices],
        pauses=[[*some, *[(np.inf, np.inf)] * (most - len(some))] for some in rests],
        dates=[[*some, *[np.inf] * (last - len(some))] for some in dates],
        agency=[names.agencies.index(o.agency) if o.agency else -1 for o in offices],
        service=rows(o.service for o in offices),
        batch=[o.batch or 0.0 for o in offices],
        eligible=[[o.eligible is None or m.is_named(o.eligible) for m in names.exchanges] for o in offices],
        refuses=[[m.is_named(o.refuses) for m in names.exchanges] for o in offices],
        products=[[product in (o.products or ()) for product in names.products] for o in offices],
        licenses_products=[bool(o.products) for o in offices],
        holders=[[m.is_named(o.holders) for m in names.exchanges] for o in offices],
        deemed=[o.deemed.probability if o.deemed else 0.0 for o in offices],
        apply_by=[np.inf if day is None else days_from(scenario.start, day) for day in by],
        patience=rows(o.patience for o in offices),
    )


def _joined(pauses: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pauses in order, those that touch or overlap as one."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(pauses):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


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
