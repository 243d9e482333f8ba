"""`regpressure sensitivity`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_tables_figures_and_the_document(command: Any, minimal: Path, tmp_path: Path) -> None:
    asked = ("sensitivity", minimal, "--policies", "payments_first", "--measures", "suppression", "--replications", 3)
    out = tmp_path / "out"
    ended = command(*asked, "--out", out)
    assert ended.code == 0
    assert "suppression, payments_first minus baseline" in ended.out
    assert "variance among single runs" in ended.out
    files = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert {"sensitivity.csv", "figures/suppression-baseline.png"} <= files
    assert "--resume goes on" in command(*asked, "--out", out).err
    again = command(*asked, "--out", out, "--resume", "--no-figures")
    assert again.out == ended.out

    document = json.loads(command(*asked, "--json").out)
    assert {row["against"] for row in document["rows"]} == {"", "baseline"}
    assert len(document["variance"]) == 2


def test_draws_choose_the_method_that_takes_them(command: Any, minimal: Path) -> None:
    asked = ("sensitivity", minimal, "--policies", "baseline", "--measures", "leakage", "--replications", 2)
    ended = command(*asked, "--draws", 50, "--json")
    document = json.loads(ended.out)
    assert (document["method"], document["draws"], document["from_record"]) == ("rbd-fast", 50, False)
    assert {"first", "own", "direction"} <= set(document["rows"][0])
    wrong = command(*asked, "--draws", 50, "--method", "sobol")
    assert (wrong.code, "so takes no draws; rbd-fast takes them" in wrong.err) == (2, True)


def test_wrong_input_is_told(command: Any, minimal: Path) -> None:
    ended = command("sensitivity", minimal, "--over", "demand.onramp", "--over", "segments.traders.outside=0.3..1")
    assert (ended.code, ended.err) == (
        2, "error: --over demand.onramp: give PATH=LOW..HIGH for all parameters, or for none\n",
    )  # fmt: skip
    assert command("sensitivity", minimal, "--measures", "leakge").code == 2
