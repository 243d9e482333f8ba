"""Evidence as one JSON document, with what it reads of CSV files, for the folders of studies."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.evidence.evidence_file import EvidenceFile, Fact, Forecast
from sim.evidence.facts import Evidence, evidence_in
from sim.evidence.series import Column, Recorded
from sim.evidence.statistics import STATISTICS

Json = dict[str, Any]
"""A document that `json` can write."""


def as_json(evidence: Evidence) -> Json:
    """The document."""
    file = EvidenceFile(
        series=evidence.series.parts, facts=tuple(evidence.facts.values()), forecasts=tuple(evidence.forecasts.values())
    )
    columns = [
        {"of": part.model_dump(), "dates": column.dates.astype(str).tolist(), "values": column.values.tolist()}
        for part, column in evidence.series.columns.items()
    ]
    return {"evidence": file.model_dump(mode="json"), "columns": columns}


def from_json(document: Json) -> Evidence:
    """The evidence in a document of `as_json`. Raises ValueError or KeyError for any other."""
    file = EvidenceFile.model_validate(document["evidence"])
    columns = {
        Recorded.model_validate(each["of"]): Column(np.array(each["dates"], "datetime64[D]"), np.array(each["values"]))
        for each in document["columns"]
    }
    items: tuple[Fact | Forecast, ...] = (*file.facts, *file.forecasts)
    statistics = {
        each.id: STATISTICS[each.statistic].model_validate(each.arguments)
        for each in items
        if each.statistic is not None
    }
    return evidence_in(file, columns, statistics)
