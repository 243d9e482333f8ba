"""A study in a folder: the same bytes however often it was interrupted, and nothing but what was written is read."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import netCDF4
import numpy as np
import pytest
import xarray as xr

import sim
from sim.atomic_write import locked
from sim.results.hashing import RowsHash, json_document, json_hash, rows_hash
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


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")  # what begins after the earlier end
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
sim.compare(sim.load({str(MINIMAL)!r}, {END!r}), replications=80, executor=2, store=sys.argv[1])
"""


@pytest.mark.slow
def test_killed_at_a_random_moment_it_goes_on_to_the_same_bytes(minimal, tmp_path, monkeypatch):
    """SIGKILL, from the moment at which the folder appears up to a second later."""
    monkeypatch.setattr(plan_module, "_JOB_SECONDS", 2e-3)
    study = {"scenario": minimal, "replications": 80, "executor": 2}
    command = [sys.executable, "-c", SCRIPT]
    sim.compare(**study, store=tmp_path / "whole")
    files = len(content(tmp_path / "whole"))
    chance = random.Random(20170904)
    process = subprocess.Popen([*command, tmp_path / "cut"], cwd=ROOT)
    wanted = chance.randrange(0, files)
    while process.poll() is None and len(content_names(tmp_path / "cut")) < wanted:
        time.sleep(0.001)
    time.sleep(0.01 * chance.random())
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was not killed in the midst of it"
    assert len(content_names(tmp_path / "cut")) < files
    sim.compare(**study, store=tmp_path / "cut")

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
    with pytest.warns(UserWarning, match="simulated again"):
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

    with patch("sim.study.store.resumable_store.worker_died", lambda result: bool(result.failures)):
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


