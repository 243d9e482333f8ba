"""`regpressure run` on a real scenario."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import sim


def test_prints_the_result_and_nothing_else(command: Any, minimal: Path) -> None:
    ended = command("run", minimal)

    assert (ended.code, ended.err) == (0, "")
    for heading in ("focal trading", "largest exchanges", "measure", "nothing written"):
        assert heading in ended.out


def test_json_is_one_document_that_agrees_with_the_run(command: Any, minimal: Path) -> None:
    run = sim.run(sim.load(minimal), seed=3)

    document = json.loads(command("run", minimal, "--seed", 3, "--json").out)

    assert (document["seed"], document["policy"]) == (3, "baseline")
    assert document["measures"] == {
        name: pytest.approx(value) if value == value else None for name, value in run.measures.items()
    }
    assert [moment["label"] for moment in document["shares"]][:1] == ["start"]
    for moment in document["shares"]:
        parts = [moment[part] for part in ("domestic", "otc", "offshore", "outside")]
        assert sum(parts) == pytest.approx(1.0)


def test_writes_a_folder_that_opens_as_the_same_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"

    ended = command("run", minimal, "--seed", 2, "--out", out)

    assert ended.code == 0
    assert f"written to {out}" in ended.out
    assert sim.open(out).data.identical(sim.run(sim.load(minimal), seed=2).data)
    assert len(list((out / "figures").glob("*.png"))) >= 4
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_an_existing_run_is_replaced_only_by_force(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    common = ("run", minimal, "--out", out, "--no-figures")
    assert command(*common, "--seed", 1).code == 0

    assert command(*common, "--seed", 2).code == 2
    assert sim.open(out).seed == 1
    assert command(*common, "--seed", 2, "--force").code == 0
    assert sim.open(out).seed == 2
    assert not (out / "figures").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_until_and_set_reach_the_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"

    command("run", minimal, "--out", out, "--until", "2020-03-01", "--set", "demand.onramp=0.25", "--no-figures")

    run = sim.open(out)
    assert run.until == date(2020, 3, 1)
    assert run.scenario.demand.onramp == 0.25
    assert str(run.data["time"].values[-1])[:10] == "2020-03-01"


def test_policies_may_be_named_in_any_capitals(command: Any, minimal: Path) -> None:
    assert json.loads(command("run", minimal, "--policy", "Baseline", "--json").out)["policy"] == "baseline"
