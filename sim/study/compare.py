"""Compare policies with common random numbers, over a given number of replications or until a precision is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from os import PathLike

import numpy as np

from sim.arguments import of_type
from sim.clock import days_from
from sim.engine import Engine, batch_simulator
from sim.engine.result import record_times
from sim.evidence.fact_reader import reader_of
from sim.evidence.facts import Evidence
from sim.model.outcomes.tally import EVERY
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario, file_of
from sim.study.drawn_from import DrawnFrom, drawn_from
from sim.study.jobs.collect import Collector, Watcher
from sim.study.jobs.measure_reader import MeasureReader, measure_reader, stored_names
from sim.study.jobs.plan import Plan, recorded_indices
from sim.study.jobs.worker_pool import RunJobs, Workers, worker_pool
from sim.study.precision import Pairs, Precision, PrecisionReport, all_settled, check, checkpoints, pairs_of, within
from sim.study.statistics.parameter_draws import Draws
from sim.study.statistics.posterior import Posterior
from sim.study.store.resumable_store import open_store
from sim.study.store.study_manifest import Request, StudyDescription
from sim.study.study import BASELINE, Study
from sim.suggest import check_known
from sim.world.build import world_of

Policies = Sequence[str] | Mapping[str, Policy] | None
"""Names of policies of the scenario (None: all), or new policies by name."""
DEFAULT_REPLICATIONS = 100
"""Of each policy, unless a number or a precision is asked for."""
_MOST_WITH_PATHS = 10_000  # replications of a study whose paths stay in memory unasked: at most 20 MB for each policy


def compare(
    scenario: Scenario,
    policies: Policies = None,
    replications: int | None = None,
    until: Precision | Sequence[Precision] = (),
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    paths: bool | None = None,
    watch: Watcher | None = None,
    draws: DrawnFrom = None,
    evidence: Evidence | None = None,
) -> Study:
    """See `sim.compare`; `watch` is called with the progress whenever it changes."""
    scenario, chosen = chosen_policies(scenario, policies)
    targets = _precisions(until)
    count, posterior = drawn_from(scenario, draws)
    if replications is not None and targets:
        raise ValueError("give replications or until, not both: a precision chooses the number itself")
    if seed < 0 or (replications is not None and replications < 1):
        raise ValueError("seed is a whole number from 0 on, replications one from 1 on")
    name, _ = batch_simulator(engine)
    number = None if targets else replications or DEFAULT_REPLICATIONS
    capped = within(targets, count)
    most = max([number or 0, *(target.maximum for target in capped)])
    reader = measure_reader(scenario, [target.measure for target in targets], evidence)
    if paths is None:
        paths = store is not None or most <= _MOST_WITH_PATHS
    paths = paths or bool(reader.records)
    request = Request(chosen, number, targets, count, posterior is not None)
    about = described(scenario, request, seed, name, paths, posterior, evidence)
    with (
        nullcontext() if store is None else open_store(store, about) as opened,
        worker_pool(executor, name) as run_jobs,
    ):
        collector = Collector(about.plan, most, len(about.measures), opened, watch)
        if number is not None:
            collector.extend(run_jobs, number)
        reports = _extend_until(collector, run_jobs, capped, reader) if number is None else ()
        if opened is not None:
            opened.finish()
    failed = collector.failures()
    results = {policy: collector.results(policy, about.rules[policy]) for policy in chosen}
    day = np.array(about.plan.records, dtype=float) * about.plan.every
    files = {policy: file_of(scenario, policy) for policy in chosen}
    return Study(scenario, seed, name, about.measures, day, results, reports, failed, files, count, posterior)


def chosen_policies(scenario: Scenario, policies: Policies) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with all policies, and the names of those to compare, the baseline first.

    Raises ValueError for a name that is not there.
    """
    if isinstance(policies, Mapping):
        scenario = scenario.with_policies(policies)
    elif isinstance(policies, str):
        policies = [policies]
    names = list(scenario.policies) if policies is None else list(policies)
    for name in names:
        check_known(name, scenario.policies, "policy", f" in {scenario.name}")
    return scenario, tuple(dict.fromkeys([BASELINE, *names]))


def described(
    scenario: Scenario, request: Request, seed: int, engine: str, paths: bool, posterior: Posterior | None = None,
    evidence: Evidence | None = None,
) -> StudyDescription:  # fmt: skip
    """What a study is that was requested; with evidence, its facts stand behind the measures."""
    built = {policy: world_of(scenario, policy) for policy in request.policies}
    worlds = {policy: world for policy, (world, _) in built.items()}
    until, every = days_from(scenario.start, scenario.end), EVERY
    day, readers = record_times(until, every), {}
    draws = None if request.draws is None else Draws(scenario, seed, request.draws, posterior)
    if evidence is not None:
        readers = {policy: reader_of(scenario, evidence, *found, day) for policy, found in built.items()}
    plan = Plan(worlds, engine, seed, until, every, recorded_indices(len(day), paths), draws, readers)
    rules = {policy: names.rules for policy, (_, names) in built.items()}
    return StudyDescription(scenario, plan, stored_names(scenario, evidence), rules, request, evidence)


def _precisions(until: object) -> tuple[Precision, ...]:
    """The precisions asked for. Raises TypeError for anything else."""
    targets = tuple(until) if isinstance(until, Sequence) and not isinstance(until, str) else (until,)
    for target in targets:
        of_type("until", target, Precision, "sim.Precision('leakage', 0.05)")
    return targets


def _extend_until(
    collector: Collector, run_jobs: RunJobs, targets: Sequence[Precision], reader: MeasureReader
) -> tuple[PrecisionReport, ...]:
    """Add replications until every precision is reached or given up; the last reports."""
    reports: tuple[PrecisionReport, ...] = ()
    for n in checkpoints(targets):
        collector.extend(run_jobs, n)
        reports = check(targets, _pairs(targets, collector, reader))
        collector.report_precision(reports)
        if all_settled(reports):
            break
    return reports


def _pairs(targets: Sequence[Precision], collector: Collector, reader: MeasureReader) -> Pairs:
    """The pairs that precisions are asked of, of all replications so far."""
    values = {policy: collector.values(policy, reader) for policy in collector.job_results}
    return pairs_of(targets, tuple(values), lambda measure, policy: values[policy][:, reader.names.index(measure)])
