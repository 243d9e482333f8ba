"""Compare policies: replications that share their random numbers, as many as asked or as the precision needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import days_from
from sim.study.jobs.collect import Collector, Watcher
from sim.study.jobs.plan import Plan, instants
from sim.study.jobs.pool import Do, Workers, crew
from sim.study.precision import Precision, Reached, looks, pairs_of, review, settled
from sim.study.store.study_manifest import Description, Request
from sim.study.study import BASELINE, Study

if TYPE_CHECKING:
    from sim.engine import Engine
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.world.build.names import Names

Policies = Sequence[str] | Mapping[str, "Policy"] | None
_REPLICATIONS = 100  # unless something else is asked


def compare(
    scenario: Scenario,
    policies: Policies = None,
    replications: int | None = None,
    until: Precision | Sequence[Precision] = (),
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    paths: bool = True,
    watch: Watcher | None = None,
    draws: int | None = None,
) -> Study:
    """See `sim.compare`; `watch` is told how far the study is."""
    from sim.engine import batch_simulator
    from sim.model.outcomes.measures import measure_names
    from sim.scenario.source_file import origin
    from sim.study.store.store import opened

    scenario, chosen = chosen_policies(scenario, policies)
    asked = (until,) if isinstance(until, Precision) else tuple(until)
    if replications is not None and asked:
        raise ValueError("give replications or until, not both: a precision chooses the number itself")
    if seed < 0 or (replications is not None and replications < 1):
        raise ValueError("seed is a whole number from 0 on, replications one from 1 on")
    name, _ = batch_simulator(engine)
    plan, names = planned(scenario, chosen, seed, name, paths)
    if draws is not None:
        plan = with_draws(plan, scenario, draws, asked)
    measures = tuple(measure_names(names[BASELINE].jurisdictions))
    for precision in asked:
        _known(precision.measure, measures)
    number = None if asked else replications or _REPLICATIONS
    rules = {policy: names[policy].rules for policy in chosen}
    about = Description(scenario, plan, measures, rules, Request(chosen, number, asked, draws))
    with nullcontext() if store is None else opened(store, about) as folder, crew(executor, name) as do:
        collector = Collector(plan, folder, watch)
        reached = _until(collector, do, asked, measures) if number is None else ()
        if number is not None:
            collector.extend(do, number)
        if folder is not None:
            folder.finish()
    failed = collector.failures()
    results = {policy: collector.results(policy, rules[policy]) for policy in chosen}
    day = np.array(plan.records, dtype=float) * plan.every
    files = {policy: origin(scenario, policy) for policy in chosen}
    return Study(scenario, seed, name, measures, day, results, reached, failed, files, draws)


def chosen_policies(scenario: Scenario, policies: Policies) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with all policies, and the names of those to compare, the baseline first.

    Raises ValueError for a name that is not there.
    """
    from sim.suggest import did_you_mean

    if isinstance(policies, Mapping):
        scenario = scenario.with_policies(policies)
    elif isinstance(policies, str):
        policies = [policies]
    names = list(scenario.policies) if policies is None else list(policies)
    for name in names:
        if name not in scenario.policies:
            raise ValueError(f"no policy {name!r} in {scenario.name}{did_you_mean(name, scenario.policies)}")
    return scenario, tuple(dict.fromkeys([BASELINE, *names]))


def planned(
    scenario: Scenario, policies: Sequence[str], seed: int, engine: str, paths: bool
) -> tuple[Plan, dict[str, Names]]:
    """The plan of a study, and what the indices of each policy's arrays stand for."""
    from sim.engine.result import record_times
    from sim.world.build import world_of

    built = {policy: world_of(scenario, policy) for policy in policies}
    until, every = days_from(scenario.start, scenario.end), scenario.record.every
    records = instants(len(record_times(until, every)), paths)
    worlds = {policy: world for policy, (world, _) in built.items()}
    return Plan(worlds, engine, seed, until, every, records), {policy: names for policy, (_, names) in built.items()}


def with_draws(plan: Plan, scenario: Scenario, draws: int, asked: Sequence[Precision] = ()) -> Plan:
    """The plan with parameters drawn. Raises ValueError if a precision could need more replications than draws."""
    from sim.study.statistics.parameter_draws import Draws

    most = max((precision.maximum for precision in asked), default=0)
    if draws < most:
        raise ValueError(
            f"{draws:,} draws can be too few for the precision, which may take {most:,} replications: replications "
            f"that share a draw narrow no further; give draws={most} or a smaller maximum"
        )
    return replace(plan, draws=Draws(scenario, plan.seed, draws))


def _known(measure: str, measures: Sequence[str]) -> None:
    from sim.suggest import did_you_mean

    if measure not in measures:
        raise ValueError(f"no measure {measure!r}{did_you_mean(measure, measures)}")


def _until(collector: Collector, do: Do, asked: Sequence[Precision], measures: Sequence[str]) -> tuple[Reached, ...]:
    reports: tuple[Reached, ...] = ()
    for n in looks(asked):
        collector.extend(do, n)
        values = {policy: collector.measures(policy) for policy in collector.parts}
        reports = review(asked, pairs_of(asked, values, measures))
        collector.found(reports)
        if settled(reports):
            break
    return reports
