"""Facts among the measures of studies."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.evidence.facts import read_evidence
from sim.results.open_run import FolderError
from sim.study.reproduce import reproduce

FILE = Path(__file__).resolve().parents[2] / "configs" / "evidence" / "china_2013.yaml"


def china() -> sim.Scenario:
    return sim.load("china_2013")


def test_a_study_has_facts_behind_its_measures_also_from_its_folder(tmp_path: Path) -> None:
    study = sim.compare(china(), [], 3, store=tmp_path / "study", evidence=FILE)

    run = sim.run(china(), replication=2, engine="compiled")
    for name, value in read_evidence(FILE).read(run).items():
        assert study.values(f"fact:{name}")[2] == value
    assert [name for name in study.names if name.startswith("fact:")] == [
        "fact:rival",
        "fact:rival-lag",
        "fact:stopped",
    ]
    again = sim.open(tmp_path / "study")
    np.testing.assert_array_equal(again.values("fact:rival"), study.values("fact:rival"))
    assert all(reproduce(tmp_path / "study").values())


def test_a_folder_with_other_facts_is_not_gone_on_with(tmp_path: Path) -> None:
    sim.compare(china(), [], 2, store=tmp_path / "study", evidence=FILE)
    shutil.copytree(tmp_path / "study", tmp_path / "damaged")
    other = tmp_path / "other.yaml"
    other.write_text(FILE.read_text(encoding="utf-8").replace("2013-12-21", "2013-12-22"), encoding="utf-8")

    with pytest.raises(FolderError, match="holds another study: facts is"):
        sim.compare(china(), [], 3, store=tmp_path / "study", evidence=other)
    with pytest.raises(FolderError, match="holds another study"):
        sim.compare(china(), [], 3, store=tmp_path / "study")
    stored = tmp_path / "damaged" / "evidence.json"
    stored.write_text(stored.read_text(encoding="utf-8").replace("rival-lag", "rival-log"), encoding="utf-8")
    with pytest.raises(FolderError, match="evidence.json: changed since it was written"):
        reproduce(tmp_path / "damaged")


def test_sweeps_and_races_take_facts_as_measures() -> None:
    swept = sim.sweep(china(), {"demand.onramp": [1.0, 2.0]}, [], 2, evidence=FILE, measures=["fact:stopped"])
    assert swept.table()["measure"].unique().tolist() == ["fact:stopped"]

    baseline = china().policies["baseline"]
    racers = {"half": baseline.strengthen("okcoin-stop", 0.5), "without": baseline.without("okcoin-stop")}
    won = sim.race(
        china(), racers, "fact:stopped", delta=0.01, larger_is_better=False, n0=10, maximum=40, evidence=FILE
    )  # fmt: skip
    assert (won.measure, won.best) == ("fact:stopped", "half")
