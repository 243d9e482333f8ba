"""From a validated scenario and a policy to the arrays that the model works on, in which nothing is random."""

from sim.kernels.shapes import filled
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.schedule.expand import expand, scheduled
from sim.world.arrays import Interventions, Rules, World
from sim.world.build.exchanges import exchanges_of
from sim.world.build.interventions import interventions_of, with_items
from sim.world.build.lever_groups import lever_groups_of
from sim.world.build.names import Names, names_of, with_entries
from sim.world.build.random_quantities import row
from sim.world.build.regulators import agencies_of, jurisdictions_of, offices_of, rules_of
from sim.world.build.settings import economy_of, settings_of
from sim.world.build.traders import columns_of, given_volumes_of, segments_of
from sim.world.codes import STRATEGY_POSTURES

__all__ = ["varied_world", "world_of"]

_NOT_IN_INTERVENTIONS = frozenset({
    "offices", "segments", "exchanges", "closing", "demand", "decisions", "beliefs", "enforcement",
})  # fmt: skip
"""Blocks of a scenario of which interventions and rules use no more than the names."""


def world_of(scenario: Scenario, policy: str | Policy) -> tuple[World, Names]:
    """The arrays of a scenario under one of its policies, by name, or any other, and the names of their indices.

    Raises KeyError if the scenario has no policy of that name, and ScenarioError if a policy that is given names what
    is not in the scenario.
    """
    schedule = expand(scenario, policy)
    names = names_of(scenario, schedule)
    return _assembled(scenario, names, interventions_of(scenario, schedule, names), rules_of(scenario, schedule)), names


def varied_world(before: Scenario, built: tuple[World, Names], scenario: Scenario, policy: str) -> World:
    """The world of a scenario that differs from `before` in some values; `built` is what `world_of` made of that.

    Interventions and rules, which take half of the time, are taken over where they cannot differ. So the result is
    that of `world_of` to the last bit.
    """
    world, names = built
    differing = {name for name in type(scenario).model_fields if getattr(scenario, name) is not getattr(before, name)}
    varied = with_entries(names, scenario)
    if varied is None or not differing <= _NOT_IN_INTERVENTIONS | {"policies"}:
        return world_of(scenario, policy)[0]
    interventions = _varied_interventions(before.policies[policy], scenario, policy, world.interventions, varied)
    if interventions is None:
        return world_of(scenario, policy)[0]
    return _assembled(scenario, varied, interventions, world.rules, world)


def _varied_interventions(
    before: Policy, scenario: Scenario, policy: str, interventions: Interventions, names: Names
) -> Interventions | None:
    """Those of a policy that may have other values than `before`; None if they have to be built from the beginning."""
    now = scenario.policies[policy]
    if now is before:
        return interventions
    if now.ids != before.ids or now.rules != before.rules:
        return None
    pairs = enumerate(zip(now.interventions, before.interventions, strict=True))
    changed = {i: scheduled(scenario, new) for i, (new, old) in pairs if new is not old and new != old}
    return with_items(scenario, interventions, changed, names) if changed else interventions


def _assembled(
    scenario: Scenario, names: Names, interventions: Interventions, rules: Rules, like: World | None = None
) -> World:
    """All arrays; `like` is a world of the same names whose groups of slots may be the same."""
    jurisdictions, exchanges = jurisdictions_of(scenario, names), exchanges_of(scenario, names)
    return filled(
        World,
        names.sizes,
        segments=segments_of(scenario, names),
        columns=columns_of(scenario, names),
        jurisdictions=jurisdictions,
        exchanges=exchanges,
        interventions=interventions,
        lever_groups=lever_groups_of(exchanges, jurisdictions, interventions, like),
        rules=rules,
        agencies=agencies_of(scenario, names),
        offices=offices_of(scenario, names),
        economy=economy_of(scenario),
        settings=settings_of(scenario),
        strategy_postures=STRATEGY_POSTURES,
        return_lag=row(scenario.enforcement.sites.return_lag),
        notice=row(scenario.closing.notice),
        given_volumes=given_volumes_of(scenario, names),
    )
