"""What the record of the episode says beside what the scenario gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.evidence.evidence_file import Fact
from sim.evidence.facts import Evidence
from sim.reports.content import Block, Paragraphs, Table
from sim.scenario.scenario import Scenario, file_of
from sim.scenario.shipped import shipped
from sim.study.record_check import POWERLESS, check, evidence_beside

_USES = {"fix": "set from it", "calibrate": "fitted to it", "validate": "kept for this test"}
NO_RECORD = (
    "No record of facts belongs to this scenario, so nothing here was compared with what happened. Differences between "
    "policies are consequences of the assumptions below."
)


def evidence_of(scenario: Scenario, file: str | None) -> Path | None:
    """The record of a scenario: beside the file that it was read from, or the package's own; None if there is none."""
    own = file or file_of(scenario, "baseline")
    named = shipped().get(scenario.name.replace("-", "_"))
    candidates = [evidence_beside(Path(path)) for path in (own, named) if path]
    return next((path for path in candidates if path.is_file()), None)


def validation_blocks(scenario: Scenario, evidence: Evidence | None, replications: int) -> tuple[Block, ...]:
    """The facts of the record beside what the baseline predicts; without a record, that there is none."""
    if evidence is None:
        return (Paragraphs((NO_RECORD,)),)
    found = check(scenario, evidence, replications=replications)
    rows = tuple(_row(evidence.facts[str(name)], row) for name, row in found.table().to_dict("index").items())
    heads = ("fact", "record", "prediction (90 %)", "agrees", "moved by the interventions", "use", "source (grade)")
    summary = (
        f"Predictions are of {found.runs} replications and hold chance, the errors of model and record, and "
        f"{found.parameters}. A fact that the scenario was fitted to agrees by construction."
    )
    return Paragraphs((summary, *found.words())), Table("Facts of the record, and what the baseline gives", heads, rows)


def _row(fact: Fact, row: Mapping[Any, Any]) -> tuple[str, ...]:
    interval = f"{row['interval_low']:.4g} to {row['interval_high']:.4g}"
    return (
        fact.about,
        f"{row['record']:.4g} ({row['low']:.4g} to {row['high']:.4g}) {fact.unit}",
        f"{row['median']:.4g} ({interval})" if row["defined"] else "undefined",
        "yes" if row["inside"] else "no",
        "yes" if row["power all"] >= POWERLESS else "hardly",
        _USES[fact.use],
        f"{fact.source} ({fact.grade})",
    )
