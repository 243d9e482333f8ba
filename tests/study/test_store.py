"""A study in a folder: the same bytes however often it was interrupted, and nothing but what was written is read."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import xarray as xr

import sim
from sim.atomic_write import locked
from sim.results.hashing import RowsHash, rows_hash
from sim.results.open_run import FolderError
from sim.study.jobs import job as job_module
from sim.study.jobs import plan as plan_module
from sim.study.jobs.collect import Progress
from sim.study.store.replication_files import missing_ranges

ROOT = Path(__file__).resolve().parents[2]
MINIMAL = ROOT / "configs" / "minimal.yaml"
END = {"end": "2021-02-01"}


@pytest.fixture(scope="module")
def minimal():
    return sim.load(MINIMAL, END)


@pytest.fixture
def small():
    """Jobs of a few replications."""
    with patch.object(plan_module, "_JOB_SECONDS", 1e-3):
        yield


def content(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same(a, b):
    assert a.policies == b.policies
    for policy in a.policies:
        for name in ("measures", "paths", "fired"):
            first, second = (np.asarray(getattr(study.results[policy], name)) for study in (a, b))
            np.testing.assert_array_equal(first, second, err_msg=f"{name} of {policy}")


def test_a_study_comes_back_as_it_was(minimal, small, tmp_path):
    plain = sim.compare(minimal, replications=12, seed=5)
    stored = sim.compare(minimal, replications=12, seed=5, store=tmp_path / "a", executor=2)
    back = sim.open(tmp_path / "a")

    for study in (stored, back):
        same(plain, study)
        assert (study.seed, study.engine, study.names, study.failed) == (5, "compiled", plain.names, ())
        assert study.scenario == minimal
        np.testing.assert_array_equal(study.day, plain.day)
        np.testing.assert_array_equal(study.path("otc", "payments_first"), plain.path("otc", "payments_first"))
    assert str(back) == str(plain)


def test_days_on_which_rules_fired_are_kept(tmp_path):
    """The adaptive policy of the China scenario is the one that has rules."""
    china = sim.load(ROOT / "configs" / "china_2017.yaml", {"end": "2018-03-01"})
    study = sim.compare(china, ["adaptive"], replications=3, store=tmp_path / "a", paths=False)
    back = sim.open(tmp_path / "a")

    same(study, back)
    assert np.isfinite(study.results["adaptive"].fired).any()
    assert back.results["adaptive"].rules == study.results["adaptive"].rules != ()
    with pytest.raises(ValueError, match="kept no paths"):
        back.path("otc")


def test_files_are_labelled(minimal, small, tmp_path):
    study = sim.compare(minimal, replications=6, store=tmp_path / "a")
    (file, *_) = sorted((tmp_path / "a" / "parts" / "001-payments-first").iterdir())

    with xr.open_dataset(file) as part:
        assert (part.attrs["policy"], part.attrs["seed"]) == ("payments_first", 0)
        assert part["value"].sel(measure="leakage", replication=0) == study.values("leakage", "payments_first")[0]
        assert str(part["time"].values[-1])[:10] == "2021-02-01"
        assert list(part["mode"].values) == ["domestic", "otc", "offshore", "outside"]


def test_workers_and_time_change_no_byte(minimal, small, tmp_path):
    sim.compare(minimal, replications=12, store=tmp_path / "a")
    time.sleep(1.1)  # a time stamp in a file would show
    sim.compare(minimal, replications=12, store=tmp_path / "b", executor=3)

    assert content(tmp_path / "a") == content(tmp_path / "b")


def interrupted_after(runs: int):
    """A watcher that interrupts the study as Ctrl-C does."""

    def watch(progress: Progress) -> None:
        if progress.simulated >= runs:
            raise KeyboardInterrupt

    return watch


@pytest.mark.parametrize("workers", [None, 2])
def test_an_interrupted_study_goes_on_to_the_same_bytes(minimal, small, tmp_path, workers):
    from sim.study.compare import compare

    until = sim.Precision("leakage", 0.01, minimum=8, maximum=25)
    asked = {"scenario": minimal, "until": until, "executor": workers}
    whole = sim.compare(**asked, store=tmp_path / "whole")
    for runs in (1, 7, 9):
        with pytest.raises(KeyboardInterrupt):
            compare(**asked, store=tmp_path / "cut", watch=interrupted_after(runs))
    seen = []
    study = compare(**asked, store=tmp_path / "cut", watch=seen.append)

    assert content(tmp_path / "whole") == content(tmp_path / "cut")
    same(whole, study)
    assert seen[-1].stored >= 17
    assert seen[-1].stored + seen[-1].simulated == seen[-1].total == 2 * whole.results["baseline"].replications
    assert study.reached == whole.reached == sim.open(tmp_path / "cut").reached != ()


SCRIPT = f"""
import sys, sim
from sim.study.jobs import plan
plan._JOB_SECONDS = 2e-3
sim.compare(sim.load({str(MINIMAL)!r}, {END!r}), replications=400, executor=2, store=sys.argv[1])
"""


@pytest.mark.slow
def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(tmp_path):
    """SIGKILL, three times, from the moment at which the folder appears up to a second later."""
    command = [sys.executable, "-c", SCRIPT]
    subprocess.run([*command, tmp_path / "whole"], cwd=ROOT, check=True)
    files = len(content(tmp_path / "whole"))
    chance, killed, left = random.Random(20170904), 0, []
    while killed < 3:
        process = subprocess.Popen([*command, tmp_path / "cut"], cwd=ROOT)
        wanted = chance.randrange(0, files)
        while process.poll() is None and len(content_names(tmp_path / "cut")) < wanted:
            time.sleep(0.001)
        time.sleep(0.01 * chance.random())
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
        killed += 1
        left.append(len(content_names(tmp_path / "cut")))
    assert killed, "it was never killed in the midst of it"
    assert min(left) < files
    subprocess.run([*command, tmp_path / "cut"], cwd=ROOT, check=True)

    assert content(tmp_path / "whole") == content(tmp_path / "cut")


def content_names(folder: Path) -> list[str]:
    return [name for _, _, names in os.walk(folder) for name in names]


def test_what_was_not_written_to_its_end_is_removed(minimal, small, tmp_path):
    sim.compare(minimal, replications=12, store=tmp_path / "a")
    before = content(tmp_path / "a")
    half = tmp_path / "a" / "parts" / "000-baseline" / ".saving-0123"
    for path in (half, tmp_path / "a" / ".saving-4567"):
        path.write_bytes(b"half of someth")
    sim.compare(minimal, replications=12, store=tmp_path / "a")

    assert content(tmp_path / "a") == before


@pytest.mark.parametrize("harm", [lambda data: data[: len(data) // 2], lambda data: b"", bytes.swapcase])
def test_damaged_files_are_refused_and_made_again(minimal, small, tmp_path, harm):
    sim.compare(minimal, replications=12, store=tmp_path / "a")
    before = content(tmp_path / "a")
    part = sorted((tmp_path / "a" / "parts" / "000-baseline").iterdir())[0]
    part.write_bytes(harm(part.read_bytes()))

    with pytest.raises(FolderError, match="000-baseline"):
        sim.open(tmp_path / "a")
    sim.compare(minimal, replications=12, store=tmp_path / "a")
    assert content(tmp_path / "a") == before


def test_a_study_is_extended_by_replications_and_policies(minimal, small, tmp_path):
    early = {"early": minimal.policies["baseline"].delay("closure", days=-20)}
    sim.compare(minimal, ["payments_first"], replications=5, store=tmp_path / "a")
    longer = sim.compare(minimal, ["payments_first"], replications=11, store=tmp_path / "a")
    wider = sim.compare(minimal, early, replications=7, store=tmp_path / "a")

    same(longer, sim.compare(minimal, ["payments_first"], replications=11))
    same(wider, sim.compare(minimal, early, replications=7))
    back = sim.open(tmp_path / "a")
    assert back.replications == {"baseline": 11, "payments_first": 11, "early": 7}
    assert set(back.scenario.policies) == {*minimal.policies, "early"}


def test_fewer_replications_than_are_there_are_taken_from_it(minimal, small, tmp_path):
    sim.compare(minimal, replications=12, store=tmp_path / "a")
    before, seen = content(tmp_path / "a"), []
    from sim.study.compare import compare

    few = compare(minimal, replications=4, store=tmp_path / "a", watch=seen.append)

    same(few, sim.compare(minimal, replications=4))
    assert (seen[-1].simulated, seen[-1].stored) == (0, 8)
    after = content(tmp_path / "a")
    assert [name for name in before if after[name] != before[name]] == [
        "manifest.json"
    ]  # which says what was asked last
    assert sim.open(tmp_path / "a").replications["baseline"] == 12


def changed(minimal):
    return minimal.model_copy(
        update={
            "policies": {**minimal.policies, "payments_first": minimal.policies["baseline"].delay("closure", days=9)}
        }
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": 2}, "seed is 1 there and 2 here"),
        ({"engine": "reference"}, "engine is 'compiled' there and 'reference' here"),
        ({"paths": False}, "instants is 120 there and 0 here"),
        ({"scenario": sim.load(MINIMAL, END | {"demand.onramp": 0.25})}, "scenario.demand.onramp is .* there and 0.25 here"),
        ({"scenario": changed(sim.load(MINIMAL, END))}, "policy payments_first.*there and.*here"),
    ],
)  # fmt: skip
def test_another_study_is_refused_with_what_differs(minimal, tmp_path, asked, said):
    sim.compare(minimal, replications=2, seed=1, store=tmp_path / "a")
    before = content(tmp_path / "a")

    with pytest.raises(FolderError, match=said):
        sim.compare(**({"scenario": minimal, "replications": 2, "seed": 1, "store": tmp_path / "a"} | asked))
    assert content(tmp_path / "a") == before


def test_another_version_of_the_model_is_refused(minimal, tmp_path):
    sim.compare(minimal, replications=2, store=tmp_path / "a")
    with (
        patch("sim.study.store.study_manifest.made_with", return_value={"regpressure": "99"}),
        pytest.raises(FolderError, match=r"regpressure is '.*' there and '99' here"),
    ):
        sim.compare(minimal, replications=2, store=tmp_path / "a")


def test_a_folder_with_something_else_is_left_alone(minimal, tmp_path):
    (tmp_path / "thesis.doc").write_text("precious")
    with pytest.raises(FolderError, match="it holds thesis.doc"):
        sim.compare(minimal, replications=2, store=tmp_path)
    sim.run(minimal).save(tmp_path / "run")
    with pytest.raises(FolderError, match="not the manifest of a study, but of a run"):
        sim.compare(minimal, replications=2, store=tmp_path / "run")
    assert sim.open(tmp_path / "run").policy == "baseline"


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")
def test_two_at_once_are_refused(minimal, tmp_path):
    sim.compare(minimal, replications=2, store=tmp_path / "a")
    with locked(tmp_path / "a"), pytest.raises(FolderError, match="another process"):
        sim.compare(minimal, replications=2, store=tmp_path / "a")


@pytest.mark.parametrize("file", ["manifest.json", "scenario.json"])
def test_a_changed_folder_is_not_opened(minimal, tmp_path, file):
    sim.compare(minimal, replications=2, store=tmp_path / "a")
    path = tmp_path / "a" / file
    path.write_text(path.read_text().replace("minimal", "maximal"))
    with pytest.raises(FolderError, match=f"{file}: changed since it was written"):
        sim.open(tmp_path / "a")


def test_a_study_that_was_cut_short_is_opened_as_far_as_it_went(minimal, small, tmp_path):
    from sim.study.compare import compare

    with pytest.raises(KeyboardInterrupt):
        compare(minimal, replications=20, store=tmp_path / "a", watch=interrupted_after(12))
    with pytest.warns(UserWarning, match="cut short"):
        study = sim.open(tmp_path / "a")

    n = min(study.replications.values())
    assert 6 <= n < 20
    whole = sim.compare(minimal, replications=n)
    np.testing.assert_array_equal(study.values("leakage")[:n], whole.values("leakage"))


def test_failures_are_kept_and_those_of_dead_workers_are_tried_again(minimal, small, tmp_path):
    simulate = job_module._simulate

    def faulty(job, numbers):
        if 4 in numbers and job.policy == "baseline":
            raise ArithmeticError("the moon")
        return simulate(job, numbers)

    with patch.object(job_module, "_simulate", faulty):
        study = sim.compare(minimal, replications=8, seed=2, store=tmp_path / "a")
    back = sim.open(tmp_path / "a")
    assert back.failed == study.failed
    (row,) = back.failures().to_dict("records")
    assert (row["policy"], row["replication"], row["seed"], row["stage"]) == ("baseline", 4, 2, "simulate")
    assert row["error"] == "ArithmeticError: the moon"
    assert np.isnan(back.values("leakage")).tolist() == [number == 4 for number in range(8)]

    with patch("sim.study.store.store.worker_died", lambda result: bool(result.failures)):
        again = sim.compare(minimal, replications=8, seed=2, store=tmp_path / "a")
    assert again.failed == ()
    same(again, sim.compare(minimal, replications=8, seed=2))


def test_the_manifest_says_what_was_asked_and_made(minimal, small, tmp_path):
    file = ROOT / "configs" / "minimal.yaml"
    sim.compare(sim.load(file), ["payments_first"], until=sim.Precision("leakage", 1.0), store=tmp_path / "a")
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())

    assert manifest["command"] == (
        f"regpressure compare {file} --policies=baseline,payments_first --precision=leakage=1.0 "
        "--seed=0 --engine=compiled"
    )
    assert {name: content["replications"] for name, content in manifest["content"].items()} == {
        "baseline": 30, "payments_first": 30,
    }  # fmt: skip
    sim.compare(minimal, ["payments_first"], replications=1, store=tmp_path / "b")
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text())
    assert manifest["command"].startswith("sim.compare(scenario, ['baseline', 'payments_first'], replications=1")


@pytest.mark.parametrize(
    ("stored", "missing"),
    [([], [(3, 9)]), ([(0, 4)], [(4, 9)]), ([(3, 5), (6, 7)], [(5, 6), (7, 9)]), ([(0, 20)], []), ([(8, 12)], [(3, 8)]),
     ([(12, 20)], [(3, 9)])],
)  # fmt: skip
def test_missing_ranges_are_the_gaps_between_those_stored(stored, missing):
    assert list(missing_ranges(stored, 3, 9)) == missing


def test_a_hash_of_rows_does_not_see_where_they_are_cut():
    values = np.arange(12.0).reshape(6, 2)
    cut = RowsHash()
    for rows in (values[:1], values[1:4], values[4:]):
        cut.add(rows)
    assert cut.value() == rows_hash(values)
    others = (values, values.T.copy(), values[::-1].copy(), values.astype(np.float32), values[:5])
    assert len({rows_hash(other) for other in others}) == len(others)
