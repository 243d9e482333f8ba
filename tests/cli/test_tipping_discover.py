"""`regpressure tipping` and `regpressure discover`, and regret in `regpressure compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sim


def test_tipping_prints_and_writes(command: Any, minimal: Path, tmp_path: Path) -> None:
    asked = ("tipping", minimal, "payments_first", "baseline", "segments.traders.outside=0.4..0.9",
             "--points", 3, "--replications", 4)  # fmt: skip
    out = tmp_path / "out"
    ended = command(*asked, "--out", out)
    assert ended.code == 0
    assert "segments.traders.outside" in ended.out
    assert {path.name for path in out.iterdir()} == {"points", "points.csv", "tipping.json", "figures"}
    assert [path.name for path in (out / "figures").iterdir()] == ["tipping.png"]
    document = json.loads(command(*asked, "--json").out)
    assert [row["value"] for row in document["points"]] == [0.4, 0.65, 0.9]
    assert command("tipping", minimal, "baseline", "baseline", "demand.onramp").code == 2


def test_tipping_over_draws_is_a_distribution(command: Any, minimal: Path, tmp_path: Path) -> None:
    asked = ("tipping", minimal, "payments_first", "baseline", "segments.traders.outside", "--points", 3)
    ended = command(*asked, "--draws", 3, "--replications", 1, "--out", tmp_path / "out", "--no-figures")
    assert ended.code == 0
    assert "of the mean over 3 draws of what is uncertain in the file" in ended.out
    assert "90 % of draws" in ended.out
    document = json.loads((tmp_path / "out" / "tipping.json").read_text())
    worlds = document["worlds"]
    assert (document["draws"], document["from_record"], worlds["count"]) == (3, False, 3)
    parts = ("with_tipping_point", "without_tipping_point", "reverse", "several")
    assert sum(worlds[part] for part in parts) == 1.0
    assert "--resume goes on with it" in command(*asked, "--out", tmp_path / "out").err
    assert "minimal has no posterior" in command(*asked, "--draws", "posterior").err


def test_discover_prints_and_writes(command: Any, minimal: Path, tmp_path: Path) -> None:
    asked = ("discover", minimal, "payments_first", "--draws", 6, "--replications", 1)
    out = tmp_path / "out"
    ended = command(*asked, "--out", out)
    assert ended.code == 0
    assert "payments_first fails against baseline in leakage in" in ended.out
    assert {path.name for path in out.rglob("*.*")} == {"boxes.csv", "draws.csv", "discovery.json"}
    assert json.loads(command(*asked, "--json").out)["draws"] == 6
    assert command("discover", minimal, "payments_first", "--draws", "many").err.startswith("error: --draws many")


def test_compare_with_draws_tells_regret(command: Any, minimal: Path) -> None:
    asked = ("compare", minimal, "--draws", 4, "--replications", 8, "--measures", "suppression")
    ended = command(*asked)
    assert "of 4 draws, by" in ended.out
    assert "luck is part of this regret: each draw has 2 replications" in ended.out
    assert {row["policy"] for row in json.loads(command(*asked, "--json").out)["regret"]["suppression"]} == {
        "baseline", "payments_first",
    }  # fmt: skip


def test_compare_weighs_measures(command: Any, minimal: Path) -> None:
    asked = ("compare", minimal, "--draws", 4, "--replications", 8, "--measures", "suppression", "--weights")
    ended = command(*asked, "leakage=2, suppression=1")
    assert "weighted: of 2 leakage + 1 suppression" in ended.out
    document = json.loads(command(*asked, "leakage=2,suppression=1", "--json").out)
    assert (list(document["regret"]), document["weights"]) == (
        ["suppression", "weighted"], {"leakage": 2.0, "suppression": 1.0},
    )  # fmt: skip
    study = sim.compare(sim.load(minimal), None, 8, draws=4)
    expected = study.regrets(["suppression"], {"leakage": 2.0, "suppression": 1.0}).loc["weighted", "mean"]
    assert {row["policy"]: row["mean"] for row in document["regret"]["weighted"]} == expected.to_dict()
    for text, message in {
        "leakage": "write measure=weight", "leekage=1": "did you mean leakage", "leakage=-1": "numbers above 0",
    }.items():  # fmt: skip
        wrong = command(*asked, text)
        assert (wrong.code, message in wrong.err) == (2, True)
