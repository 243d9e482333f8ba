"""Pathways of adaptive policies, against the journals of single runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
N = 12


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    """Two rules: one climbs its ladder of two rungs while OTC trade is large, one never fires."""
    ladder = {
        "id": "ladder", "when": {"indicator": "share:otc", "above": 0.05}, "cooldown": "60 d",
        "steps": [[{"id": "watch", "kind": "statement", "announced": "+0 d"}],
                  [{"id": "block", "kind": "payment-block", "by": "central-bank", "announced": "+5 d"}]],
    }  # fmt: skip
    never = {"id": "never", "when": {"indicator": "share:otc", "above": 2.0}, "steps": [[
        {"id": "nothing", "kind": "statement", "announced": "+0 d"}]]}  # fmt: skip
    scenario = sim.load(CONFIGS / "minimal.yaml")
    policy = scenario.policies["baseline"].then(sim.Policy.model_validate({"rules": [ladder, never]}))
    return scenario.with_policies({"adaptive": policy})


def test_rungs_are_those_of_the_journals(minimal: sim.Scenario) -> None:
    found = sim.compare(minimal, ["adaptive"], N, seed=6).pathways(quantiles=[0.5])
    runs = [sim.run(minimal, "adaptive", 6, r, engine="compiled").journal for r in range(N)]
    fired = pd.concat([journal[journal["event"] == "rule-fired"] for journal in runs])
    assert list(found.index) == [("adaptive", "ladder", 1), ("adaptive", "ladder", 2), ("adaptive", "never", 1)]
    for (_, rule, rung), row in found.iterrows():
        days = fired[(fired["subject"] == rule) & (fired["value"] == rung)]["day"]
        assert (row["fired"], row["replications"], row["share"]) == (len(days), N, len(days) / N)
        if len(days):
            assert (
                abs(row["50 %"] - (pd.Timestamp(minimal.start) + pd.Timedelta(days=days.median()))).total_seconds() < 1
            )
        else:
            assert pd.isna(row["50 %"])
    assert found["fired"].tolist()[0] > 0
    assert found["interventions"].tolist() == ["watch", "block", "nothing"]


def test_failed_replications_do_not_count(minimal: sim.Scenario) -> None:
    study = sim.compare(minimal, ["adaptive"], N, seed=6)
    whole = study.pathways()
    results = study.results["adaptive"]
    broken = replace(results, measures=results.measures.copy(), fired=results.fired.copy())
    broken.measures[3:] = np.nan
    broken.fired[3:] = np.nan
    found = replace(study, results={**study.results, "adaptive": broken}).pathways()
    assert found["replications"].tolist() == [3, 3, 3]
    assert whole["replications"].tolist() == [N, N, N]


def test_without_rules_there_are_no_rows() -> None:
    found = sim.compare(sim.load(CONFIGS / "minimal.yaml"), ["payments_first"], 2).pathways()
    assert found.empty
    assert found.index.names == ["policy", "rule", "rung"]


def test_quantiles_are_parts(minimal: sim.Scenario) -> None:
    with pytest.raises(ValueError, match="between 0 and 1, got 5"):
        sim.compare(minimal, ["adaptive"], 2).pathways(quantiles=[5])
