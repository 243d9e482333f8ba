"""Compare policies: replications that share their random numbers, as many as asked or as the precision needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.study.plan import Plan, instants
from sim.study.precision import Pairs, Precision, Reached, looks, review, settled
from sim.study.study import BASELINE, Results, Study
from sim.study.work import Part, Work, joined
from sim.study.workers import Workers, crew

if TYPE_CHECKING:
    from sim.engine import Engine
    from sim.engine.build import Names
    from sim.scenario.policies import Policy
    from sim.scenario.root import Scenario
    from sim.study.store import Store

Policies = Sequence[str] | Mapping[str, "Policy"] | None
Watcher = Callable[[Part], None]


class Collector:
    """The parts of a study in the making, by policy; those that a store has already are not made again."""

    def __init__(self, plan: Plan, store: Store | None, watch: Watcher | None) -> None:
        self.plan, self.store, self.watch = plan, store, watch
        self.parts: dict[str, list[Part]] = {policy: [] for policy in plan.worlds}
        self.done = dict.fromkeys(plan.worlds, 0)

    def extend(self, do: Callable[[Iterable[Work]], Iterator[Part]], last: int) -> None:
        """Make the replications of every policy up to `last`."""
        for part in do(self._missing(last)):
            if self.store is not None:
                self.store.write(part)
            self._take(part)

    def _missing(self, last: int) -> Iterator[Work]:
        """What the store does not have, made up when it is wanted."""
        for policy in self.plan.worlds:
            for work in self.plan.pieces(policy, self.done[policy], last):
                kept = self.store.read(work) if self.store is not None else None
                if kept is None:
                    yield work
                else:
                    self._take(kept)
            self.done[policy] = max(self.done[policy], last)

    def _take(self, part: Part) -> None:
        self.parts[part.policy].append(part)
        if self.watch is not None:
            self.watch(part)

    def results(self, policy: str, rules: tuple[str, ...]) -> Results:
        """All that was made of a policy."""
        return Results(**joined(self.parts[policy]), rules=rules)


def compare(
    scenario: Scenario,
    policies: Policies = None,
    replications: int | None = None,
    until: Precision | Sequence[Precision] = (),
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: Store | None = None,
    paths: bool = True,
    watch: Watcher | None = None,
    draws: int | None = None,
) -> Study:
    """See `sim.compare`; `watch` is told of every part that comes in."""
    from sim.engine import block_simulator
    from sim.record.measures import measure_names

    scenario, chosen = chosen_policies(scenario, policies)
    asked = (until,) if isinstance(until, Precision) else tuple(until)
    if replications is not None and asked:
        raise ValueError("give replications or until, not both: a precision chooses the number itself")
    if seed < 0 or (replications is not None and replications < 1):
        raise ValueError("seed is a whole number from 0 on, replications one from 1 on")
    name, _ = block_simulator(engine)
    plan, names = planned(scenario, chosen, seed, name, paths)
    if draws is not None:
        plan = with_draws(plan, scenario, draws, asked)
    measures = tuple(measure_names(names[BASELINE].jurisdictions))
    collector = Collector(plan, store, watch)
    with crew(executor, name) as do:
        if asked:
            reached = _until(collector, do, asked, measures)
        else:
            collector.extend(do, 100 if replications is None else replications)
            reached = ()
    results = {policy: collector.results(policy, names[policy].rules) for policy in chosen}
    failed = tuple(f for policy in chosen for part in collector.parts[policy] for f in part.failures)
    day = np.array(plan.records, dtype=float) * plan.every
    return Study(scenario, seed, name, measures, day, results, reached, failed, draws)


def chosen_policies(scenario: Scenario, policies: Policies) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with all policies, and the names of those to compare, the baseline first.

    Raises ValueError for a name that is not there.
    """
    from sim.scenario.errors import did_you_mean

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
    from sim.engine.build import build
    from sim.engine.result import record_times
    from sim.policy import expand

    built = {policy: build(scenario, expand(scenario, policy)) for policy in policies}
    until, every = (scenario.end - scenario.start).total_seconds() / 86400.0, scenario.record.every
    records = instants(len(record_times(until, every)), paths)
    worlds = {policy: world for policy, (world, _) in built.items()}
    return Plan(worlds, engine, seed, until, every, records), {policy: names for policy, (_, names) in built.items()}


def with_draws(plan: Plan, scenario: Scenario, draws: int, asked: Sequence[Precision]) -> Plan:
    """The plan with parameters drawn. Raises ValueError if a precision could need more replications than draws."""
    from sim.study.draws import Draws

    most = max((precision.maximum for precision in asked), default=0)
    if draws < most:
        raise ValueError(
            f"{draws:,} draws can be too few for the precision, which may take {most:,} replications: replications "
            f"that share a draw narrow no further; give draws={most} or a smaller maximum"
        )
    return replace(plan, draws=Draws(scenario, plan.seed, draws))


def _until(
    collector: Collector,
    do: Callable[[Iterable[Work]], Iterator[Part]],
    asked: Sequence[Precision],
    measures: Sequence[str],
) -> tuple[Reached, ...]:
    reports: tuple[Reached, ...] = ()
    for n in looks(asked):
        collector.extend(do, n)
        reports = review(asked, _pairs(collector, asked, measures))
        if settled(reports):
            break
    return reports


def _pairs(collector: Collector, asked: Sequence[Precision], measures: Sequence[str]) -> Pairs:
    from sim.scenario.errors import did_you_mean

    columns = {}
    for precision in asked:
        if precision.measure not in measures:
            raise ValueError(f"no measure {precision.measure!r}{did_you_mean(precision.measure, measures)}")
        columns[precision.measure] = measures.index(precision.measure)
    values = {policy: joined(parts)["measures"] for policy, parts in collector.parts.items()}
    return {
        (policy, measure): (values[policy][:, column], values[BASELINE][:, column])
        for policy in values
        if policy != BASELINE
        for measure, column in columns.items()
    }
