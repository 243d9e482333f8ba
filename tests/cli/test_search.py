"""`regpressure search`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_what_is_found_can_be_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("search", minimal, "--trials", 6, "--replications", 2, "--smaller", "agency_days", "--timing", "order")
    ended = command(*asked, "--out", out)
    assert ended.code == 0
    assert "on fresh replications" in ended.out
    files = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert files == {"trials.json", "front.csv", "search.json", "found.yaml", "figures/search.png"}
    assert command(*asked, "--out", out, "--resume", "--no-figures").out == ended.out
    document = json.loads((out / "search.json").read_text())
    name = next(iter(document["policies"]))
    assert command("run", out / "found.yaml", "--policy", name).code == 0


def test_wrong_input_is_told(command: Any, minimal: Path) -> None:
    ended = command("search", minimal, "--budget", "much")
    assert (ended.code, ended.err) == (2, "error: --budget much: write a number, or MEASURE=number\n")
    assert command("search", minimal, "--draws", "some").code == 2
    assert "did you mean closure" in command("search", minimal, "--interventions", "closur").err
