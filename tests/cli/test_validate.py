"""`regpressure validate`: right files, and the problems of wrong ones as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.study import do_nothing


def test_validate_a_right_file(command: Any, minimal: Path) -> None:
    ended = command("validate", minimal)

    valid, headings, *rows = ended.out.splitlines()
    assert (ended.code, ended.err, valid) == (0, "", f"{minimal}: valid")
    assert headings.split() == ["first", "day,", "coins/d", "domestic", "otc", "offshore", "foreign", "traders"]
    assert rows[0].split() == ["alpha", "6,250"]
    assert "of all if all traded           62.1 %   0.421 %        0 %" in rows[6]


def test_validate_as_json(command: Any, minimal: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(minimal.read_text(encoding="utf-8").replace("focal:", "focl:", 1), encoding="utf-8")

    ended = command("validate", wrong, minimal, "--json")

    problems = [problem for problem in json.loads(ended.out) if problem["level"] == "error"]
    assert ended.code == 2
    assert {problem["file"] for problem in problems} == {str(wrong)}
    assert any("did you mean focal?" in problem["message"] and problem["line"] for problem in problems)


@pytest.mark.filterwarnings("default::sim.ScenarioWarning")
def test_what_moves_without_policies_is_told_by_validate_run_and_compare(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running costs of ten times what the largest exchange earns: the file is valid, and every exchange loses."""
    file = tmp_path / "lenders.yaml"
    text = minimal.read_text(encoding="utf-8")
    file.write_text(text.replace("domestic: {fixed: 0.00025 %", "domestic: {fixed: 1.25 %", 1), encoding="utf-8")

    for arguments in (["validate", file], ["run", file], ["compare", file, "--replications=1", "--workers=1"]):
        monkeypatch.setattr(do_nothing, "_checked", set())
        ended = command(*arguments)
        assert ended.code == 0
        assert "exchanges.alpha: warning: loses money on the first day: earns 25 a day and costs 25" in ended.err
        every_line = arguments[0] == "validate"
        assert ("exchanges.small: warning: 5 of 5 lose money on the first day" in ended.err) == every_line
        assert ended.err.endswith(f"`regpressure validate {file}` lists all)\n") != every_line
