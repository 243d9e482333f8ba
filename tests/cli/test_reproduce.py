"""`regpressure reproduce`: saved runs and studies are reproduced, and a difference is reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import sim
import sim.study.compare
from sim.results.hashing import json_document, json_hash
from sim.study import reproduce as reproduce_module
from sim.study.jobs import job as job_module


def interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_runs_and_studies_are_reproduced_by_either_engine(
    command: Any, minimal: Path, tmp_path: Path, engine: str
) -> None:
    scenario = sim.load(minimal)
    early = {"early": scenario.policies["baseline"].delay("closure", days=-20)}
    sim.run(scenario, early["early"], seed=4, replication=2, until="2020-12-01").save(tmp_path / "run")
    sim.compare(scenario, early, replications=2, seed=4, store=tmp_path / "study")
    sim.compare(scenario, ["payments_first"], replications=3, seed=4, store=tmp_path / "study")

    for name, count in (("run", 6), ("study", 9)):
        ended = command("reproduce", tmp_path / name, "--engine", engine)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.splitlines()[-1] == f"all {count} are the same"


def test_what_comes_out_otherwise_is_reported(command: Any, minimal: Path, tmp_path: Path) -> None:
    """As after a change of the model: what the folders hold was made from other draws."""
    sim.run(sim.load(minimal)).save(tmp_path / "run")
    sim.compare(sim.load(minimal), replications=2, store=tmp_path / "study", paths=False)
    run, simulate = reproduce_module.simulate, job_module._simulate
    with patch.object(
        reproduce_module, "simulate", lambda scenario, policy, seed, *rest: run(scenario, policy, seed + 1, *rest)
    ):
        ended = command("reproduce", tmp_path / "run", "--json")
    document = json.loads(ended.out)
    assert (ended.code, document["same"], document["content"]["configuration"]) == (1, False, True)
    assert not document["content"]["journal"]

    with patch.object(job_module, "_simulate", lambda job, numbers: simulate(job, [number + 1 for number in numbers])):
        ended = command("reproduce", tmp_path / "study")
    assert ended.code == 1
    assert ended.out.splitlines()[-1] == "2 of 6 differ"
    assert [line.split()[-1] for line in ended.out.splitlines() if "measures" in line] == ["differs", "differs"]


def test_what_cannot_be_reproduced_is_refused(command: Any, minimal: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    sim.run(sim.load(minimal)).save(tmp_path / "run")
    (tmp_path / "run" / "measures.json").write_text("{}")
    with pytest.raises(KeyboardInterrupt):
        sim.study.compare.compare(sim.load(minimal), store=tmp_path / "cut", watch=interrupted)

    for name, said in (
        ("none", "there is no such folder"),
        ("plain", "it has no manifest.json"),
        ("run", "measures.json: changed since it was written"),
        ("cut", "this study was cut short; finish it first"),
    ):
        ended = command("reproduce", tmp_path / name)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err


@pytest.mark.parametrize(
    ("kind", "path", "said"),
    [
        ("run", ("content",), "it says nothing of the content"),
        ("study", ("content",), "it says nothing of the content"),
        ("run", ("run", "seed"), "seed is a whole number from 0 on, not -1"),
        ("run", ("run", "replication"), "replication is a whole number from 0 on, not -1"),
        ("study", ("study", "seed"), "of study"),  # which its parts know
    ],
)
def test_a_manifest_that_somebody_changed_and_signed_anew_is_refused(
    command: Any, minimal: Path, tmp_path: Path, kind: str, path: tuple[str, ...], said: str
) -> None:
    if kind == "run":
        sim.run(sim.load(minimal)).save(tmp_path / kind)
    else:
        sim.compare(sim.load(minimal), replications=2, store=tmp_path / kind, paths=False)
    file = tmp_path / kind / "manifest.json"
    manifest = json.loads(file.read_text())
    del manifest["checksum"]
    *blocks, name = path
    block = manifest[blocks[0]] if blocks else manifest
    block[name] = -1
    file.write_text(json_document(manifest | {"checksum": json_hash(manifest)}))
    ended = command("reproduce", tmp_path / kind)
    assert (ended.code, said in ended.err, len(ended.err.splitlines())) == (2, True, 1), ended.err
