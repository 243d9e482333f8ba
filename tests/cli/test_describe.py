"""`regpressure describe` as a user runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_scenario_is_described(command: Any, minimal: Path, tmp_path: Path) -> None:
    printed = command("describe", minimal)
    assert printed.code == 0
    assert printed.out.startswith("# ODD description of minimal\n")
    assert "# STRESS-DES checklist of minimal\n" in printed.out
    file = tmp_path / "model.md"
    assert command("describe", minimal, "--out", file).code == 0
    assert file.read_text(encoding="utf-8") == printed.out
    again = command("describe", minimal, "--out", file)
    assert (again.code, again.out) == (2, "")
    assert command("describe", minimal, "--out", file, "--force").code == 0


def test_what_holds_nothing_to_describe_is_refused(command: Any, tmp_path: Path) -> None:
    for path, said in ((tmp_path, "no manifest.json"), (tmp_path / "none.yaml", "no such file")):
        ended = command("describe", path)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
