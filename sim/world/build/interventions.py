"""Interventions and adaptive rules."""

import itertools
import math
from collections.abc import Iterable

import numpy as np

from sim.scenario.scenario import Scenario
from sim.schedule.lever_steps import steps
from sim.schedule.schedule import Effect, Schedule, ScheduledIntervention
from sim.world.arrays import Bools, Interventions, Rules
from sim.world.build.names import Names, address
from sim.world.build.random_quantities import rows
from sim.world.codes import ACTIONS, EVENTS, INDICATORS, LEVERS

_PHASES = ("announced", "effective", "enforced")
_FRICTIONS = ("payment", "access", "media", "service")


def interventions_of(scenario: Scenario, schedule: Schedule, names: Names) -> Interventions:
    """Arrays of the interventions of a policy."""
    items = schedule.interventions
    count = len(items)
    effects = [
        (i, LEVERS.index(effect.lever), column, _amount(scenario, item, effect))
        for i, item in enumerate(items)
        for effect in item.effects
        for column in _columns(item, effect, names)
    ]
    walk = [(i, step) for i, item in enumerate(items) for step in steps(item)]
    lengths = [len(steps(item)) for item in items]
    modes = ("domestic", "otc", "offshore", "disguised")
    return Interventions(
        key=np.array([address(item.id) for item in items], dtype=np.int64),
        modes=_mask(items, modes, lambda item: item.target.modes),
        hosts=_mask(items, names.jurisdictions, lambda item: _hosts(scenario, item)),
        exchanges=_exchanges(items, names),
        regions=_regions(items, names),
        segments=_mask(items, names.segments, lambda item: item.target.segments),
        agency=np.array([names.agencies.index(item.by) if item.by else -1 for item in items], dtype=np.int64),
        deadline=np.array([math.nan if item.deadline is None else item.deadline for item in items], dtype=float),
        panic=np.array(
            [(item.panic.amplitude, item.panic.decay) if item.panic else (0.0, 1.0) for item in items], dtype=float
        ).reshape(count, 2),
        action=np.array(
            [ACTIONS.index(item.enforcement.action) if item.enforcement else -1 for item in items], dtype=np.int64
        ),
        rate=np.array([item.enforcement.rate if item.enforcement else 0.0 for item in items], dtype=float),
        campaign=np.array([_campaign(item) for item in items], dtype=float).reshape(count, 3),
        reaction=rows(item.reaction for item in items),
        offices=_mask(items, names.offices, lambda item: item.offices),
        rule=np.array([names.rules.index(item.rule) if item.rule else -1 for item in items], dtype=np.int64),
        rung=np.array([item.rung for item in items], dtype=np.int64),
        effect_of=np.array([row[0] for row in effects], dtype=np.int64),
        lever=np.array([row[1] for row in effects], dtype=np.int64),
        column=np.array([row[2] for row in effects], dtype=np.int64),
        amount=np.array([row[3] for row in effects], dtype=float),
        step_of=np.array([i for i, _ in walk], dtype=np.int64),
        step_time=np.array([step.day for _, step in walk], dtype=float),
        step_phase=np.array([_PHASES.index(s.phase) if s.phase else -1 for _, s in walk], dtype=np.int64),
        step_value=np.array([step.strength for _, step in walk], dtype=float),
        step_event=np.array([EVENTS.index(step.event) for _, step in walk], dtype=np.int64),
        step_attention=np.array([step.attention for _, step in walk], dtype=float),
        first_step=np.array([0, *itertools.accumulate(lengths)], dtype=np.int64),
    )


def _mask(items: Iterable[ScheduledIntervention], names: tuple[str, ...], chosen: object) -> Bools:
    """(I, names): whether each name is meant; an empty choice of None means all."""
    table = []
    for item in items:
        picked = chosen(item)  # type: ignore[operator]
        table.append([picked is None or name in picked for name in names])
    return np.array(table, dtype=np.bool_).reshape(len(table), len(names))


