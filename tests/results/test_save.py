"""Folders are written whole or not at all, replace nothing unasked, and open only as they were written."""

import json
import os
import shutil
import sys
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from sim import atomic_write
from sim.results import save as folder
from sim.results.hashing import json_document, json_hash
from sim.results.journal_tables import JOURNAL, table
from sim.results.open_run import FolderError, open_run, read_manifest
from sim.results.save import save

FILES = {
    "results.nc", "journal.csv", "decisions.csv", "options.csv", "measures.json", "scenario.json",
    "manifest.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(run, tmp_path_factory):
    """A folder that no test touches."""
    return save(run, tmp_path_factory.mktemp("written") / "saved")


@pytest.fixture
def saved(written, tmp_path):
    return Path(shutil.copytree(written, tmp_path / "saved"))


def names(path):
    return {item.name for item in path.iterdir()}


def same(first, second):
    plain = ("policy", "seed", "replication", "until", "engine", "scenario")
    assert all(getattr(first, name) == getattr(second, name) for name in plain)
    assert first.data.identical(second.data)
    for name in ("journal", "decisions", "options"):
        frames = getattr(first, name), getattr(second, name)
        assert frames[0].equals(frames[1])
        assert frames[0].dtypes.equals(frames[1].dtypes)
    assert repr(dict(first.measures)) == repr(dict(second.measures))


def test_a_run_comes_back_as_it_was(run, saved):
    assert names(saved) == FILES
    same(open_run(saved), run)


def test_a_run_comes_back_through_a_second_folder(run, saved, tmp_path):
    again = save(open_run(saved), tmp_path / "again")
    same(open_run(again), run)
    assert read_manifest(again) == read_manifest(saved)


@pytest.mark.parametrize("until", [date(2017, 7, 4), datetime(2017, 7, 4, 12, 30)])
def test_a_branch_keeps_its_date_engine_and_large_seed(run, tmp_path, until):
    branch = replace(run, until=until, engine="compiled", seed=2**64 - 1)
    same(open_run(branch.save(tmp_path / "branch")), branch)


def test_a_run_in_which_nothing_happened_comes_back(run, tmp_path):
    quiet = replace(
        run,
        journal=table(JOURNAL, {name: [] for name in JOURNAL}),
        decisions=run.decisions.iloc[:0],
        options=run.options.iloc[:0],
    )
    again = open_run(save(quiet, tmp_path / "quiet"))
    same(again, quiet)
    assert np.isnan(again.measures["half_life"])


def test_measures_of_a_folder_are_those_that_were_saved(run, tmp_path):
    odd = replace(run, stored={"leakage": np.nan, "suppression": 0.1, "half_life": -np.inf})
    path = save(odd, tmp_path / "odd")
    assert json.loads((path / "measures.json").read_text()) == {
        "leakage": "nan", "suppression": 0.1, "half_life": "-inf",
    }  # fmt: skip
    assert repr(open_run(path).measures) == repr({"leakage": np.nan, "suppression": 0.1, "half_life": -np.inf})


def test_parents_are_made_and_the_folder_is_as_open_as_any(run, tmp_path):
    path = save(run, tmp_path / "a" / "b" / "run")
    (tmp_path / "plain").mkdir()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert names(tmp_path / "a" / "b") == {"run"}


def test_an_existing_folder_is_not_replaced(run, saved):
    before = (saved / "manifest.json").read_bytes()
    with pytest.raises(FileExistsError, match=r"saved exists; .*overwrite=True"):
        save(run, saved)
    assert (saved / "manifest.json").read_bytes() == before


def test_overwrite_replaces_a_run_as_a_whole(run, saved, tmp_path):
    (saved / "figure.png").touch()
    other = replace(run, seed=99)
    assert save(other, saved, overwrite=True) == saved
    same(open_run(saved), other)
    assert names(saved) == FILES
    assert names(tmp_path) == {"saved"}


def test_overwrite_replaces_a_damaged_run(run, saved):
    (saved / "manifest.json").write_text("{")
    save(run, saved, overwrite=True)
    same(open_run(saved), run)


@pytest.mark.parametrize("make", ["folder", "full folder", "file"])
def test_overwrite_replaces_nothing_but_runs(run, tmp_path, make):
    target = tmp_path / "thesis"
    if make == "file":
        target.write_text("precious")
    else:
        target.mkdir()
    if make == "full folder":
        (target / "chapter.txt").write_text("precious")
    with pytest.raises(FileExistsError, match="is not the folder of a run"):
        save(run, target, overwrite=True)
    assert names(tmp_path) == {"thesis"}
    assert target.is_file() == (make == "file")


def test_overwrite_follows_a_link(run, saved, tmp_path):
    link = tmp_path / "latest"
    link.symlink_to(saved, target_is_directory=True)
    save(replace(run, seed=5), link, overwrite=True)
    assert link.is_symlink()
    assert open_run(saved).seed == 5


STEPS = (
    (folder, "write_dataset"), (folder, "write_table"), (folder, "_write_json"), (atomic_write, "_flush"),
    (atomic_write, "_put_in_place"),
)  # fmt: skip


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), ValueError("no")])
@pytest.mark.parametrize(("module", "step"), STEPS)
def test_an_interrupted_save_leaves_nothing(run, tmp_path, monkeypatch, module, step, error):
    calls = []

    def fail_late(*args):
        calls.append(args)
        if step in ("write_table", "_write_json") and len(calls) < 3:
            return original(*args)
        raise error

    original = getattr(module, step)
    monkeypatch.setattr(module, step, fail_late)
    with pytest.raises(type(error)):
        save(run, tmp_path / "run")
    assert calls
    assert names(tmp_path) == set()


