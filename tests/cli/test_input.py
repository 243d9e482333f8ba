"""Wrong input ends with code 2 and one message: no traceback, no result, nothing written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import sim


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong input must be found before any simulation."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("simulated")

    monkeypatch.setattr(sim, "run", refuse)


@pytest.fixture
def place(tmp_path: Path, minimal: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own working folder with a scenario, a broken one, a saved-looking and a plain folder, and a file."""
    monkeypatch.chdir(tmp_path)
    text = minimal.read_text(encoding="utf-8")
    Path("good.yaml").write_text(text, encoding="utf-8")
    Path("broken.yaml").write_text(text.replace("segments:", "segmnts:", 1), encoding="utf-8")
    Path("torn.yaml").write_text("name: [", encoding="utf-8")
    Path("bytes.yaml").write_bytes(b"\xff\xfe\x00\x81")
    Path("empty.yaml").touch()
    os.mkfifo("pipe")
    os.mkfifo("pipe.yaml")
    Path("plain").mkdir()
    Path("plain/keep.txt").write_text("mine", encoding="utf-8")
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run god.yaml", "god.yaml: no such file (did you mean good.yaml?)"),
        ("run plain", "plain: is a folder"),
        ("run pipe", "pipe: is not a regular file"),
        ("validate pipe", "pipe: is not a regular file"),
        ("run good.yaml/x", "good.yaml/x: cannot be read: not a directory"),
        ("run broken.yaml", "did you mean segments?"),
        ("run torn.yaml", "torn.yaml:1:8: not valid YAML"),
        ("run bytes.yaml", "bytes.yaml"),
        ("run empty.yaml", "empty.yaml"),
        ("run good.yaml --policy baselin", "no policy called baselin (did you mean baseline?)"),
        ("run good.yaml --policy zzz", "no policy called zzz; there are: baseline"),
        ("check good.yaml --draws nope", "'--draws': 'nope' is not one of 'posterior', 'ranges'"),
        ("compare good.yaml --replications many", "'--replications': many is not a whole number"),
        ("check good.yaml --replications 0", "'--replications': 0 should be greater than or equal to 1"),
        ("run good.yaml --until tomorrow", "--until tomorrow: not a date"),
        ("run good.yaml --until 1999-01-01", "--until 1999-01-01: the scenario goes from 2020-01-01 to 2021-06-30"),
        ("run good.yaml --set x", "--set x: write it as path=value"),
        ("run good.yaml --set x=[", "--set x=[: not valid YAML"),
        (f"run good.yaml --set x={'[' * 3000}", ": nested more than 40 levels deep"),
        ("run good.yaml --set start=2020-02-30", "start: 2020-02-30 is not in the calendar"),
        ("run good.yaml --set demand.onram=2", "did you mean onramp?"),
        ("run good.yaml --set demand.onramp=much", "demand.onramp"),
        ("run good.yaml --seed -1", "--seed"),
        ("run good.yaml --seed one", "--seed"),
        (f"run good.yaml --seed {2**64}", "--seed"),
        (f"explain good.yaml alpha --seed {2**64}", "--seed"),
        (f"run good.yaml --replication {2**64}", "--replication"),
        ("list pipe", "pipe: is not a regular file"),
        ("run pipe.yaml", "pipe.yaml: is not a regular file"),
        ("run /dev/zero", "/dev/zero: is not a regular file"),
        ("run good.yaml --out plain", "plain exists already"),
        ("run good.yaml --out plain --force", "plain exists and holds no saved run"),
        ("run good.yaml --out good.yaml --force", "good.yaml exists and holds no saved run"),
        ("run good.yaml --out good.yaml/x", "cannot be made"),
        ("run good.yaml --force", "--force needs --out"),
        ("run", "FILE"),
        ("rum good.yaml", "rum"),
        ("run good.yaml --sed 1", "--seed"),
        ("explain good.yaml nobody --policy baselin", "did you mean baseline?"),
        ("explain plain nobody", "plain"),
        ("explain plain nobody --seed 1", "leave out --policy and --seed"),
        ("explain plian nobody", "did you mean plain?"),
        ("validate good.yaml god.yaml", "god.yaml: no such file"),
        ("list kindz", "kindz: no such file"),
        ("schema --out plain/none/schema.json", "cannot be written"),
    ],
)
def test_wrong_input(command: Any, place: Path, line: str, said: str) -> None:
    before = tree(place)

    ended = command(*line.split())

    assert ended.code == 2
    assert said in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
    assert ended.out.splitlines()[:1] in ([], ["good.yaml: valid"])
    assert tree(place) == before


def test_file_that_may_not_be_read(command: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)

    ended = command("run", "good.yaml")

    assert (ended.code, ended.err) == (2, "error: good.yaml: cannot be read: permission denied\n")


def test_folder_that_may_not_be_written(command: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    ended = command("run", "good.yaml", "--out", "new/run")

    assert ended.code == 2
    assert "new/run cannot be made: no permission to write in" in ended.err
    assert not Path("new").exists()


def test_all_mistakes_are_reported_at_once(command: Any, place: Path) -> None:
    ended = command("validate", "broken.yaml", "torn.yaml", "god.yaml")

    files = {line.split(":")[0] for line in ended.err.splitlines()}
    assert {"broken.yaml", "torn.yaml", "god.yaml"} <= files


def test_a_fact_without_facts_tells_the_option(command: Any, minimal: Path) -> None:
    for asked in (
        ("race", minimal, "fact:a", "--delta", 0.1, "--larger"),
        ("compare", minimal, "--measures", "fact:a"),
    ):
        ended = command(*asked)
        assert (ended.code, "facts are measures of compare, race and sweep, with --facts" in ended.err) == (2, True)
    missing = command("compare", minimal, "--facts")
    assert missing.err.endswith(f"minimal.yaml: no such file; the facts of {minimal} are to stand there\n")
