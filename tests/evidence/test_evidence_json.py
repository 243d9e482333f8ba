"""Evidence in the folders of studies."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.evidence.evidence_json import as_json, from_json
from sim.evidence.facts import read_evidence

EVIDENCE = Path(__file__).resolve().parents[2] / "configs" / "evidence"


@pytest.mark.parametrize("file", sorted(EVIDENCE.glob("*.yaml")), ids=lambda file: file.stem)
def test_it_is_read_back_as_it_was(file: Path) -> None:
    own = read_evidence(file)

    again = from_json(json.loads(json.dumps(as_json(own))))

    assert (again.facts, again.forecasts) == (own.facts, own.forecasts)
    assert (dict(again.statistics), dict(again.monthly)) == (own.statistics, own.monthly)
    assert again.series.parts == own.series.parts
    for part, column in own.series.columns.items():
        np.testing.assert_array_equal(again.series.columns[part].dates, column.dates)
        np.testing.assert_array_equal(again.series.columns[part].values, column.values)
