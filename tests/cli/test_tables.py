"""`--csv` and `--xlsx`: results for spreadsheets and other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli import output

SHORT = ("--until", "2020-03-01")


def test_a_run_is_written_as_csv_and_as_a_workbook(command: Any, minimal: Path, tmp_path: Path) -> None:
    csv, book = tmp_path / "run.csv", tmp_path / "run.xlsx"
    ended = command("run", minimal, *SHORT, "--csv", csv, "--xlsx", book)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == f"written to {csv}, {book}"
    run = sim.run(sim.load(minimal), until="2020-03-01")
    read = pd.read_csv(csv, parse_dates=["date"]).astype({"date": run.to_frame()["date"].dtype})
    pd.testing.assert_frame_equal(read, run.to_frame(), check_exact=True)
    sheets = pd.read_excel(book, sheet_name=None)
    assert list(sheets) == ["shares", "exchanges", "measures", "journal", "about"]
    expected = run.to_frame("exchange")["focal_volume"]
    pd.testing.assert_series_equal(sheets["exchanges"]["focal_volume"], expected, rtol=1e-14, check_dtype=False)
    assert len(sheets["journal"]) == len(run.journal)
    again = tmp_path / "again.xlsx"
    command("run", minimal, *SHORT, "--xlsx", again)
    assert again.read_bytes() == book.read_bytes()


def test_a_study_is_written_as_csv_and_as_a_workbook(command: Any, minimal: Path, tmp_path: Path) -> None:
    csv, book = tmp_path / "study.csv", tmp_path / "study.xlsx"
    ended = command("compare", minimal, "--replications", 3, "--csv", csv, "--xlsx", book)
    assert (ended.code, ended.err) == (0, "")
    study = sim.compare(sim.load(minimal), replications=3, paths=True)
    pd.testing.assert_frame_equal(pd.read_csv(csv), study.to_frame(), check_exact=True)
    sheets = pd.read_excel(book, sheet_name=None)
    assert list(sheets) == ["differences", "replications", "shares", "about"]
    assert len(sheets["differences"]) == len(study.names) * len(study.policies)
    assert len(sheets["shares"]) == 4 * len(study.day) * len(study.policies)


@pytest.mark.parametrize("option", ["--csv", "--xlsx"])
def test_a_file_that_is_there_is_kept(command: Any, minimal: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "mine").write_text("precious")
    ended = command("run", minimal, option, tmp_path / "mine")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"error: {tmp_path / 'mine'} exists already; choose another {option}\n"
    assert (tmp_path / "mine").read_text() == "precious"


def test_a_missing_library_is_told_before_anything_runs(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "find_spec", lambda name: None)
    ended = command("run", minimal, "--xlsx", tmp_path / "run.xlsx")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "error: --xlsx needs a library more: pip install 'regpressure[excel]'\n"
