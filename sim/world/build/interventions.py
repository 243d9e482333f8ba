"""Interventions, their effects and their steps."""

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.kernels.shapes import along, filled
from sim.scenario.scenario import Scenario
from sim.schedule.lever_steps import steps
from sim.schedule.levers import PHASES
from sim.schedule.schedule import Effect, Schedule, ScheduledIntervention
from sim.world import codes as c
from sim.world.arrays import Interventions
from sim.world.build.names import Member, Names, address
from sim.world.build.random_quantities import rows


def interventions_of(scenario: Scenario, schedule: Schedule, names: Names) -> Interventions:
    """Arrays of the interventions of a policy."""
    items = tuple(_of_venues(item, names) for item in schedule.interventions)
    effects = [
        (i, c.LEVER_NUMBER[effect.lever], column, _amount(scenario, item, effect))
        for i, item in enumerate(items)
        for effect in item.effects
        for column in _columns(item, effect, names)
    ]
    hosts = _mask(items, names.jurisdictions, lambda item: scenario.hosts_meant(item.target, item.by))
    limits = [any(e.lever == "permission" and e.value != c.FREE for e in item.effects) for item in items]
    moved = [{lever for of, lever, _, _ in effects if of == i} for i in range(len(items))]
    modes = ("domestic", "otc", "offshore", "disguised")
    return filled(
        Interventions,
        {**names.sizes, "E": len(effects), "N": sum(len(steps(item)) for item in items)},
        key=[address(item.id) for item in items],
        modes=_mask(items, modes, lambda item: item.target.modes),
        hosts=hosts,
        exchanges=[[_means(item, member) for member in names.exchanges] for item in items],
        # The last column stands for exchanges without a region: set only if none is named.
        regions=_mask(items, (*names.regions, ""), lambda item: item.target.regions),
        segments=_mask(items, names.segments, lambda item: item.target.segments),
        agency=[names.agencies.index(item.by) if item.by else -1 for item in items],
        deadline=[math.nan if item.deadline is None else item.deadline for item in items],
        panic=[(item.panic.amplitude, item.panic.decay) if item.panic else (0.0, 1.0) for item in items],
        visible_act=[item.visible_act for item in items],
        action=[c.ACTIONS.index(item.enforcement.action) if item.enforcement else -1 for item in items],
        rate=[item.enforcement.rate if item.enforcement else 0.0 for item in items],
        campaign=[_campaign(item) for item in items],
        reaction=rows(item.reaction for item in items),
        at_once=[math.nan if item.ending.at_once is None else item.ending.at_once for item in items],
        at_end=[item.ending.at_end for item in items],
        notice_scale=[math.nan if item.ending.notice_scale is None else item.ending.notice_scale for item in items],
        anticipation=[item.anticipation for item in items],
        offices=_mask(items, names.offices, lambda item: item.offices),
        rule=[names.rules.index(item.rule) if item.rule else -1 for item in items],
        rung=[item.rung for item in items],
        effect_of=[i for i, _, _, _ in effects],
        lever=[lever for _, lever, _, _ in effects],
        column=[column for _, _, column, _ in effects],
        amount=[amount for _, _, _, amount in effects],
        **_steps(items),
        limits=limits,
        forbids=[any(e.lever == "permission" and e.value == c.FORBIDDEN for e in item.effects) for item in items],
        focal_law=[scenario.is_focal_law(item.law, item.by) for item in items],
        suspends=[any(e.lever == "suspension" and e.value > 0.0 for e in item.effects) for item in items],
        refuses=[any(e.lever == "refusal" and e.value > 0.0 for e in item.effects) for item in items],
        limits_all=[limit and all(everywhere) for limit, everywhere in zip(limits, hosts, strict=True)],
        moves_venues=[_phases(item, levers) for item, levers in zip(items, moved, strict=True)],
        licenses=[bool(item.offices) for item in items],
        limits_products=[_limits_products(item, names) for item in schedule.interventions],
        moves_detection=[_moves_detection(item, levers) for item, levers in zip(items, moved, strict=True)],
        prices_entry=[c.L_ENTRY in levers for levers in moved],
    )