LIMITED = f"""
import resource, sys, sim
from sim.study.jobs import plan
plan._JOB_SECONDS = 1e-3
scenario = sim.load({str(MINIMAL)!r}, {END!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
try:
    sim.compare(scenario, replications=6, store=sys.argv[1])
except OSError as error:
    print(error.errno, error.filename)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files cannot be limited")
def test_a_full_disk_is_told_as_such_and_costs_nothing(minimal, small, tmp_path):
    """Here the limit of a file's size, which fails where a full disk does: as NetCDF writes the first part."""
    sim.compare(minimal, replications=6, store=tmp_path / "whole")
    sizes = {name: len(data) for name, data in content(tmp_path / "whole").items()}
    limit = max(size for name, size in sizes.items() if name.endswith(".json"))
    assert limit < max(sizes.values())
    command = [sys.executable, "-c", LIMITED, tmp_path / "cut", str(limit)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert told.split() == [str(errno.EFBIG), str(tmp_path / "cut" / "parts" / "000-baseline")]
    assert set(content(tmp_path / "cut")) == {"manifest.json", "scenario.json"}
    sim.compare(minimal, replications=6, store=tmp_path / "cut")
    assert content(tmp_path / "cut") == content(tmp_path / "whole")


# What others did to a folder.


@pytest.fixture(scope="module")
def finished(minimal, tmp_path_factory):
    """A finished study of two policies in several parts, which tests copy."""
    folder = tmp_path_factory.mktemp("finished") / "a"
    with patch.object(plan_module, "_JOB_SECONDS", 1e-3):
        sim.compare(minimal, replications=6, store=folder)
    return folder


@pytest.fixture
def copy(finished, tmp_path):
    return Path(shutil.copytree(finished, tmp_path / "a"))


def parts(folder: Path, policy: str = "000-baseline") -> list[Path]:
    return sorted((folder / "parts" / policy).iterdir())


def resign(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a manifest, and give it the checksum that belongs to it."""
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    del manifest["checksum"]
    (folder / "manifest.json").write_text(json_document(manifest | {"checksum": json_hash(manifest)}))


def rewrite(part: Path, change: Callable[[Any], object]) -> Path:
    """Change a file of replications, and give it the name that belongs to it."""
    with netCDF4.Dataset(part, "a") as file:
        change(file)
    name = f"{part.name[:17]}.{sha256(part.read_bytes()).hexdigest()[:16]}.nc"
    return part.rename(part.with_name(name))


def test_every_bit_that_flips_is_found(minimal, small, copy):
    """30 bits, in files by their size, anywhere in them; opening finds each, and so does going on with the study."""
    chance = random.Random(20170904)
    before = content(copy)
    for name in chance.choices([*before], [len(data) for data in before.values()], k=30):
        data = bytearray(before[name])
        place = chance.randrange(8 * len(data))
        data[place // 8] ^= 1 << place % 8
        (copy / name).write_bytes(data)
        with pytest.raises(FolderError, match=re.escape(Path(name).name)):
            open_whole(copy)
        if name.endswith(".nc"):
            with pytest.warns(UserWarning, match="simulated again"):
                sim.compare(minimal, replications=6, store=copy)
        else:
            with pytest.raises(FolderError):
                sim.compare(minimal, replications=6, store=copy)
            (copy / name).write_bytes(before[name])
        assert content(copy) == before


def open_whole(folder: Path) -> None:
    """Open a study, and read its paths too."""
    study = sim.open(folder)
    for results in study.results.values():
        np.asarray(results.paths)


def test_a_manifest_leads_to_no_folder_outside(minimal, copy, tmp_path):
    outside = tmp_path / "outside"
    shutil.copytree(copy / "parts" / "000-baseline", outside)
    (outside / ".saving-mine").write_text("precious")
    before = content(outside)
    for name in ("../outside", str(outside), "parts/../../outside", "parts/001-payments-first"):
        resign(copy, lambda manifest, name=name: manifest["policies"]["baseline"].update(folder=name))
        for action in (sim.open, lambda folder: sim.compare(minimal, replications=9, store=folder)):
            with pytest.raises(FolderError, match="the results of 'baseline' lie in parts/000-baseline"):
                action(copy)
    assert content(outside) == before


@pytest.mark.parametrize("linked", ["parts", "parts/000-baseline"])
def test_a_link_out_of_the_folder_is_not_followed(minimal, copy, tmp_path, linked):
    outside = tmp_path / "outside"
    shutil.move(copy / linked, outside)
    (outside / ".saving-mine").write_text("precious")
    (copy / linked).symlink_to(outside)
    before = content(outside)
    for action in (sim.open, lambda folder: sim.compare(minimal, replications=9, store=folder)):
        with pytest.raises(FolderError, match="not a folder"):
            action(copy)
    assert content(outside) == before


def more(file: Any) -> None:
    file["value"][0, 0] += 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: rewrite(parts(folder)[0], more), "000-baseline: changed since it was written"),
        (lambda folder: rewrite(parts(folder)[0], lambda file: file.setncattr("policy", "x")), "of policy x"),
        (lambda folder: rewrite(parts(folder)[0], lambda file: file.setncattr("study", "x")), "of study x"),
        (lambda folder: shutil.copy(parts(folder, "001-payments-first")[0], parts(folder)[0]), "changed since"),
        (lambda folder: shutil.copy(parts(folder)[0], folder / "parts" / "001-payments-first"),
         "has replications that"),
        (lambda folder: parts(folder)[0].rename(parts(folder)[0].with_name("part (copy).nc")), "not the name of a part"),
        (lambda folder: parts(folder)[0].rename(str(parts(folder)[0]).replace("00000000-", "00000001-")),
         "only 0 of 6 replications"),
        (lambda folder: parts(folder)[1].rename(str(parts(folder)[1]).replace("00000005", "00000008")),
         "other replications than its name"),
        (lambda folder: parts(folder)[0].unlink(), "only 0 of 6 replications"),
        (lambda folder: resign(folder, lambda m: m["content"]["baseline"].update(replications=10**12)), "only 6 of"),
        (lambda folder: resign(folder, lambda m: m["policies"].pop("baseline")), "manifest.json|no replication"),
        (lambda folder: resign(folder, lambda m: m.pop("study")), "manifest"),
        (lambda folder: resign(folder, lambda m: m["study"].pop("seed")), "000-baseline"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_study_is_refused(copy, change, said):
    change(copy)
    with pytest.raises(FolderError, match=said) as caught:
        open_whole(copy)
    assert "\n" not in str(caught.value)


def test_changed_results_are_not_signed_anew(minimal, copy):
    """Neither those of a finished study, nor parts of another policy or study."""
    rewrite(parts(copy)[0], more)
    before = content(copy)
    with pytest.raises(FolderError, match="000-baseline: changed since it was written"):
        sim.compare(minimal, replications=9, store=copy)
    assert content(copy) == before


def test_parts_of_another_study_are_not_taken(minimal, small, copy, tmp_path):
    sim.compare(minimal, replications=6, seed=9, store=tmp_path / "b")
    shutil.rmtree(copy / "parts" / "000-baseline")
    shutil.copytree(tmp_path / "b" / "parts" / "000-baseline", copy / "parts" / "000-baseline")
    before = content(copy)
    with pytest.raises(FolderError, match="of study"):
        sim.compare(minimal, replications=9, store=copy)
    assert content(copy) == before


@pytest.mark.parametrize("cut", [None, 0, 100])
def test_a_lost_manifest_is_made_again_from_the_parts(minimal, copy, cut):
    before, manifest = content(copy), copy / "manifest.json"
    if cut is not None:
        manifest.write_bytes(manifest.read_bytes()[:cut])
        for action in (sim.open, lambda folder: sim.compare(minimal, replications=6, store=folder)):
            with pytest.raises(FolderError, match="without a manifest.json, the same `compare` with --resume"):
                action(copy)
    manifest.unlink()
    with pytest.raises(FolderError, match="without a manifest.json, the same `compare` with --resume"):
        sim.open(copy)
    with pytest.raises(FolderError, match="of study"):
        sim.compare(minimal, replications=6, seed=8, store=copy)
    assert not manifest.exists()
    with pytest.warns(UserWarning, match="made again from the parts"):
        sim.compare(minimal, replications=6, store=copy)
    assert content(copy) == before


def test_a_lost_scenario_is_made_again(minimal, copy):
    """From the scenario that is compared, if it is the same; nothing is simulated again."""
    before = content(copy)
    (copy / "scenario.json").unlink()
    with pytest.raises(FolderError, match="scenario.json: no such file; the same `compare` with --resume"):
        sim.open(copy)
    with pytest.raises(FolderError, match="scenario.json: no such file"):
        sim.compare(minimal.with_values({"segments.traders.outside": 0.7}), replications=6, store=copy)
    sim.compare(minimal, replications=6, store=copy)
    assert content(copy) == before


def test_parts_of_a_policy_that_is_not_compared_keep_a_manifest_from_being_made(minimal, copy):
    (copy / "manifest.json").unlink()
    with pytest.raises(FolderError, match=r"001-payments-first: results of a policy that is not compared now"):
        sim.compare(minimal, ["baseline"], replications=6, store=copy)


@pytest.mark.parametrize("name", ["manifest.json", "scenario.json", "parts/000-baseline/00000000-00000000.x.nc"])
def test_a_pipe_does_not_stop_the_reader(copy, name):
    path = parts(copy)[0] if name.startswith("parts") else copy / name
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(FolderError, match="not a file|not the folder of a"):
        sim.open(copy)
