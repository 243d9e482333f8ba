"""`regpressure report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = sim.load(Path(__file__).parents[2] / "configs" / "minimal.yaml")
    return sim.run(scenario, until="2020-02-01").save(tmp_path_factory.mktemp("saved") / "run")


def test_a_saved_run_becomes_a_file_in_its_folder(folder: Path, command: Any) -> None:
    ended = command("report", folder, "--question", "Who moves first?")
    assert (ended.code, ended.out) == (0, f"written to {folder / 'report.html'}\n")
    assert '<p class="question">Who moves first?</p>' in (folder / "report.html").read_text(encoding="utf-8")

    ended = command("report", folder)
    assert ended.code == 2
    assert "report.html exists already; choose another --out, or --force to replace it" in ended.err


def test_what_is_no_result_is_refused(tmp_path: Path, folder: Path, command: Any) -> None:
    ended = command("report", tmp_path)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    ended = command("report", folder, "--out", tmp_path / "a.html", "--evidence", tmp_path / "none.yaml")
    assert ended.code == 2
    assert "none.yaml: no such file" in ended.err
