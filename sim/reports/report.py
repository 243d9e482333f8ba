"""A run or a study as a report: its sections in order, put into one HTML page."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from sim.atomic_write import write_whole
from sim.evidence.facts import read_evidence
from sim.plot.style import listed
from sim.plot.wording import policy_labels, policy_words, run_source, study_source
from sim.reports.assumptions import assumption_blocks
from sim.reports.decision_words import HOW_FAR, decision_blocks
from sim.reports.figures_shown import MEASURES, illustrations
from sim.reports.outcome_tables import outcome_blocks
from sim.reports.policy_tables import policy_blocks
from sim.reports.provenance import provenance_blocks
from sim.reports.record_table import evidence_file, record_blocks
from sim.reports.rendering import html
from sim.reports.report_blocks import Block, Paragraphs, Report, Section, Subheading
from sim.results.run import Run
from sim.results.simulate import simulate
from sim.study.jobs.worker_pool import Workers
from sim.study.statistics.parameter_draws import Draws
from sim.study.study import Study

_TOLD = 3
"""Policies of a study of which one history is told, the baseline among them."""


def write_report(
    result: Run | Study,
    file: str | PathLike[str],
    question: str | None,
    evidence: str | PathLike[str] | None,
    replications: int,
    executor: Workers = None,
) -> Path:
    """See `sim.report`."""
    path = Path(file)
    write_whole(path.absolute(), html(report_of(result, question, evidence, replications, executor)))
    return path


def report_of(
    result: Run | Study,
    question: str | None = None,
    evidence: str | PathLike[str] | None = None,
    replications: int = 0,
    executor: Workers = None,
) -> Report:
    """The content of the report on a result."""
    scenario = result.scenario
    known = evidence or evidence_file(scenario, result.files.get("baseline") if isinstance(result, Study) else None)
    record = read_evidence(known, scenario) if known and replications else None
    source = run_source(result) if isinstance(result, Run) else study_source(result)
    policies = [result.policy] if isinstance(result, Run) else result.policies
    sections = (
        Section("outcome", "What came out", outcome_blocks(result)),
        Section("figures", "Figures", illustrations(result)),
        Section("policies", "What the policies do", policy_blocks(scenario, policies)),
        Section("decisions", "What the main exchanges decided", _decisions(result)),
        Section("validation", "Comparison with the record", record_blocks(scenario, record, replications, executor)),
        Section("assumptions", "What is assumed", tuple(assumption_blocks(scenario))),
        Section("reproduction", "How to make it again", provenance_blocks(result)),
    )
    return Report(scenario.name, question or _question(result), scenario.description, source, sections)


def _question(result: Run | Study) -> str:
    if isinstance(result, Run):
        policy = policy_labels(result.scenario, [result.policy])[result.policy]
        return f"What do exchanges and traders do under the policy {policy}?"
    first, *others = policy_labels(result.scenario, result.policies).values()
    measures = listed(MEASURES)
    if not others:
        return f"What are {measures} under the policy {first}?"
    names = listed(others) if len(others) <= 4 else f"{len(others)} other policies"
    return f"How do {measures} under {names} differ from those under {first}?"


def _decisions(result: Run | Study) -> tuple[Block, ...]:
    """Of a study, one history of each of the first policies."""
    if isinstance(result, Run):
        return Paragraphs((HOW_FAR,)), *decision_blocks(result)
    blocks: list[Block] = [Paragraphs((f"One history of each policy, its first replication. {HOW_FAR}",))]
    labels = policy_labels(result.scenario, result.policies)
    for policy in result.policies[:_TOLD]:
        heading = Subheading(f"Under {policy_words(labels[policy])}")
        blocks += [heading, *decision_blocks(_first_history(result, policy))]
    return tuple(blocks)


def _first_history(study: Study, policy: str) -> Run:
    """Replication 0 of a policy, with the values that were drawn for it, if any were."""
    scenario = study.scenario
    if study.draws is not None:
        scenario = scenario.with_values(Draws(scenario, study.seed, study.draws, study.posterior).values(0))
    return simulate(scenario, policy, study.seed, 0)