def _hosts(scenario: Scenario, item: ScheduledIntervention) -> tuple[str, ...] | None:
    """Hosts meant: those named, else the issuing agency's own country if it is not the focal one, else all."""
    if item.target.jurisdictions is not None or item.by is None:
        return item.target.jurisdictions
    agency = next(agency for agency in scenario.agencies if agency.id == item.by)
    home = agency.jurisdiction or scenario.focal
    return None if home == scenario.focal else (home,)


def _exchanges(items: tuple[ScheduledIntervention, ...], names: Names) -> Bools:
    table = [
        [item.target.exchanges is None or m.id in item.target.exchanges or m.group in item.target.exchanges
         for m in names.exchanges]
        for item in items
    ]  # fmt: skip
    return np.array(table, dtype=np.bool_).reshape(len(items), len(names.exchanges))


def _regions(items: tuple[ScheduledIntervention, ...], names: Names) -> Bools:
    """(I, R + 1); the last column, for exchanges without a region, is set only if no region is named."""
    table = [
        [item.target.regions is None or region in item.target.regions for region in names.regions]
        + [item.target.regions is None]
        for item in items
    ]
    return np.array(table, dtype=np.bool_).reshape(len(items), len(names.regions) + 1)


def _columns(item: ScheduledIntervention, effect: Effect, names: Names) -> list[int]:
    """Friction columns that an effect moves; [-1] for a lever that has none."""
    if effect.lever not in _FRICTIONS:
        return [-1]
    target, access = item.target, len(names.rails)
    if effect.lever == "access":
        return [access]
    blocks = {
        "payment": (names.rails, target.rails, 0),
        "media": (names.channels, target.channels, access + 1),
        "service": (names.products, target.products, access + 1 + len(names.channels)),
    }
    known, chosen, offset = blocks[effect.lever]
    return [offset + n for n, name in enumerate(known) if chosen is None or name in chosen]


def _amount(scenario: Scenario, item: ScheduledIntervention, effect: Effect) -> float:
    """A friction is scaled by reach and by the part of the country's traders in the regions named."""
    if effect.lever not in _FRICTIONS:
        return effect.value
    return effect.value * item.reach * _population(scenario, item)


def _population(scenario: Scenario, item: ScheduledIntervention) -> float:
    if item.target.regions is None:
        return 1.0
    parts = {region: part for place in scenario.jurisdictions for region, part in place.regions.items()}
    return min(1.0, sum(parts.get(region, 0.0) for region in item.target.regions))


def _campaign(item: ScheduledIntervention) -> tuple[float, float, float]:
    campaign = item.enforcement.campaign if item.enforcement else None
    return (float(campaign.sites), campaign.over, campaign.then) if campaign else (0.0, 0.0, 0.0)


def rules_of(scenario: Scenario, schedule: Schedule) -> Rules:
    """Arrays of the adaptive rules."""
    rules = schedule.rules
    start = [0.0 if rule.starts is None else _days(scenario, rule.starts) for rule in rules]
    above = [rule.when.above is not None for rule in rules]
    return Rules(
        indicator=np.array([INDICATORS.index(rule.when.indicator) for rule in rules], dtype=np.int64),
        sign=np.array([1.0 if up else -1.0 for up in above], dtype=float),
        threshold=np.array(
            [rule.when.above if up else rule.when.below for rule, up in zip(rules, above, strict=True)], dtype=float
        ),
        hold=np.array([rule.when.hold for rule in rules], dtype=float),
        every=np.array([rule.every for rule in rules], dtype=float),
        # Rounded up to whole intervals, but not for the rounding of the quotient itself.
        lag_intervals=np.array([math.ceil(rule.lag / rule.every - 1e-9) for rule in rules], dtype=np.int64),
        cooldown=np.array([rule.cooldown for rule in rules], dtype=float),
        starts=np.array(start, dtype=float),
        rungs=np.array([len(rule.steps) for rule in rules], dtype=np.int64),
    )


def _days(scenario: Scenario, moment: object) -> float:
    return (moment - scenario.start).total_seconds() / 86400.0  # type: ignore[operator, no-any-return]