@pytest.mark.parametrize("failing", [1, 2])
def test_an_interrupted_replacement_leaves_the_old_run(run, saved, tmp_path, monkeypatch, failing):
    rename, calls = os.rename, []

    def fail_once(source, target):
        calls.append(source)
        if len(calls) == failing:
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(atomic_write.os, "rename", fail_once)
    with pytest.raises(KeyboardInterrupt):
        save(replace(run, seed=7), saved, overwrite=True)
    same(open_run(saved), run)
    assert names(tmp_path) == {"saved"}


def test_a_folder_that_appears_meanwhile_is_not_replaced(run, tmp_path, monkeypatch):
    target, flush = tmp_path / "run", atomic_write._flush

    def somebody_else(path):
        flush(path)
        target.mkdir()

    monkeypatch.setattr(atomic_write, "_flush", somebody_else)
    with pytest.raises(FileExistsError):
        save(run, target)
    assert names(target) == set()
    assert names(tmp_path) == {"run"}


def test_a_run_that_files_cannot_keep_leaves_nothing(run, tmp_path):
    with pytest.raises(ValueError, match="carriage return"):
        save(replace(run, journal=run.journal.assign(cause="a\rb")), tmp_path / "new" / "run")
    assert names(tmp_path) == set()


def test_no_folder_no_run(tmp_path):
    with pytest.raises(FolderError, match="there is no such folder"):
        open_run(tmp_path / "nowhere")
    with pytest.raises(FolderError, match=r"not the folder of a run \(it has no manifest.json\)"):
        open_run(tmp_path)


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_a_missing_file_is_named(saved, name):
    (saved / name).unlink()
    with pytest.raises(FolderError, match=f"{name}: missing"):
        open_run(saved)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_truncated_file_is_named(saved, name, part):
    path = saved / name
    path.write_bytes(path.read_bytes()[: int(part * path.stat().st_size)])
    with pytest.raises(FolderError, match=name) as caught:
        open_run(saved)
    assert "\n" not in str(caught.value)


def change_text(old, new):
    def change(path):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


def change_results(path):
    import netCDF4

    with netCDF4.Dataset(path, "a") as file:
        file["share"][3, 0, 0, 0] = np.nextafter(file["share"][3, 0, 0, 0], 1)


def change_attribute(path):
    import netCDF4

    with netCDF4.Dataset(path, "a") as file:
        file.policy = "another"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("results.nc", change_results),
        ("results.nc", change_attribute),
        ("journal.csv", change_text("closure-order", "closure-0rder")),
        ("journal.csv", lambda path: path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))),
        ("decisions.csv", change_text("hybrid", "otc")),
        ("options.csv", change_text("True", "False")),
        ("options.csv", lambda path: path.write_text(path.read_text() + path.read_text().splitlines()[-1])),
        ("measures.json", change_text("0.", "1.")),
        ("scenario.json", change_text("Singapore", "Atlantis")),
        ("manifest.json", change_text('"seed": 1', '"seed": 2')),
        ("manifest.json", change_text('"command": "', '"command": "sudo ')),
    ],
)
def test_a_changed_file_is_named(saved, name, change):
    change(saved / name)
    with pytest.raises(FolderError, match=f"{name}: changed since it was written"):
        open_run(saved)


def test_files_of_another_run_do_not_fit(run, saved, tmp_path):
    other = save(replace(run, options=run.options.assign(error=0.0)), tmp_path / "other")
    (other / "options.csv").replace(saved / "options.csv")
    with pytest.raises(FolderError, match=r"options.csv: changed"):
        open_run(saved)


def rewrite(saved, **entries):
    """A manifest with other entries and the checksum that belongs to them."""
    told = json.loads((saved / "manifest.json").read_text()) | entries
    del told["checksum"]
    (saved / "manifest.json").write_text(json_document(told | {"checksum": json_hash(told)}))


def test_a_folder_of_another_version_is_refused(saved):
    rewrite(saved, schema=99)
    with pytest.raises(FolderError, match="layout 99 is not layout 2"):
        open_run(saved)


@pytest.mark.parametrize("text", ["[]", "{}", '"x"', "\xff"])
def test_another_manifest_is_refused(saved, text):
    (saved / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(FolderError, match=r"manifest.json"):
        open_run(saved)


def test_a_scenario_that_this_version_does_not_know_is_refused(saved):
    scenario = json.loads((saved / "scenario.json").read_text()) | {"gravity": 9.81}
    (saved / "scenario.json").write_text(json_document(scenario))
    files = json.loads((saved / "manifest.json").read_text())["files"]
    files["scenario.json"] = sha256((saved / "scenario.json").read_bytes()).hexdigest()
    rewrite(saved, configuration=json_hash(scenario), files=files)
    with pytest.raises(FolderError, match=r"scenario.json: cannot be read"):
        open_run(saved)


def test_files_are_strict_json_and_plain_csv(saved):
    def refuse(word):
        raise AssertionError(word)

    for path in saved.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    assert (saved / "journal.csv").read_text().splitlines()[0] == ",".join(JOURNAL)
    assert b"\r" not in (saved / "options.csv").read_bytes()


def test_importing_the_room_loads_nothing_heavy():
    import subprocess

    code = "import sim.results.save, sim.results.open_run, sys; print({'xarray', 'pandas', 'netCDF4', 'matplotlib'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"
