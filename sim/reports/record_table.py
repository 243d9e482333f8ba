"""What the record of the episode says beside what the scenario gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.evidence.evidence_file import Fact
from sim.evidence.facts import Evidence
from sim.plot.style import percent
from sim.reports.report_blocks import Block, Paragraphs, Table
from sim.scenario.scenario import Scenario, file_of
from sim.scenario.shipped import shipped
from sim.study.jobs.worker_pool import Workers
from sim.study.record_check import check, evidence_beside

_USES = {"fix": "set from it", "calibrate": "fitted to it", "validate": "kept for this test"}
_SCOPE = (
    "{} replications of the baseline. An interval holds 90 % of what the record may say: chance, parameters ({}), and "
    "the errors of model and record. Power is how likely such a record would speak against a world without the "
    "interventions; 10 % if it does not depend on them. A fact that the scenario was fitted to agrees by construction."
)
NO_RECORD = (
    "No record of facts belongs to this scenario, so nothing here was compared with what happened. Differences between "
    "policies are consequences of the assumptions below."
)


def evidence_file(scenario: Scenario, file: str | None) -> Path | None:
    """The record of a scenario: beside the file that it was read from, or the package's own; None if there is none."""
    own = file or file_of(scenario, "baseline")
    named = shipped().get(scenario.name.replace("-", "_"))
    candidates = [evidence_beside(Path(path)) for path in (own, named) if path]
    return next((path for path in candidates if path.is_file()), None)


def record_blocks(
    scenario: Scenario, evidence: Evidence | None, replications: int, executor: Workers
) -> tuple[Block, ...]:
    """The facts of the record beside what the baseline predicts of them; without a record, that there is none."""
    if evidence is None:
        return (Paragraphs((NO_RECORD,)),)
    found = check(scenario, evidence, replications=replications, executor=executor)
    table = found.table()
    powers = [column for column in table.columns if column == "power all"]
    rows = tuple(_row(evidence.facts[str(name)], row, powers) for name, row in table.to_dict("index").items())
    power = ["power against a world without the interventions"] * len(powers)
    heads = ("fact", "record", "prediction (90 % interval)", "inside", *power, "how it was used", "source (grade)")
    return (
        Paragraphs((_SCOPE.format(found.runs, found.parameters),)),
        Paragraphs(tuple(found.words()), listed=True),
        Table("Facts of the record, and what the baseline predicts", heads, rows),
    )


def _row(fact: Fact, row: Mapping[Any, Any], powers: Sequence[str]) -> tuple[str, ...]:
    interval = f"{row['interval_low']:.3g} to {row['interval_high']:.3g}"
    return (
        fact.about,
        f"{row['record']:.4g} ({row['low']:.4g} to {row['high']:.4g}) {fact.unit}",
        f"{row['median']:.3g} ({interval})" if row["defined"] else "undefined",
        "yes" if row["inside"] else "no",
        *(percent(row[name]) for name in powers),
        _USES[fact.use],
        f"{fact.source} ({fact.grade})",
    )
