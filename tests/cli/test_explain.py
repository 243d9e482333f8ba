"""`regpressure explain`: of a saved run and of a scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sim


def test_explain_a_saved_run_as_the_scenario(command: Any, minimal: Path, tmp_path: Path) -> None:
    run = sim.run(sim.load(minimal), seed=1)
    run.save(tmp_path / "run")
    exchange = str(run.data["exchange"].values[0])

    saved = command("explain", tmp_path / "run", exchange)
    simulated = command("explain", minimal, exchange, "--seed", 1)

    assert (saved.code, saved.err) == (0, "")
    assert exchange in saved.out.lower()
    assert saved.out == simulated.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["alhpa"], "no exchange called alhpa (did you mean alpha?)"),
        (["small-09"], "no exchange called small-09 (did you mean small-0"),
        (["alpha", "--without", "closre"], "no intervention or rule called closre (did you mean closure?)"),
    ],
)
def test_what_is_misspelt_is_told_before_anything_runs(
    command: Any, minimal: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.setattr(sim, "run", None)

    ended = command("explain", minimal, *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"error: {message}")


def test_explain_runs_again_without_an_intervention(command: Any, minimal: Path, tmp_path: Path) -> None:
    scenario = sim.load(minimal)
    run = sim.run(scenario, seed=1)
    run.save(tmp_path / "run")

    plain = command("explain", tmp_path / "run", "gamma").out
    both = command("explain", tmp_path / "run", "gamma", "--without", "closure, payments")

    assert "Run again" not in plain
    assert "  at that moment would have chosen domestic without closure (permission)\n" in plain
    assert both.out == f"{run.explain('gamma', without=['closure', 'payments'])}\n"
    assert "Run again without closure and payments: 0 moves, ends domestic, where it ended hybrid with them" in both.out


def test_explain_knows_names_in_any_capitals(command: Any, minimal: Path) -> None:
    assert command("explain", minimal, "ALPHA").out == command("explain", minimal, "alpha").out


def test_explain_as_json(command: Any, minimal: Path) -> None:
    exchange = str(sim.run(sim.load(minimal)).data["exchange"].values[0])

    assert json.loads(command("explain", minimal, exchange, "--json").out) == json.loads(
        json.dumps(sim.run(sim.load(minimal)).explain(exchange).to_dict())
    )