def with_items(
    scenario: Scenario, interventions: Interventions, items: Mapping[int, ScheduledIntervention], names: Names
) -> Interventions:
    """The arrays with some interventions of a policy, by number, as they are now."""
    changed = {name: getattr(interventions, name).copy() for name in along(Interventions, "I")}
    changed |= {name: getattr(interventions, name) for symbol in "EN" for name in along(Interventions, symbol)}
    for i, item in items.items():
        own = interventions_of(scenario, Schedule("", (item,), ()), replace(names, interventions=(item.id,)))
        for name in along(Interventions, "I"):
            changed[name][i] = getattr(own, name)[0]
        for symbol, of in (("E", "effect_of"), ("N", "step_of")):
            first, last = np.searchsorted(changed[of], (i, i + 1))
            for name in along(Interventions, symbol):
                new = getattr(own, name) + (i if name == of else 0)
                changed[name] = np.concatenate((changed[name][:first], new, changed[name][last:]))
    changed["first_step"] = np.searchsorted(changed["step_of"], np.arange(len(interventions.first_step)))
    return interventions._replace(**changed)


def _limits_products(item: ScheduledIntervention, names: Names) -> bool:
    """Whether it asks for a licence for products."""
    asks = any(effect == Effect("permission", c.LICENCE) for effect in item.effects)
    return asks and not {*item.offices}.isdisjoint(names.product_offices)


def _of_venues(item: ScheduledIntervention, names: Names) -> ScheduledIntervention:
    """What it asks of venues as a whole: one whose offices are all for products asks them for no licence."""
    if not _limits_products(item, names) or not {*item.offices} <= {*names.product_offices}:
        return item
    return replace(item, effects=tuple(effect for effect in item.effects if effect.lever != "permission"))


def _steps(items: Sequence[ScheduledIntervention]) -> dict[str, Any]:
    """The arrays of their steps, by name."""
    walk = [(i, step) for i, item in enumerate(items) for step in steps(item)]
    return {
        "step_of": [i for i, _ in walk],
        "step_time": [step.day for _, step in walk],
        "step_phase": [PHASES.index(step.phase) if step.phase else -1 for _, step in walk],
        "step_value": [step.strength for _, step in walk],
        "step_event": [c.EVENTS.index(step.event) for _, step in walk],
        "step_attention": [step.attention for _, step in walk],
        "step_leave": [step.leave for _, step in walk],
        "first_step": [0, *itertools.accumulate(len(steps(item)) for item in items)],
    }


def _mask(
    items: Iterable[ScheduledIntervention],
    names: tuple[str, ...],
    target: Callable[[ScheduledIntervention], Collection[str] | None],
) -> list[list[bool]]:
    """(I, names): whether each name is in the target of each intervention; a target of None includes all."""
    chosen = [target(item) for item in items]
    return [[some is None or name in some for name in names] for some in chosen]


def _phases(item: ScheduledIntervention, levers: Collection[int]) -> list[bool]:
    """(3,): whether these levers follow the strength in each phase; what is expected follows what is announced."""
    anticipated = c.L_PERMISSION in levers or (item.anticipation > 0.0 and any(c.DETERS[lever] for lever in levers))
    follows = {c.PHASE[lever] for lever in levers} | ({c.ANNOUNCED} if anticipated else set())
    return [phase in follows for phase in range(len(PHASES))]


def _moves_detection(item: ScheduledIntervention, levers: Collection[int]) -> bool:
    """By seeking venues, by what is unlawful or blockable, or by opening those that wait for a licence when it ends."""
    moved = {c.L_PERMISSION, c.L_CLAIM, c.L_DETECTION, c.L_SUSPENSION}.intersection(levers)
    return bool(item.enforcement or item.offices or moved)


def _means(item: ScheduledIntervention, member: Member) -> bool:
    return item.target.exchanges is None or member.is_named(item.target.exchanges)


def _columns(item: ScheduledIntervention, effect: Effect, names: Names) -> list[int]:
    """Friction columns that an effect moves; [-1] for a lever that has none."""
    if not c.IS_FRICTION[c.LEVER_NUMBER[effect.lever]]:
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
    """A friction is scaled by the part of the country's traders in the regions named."""
    if item.target.regions is None or not c.IS_FRICTION[c.LEVER_NUMBER[effect.lever]]:
        return effect.value
    shares = {region: share for j in scenario.jurisdictions for region, share in j.regions.items()}
    return effect.value * min(1.0, sum(shares.get(region, 0.0) for region in item.target.regions))


def _campaign(item: ScheduledIntervention) -> tuple[float, float, float]:
    campaign = item.enforcement.campaign if item.enforcement else None
    return (float(campaign.sites), campaign.over, campaign.then) if campaign else (0.0, 0.0, 0.0)
