"""`regpressure explain`: of a saved run and of a scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def test_explain_names_the_nearest_exchange(command: Any, minimal: Path) -> None:
    ended = command("explain", minimal, "alhpa")

    assert (ended.code, ended.out, ended.err) == (2, "", "error: no exchange called alhpa (did you mean alpha?)\n")


def test_explain_knows_names_in_any_capitals(command: Any, minimal: Path) -> None:
    assert command("explain", minimal, "ALPHA").out == command("explain", minimal, "alpha").out


def test_explain_as_json(command: Any, minimal: Path) -> None:
    exchange = str(sim.run(sim.load(minimal)).data["exchange"].values[0])

    assert json.loads(command("explain", minimal, exchange, "--json").out) == json.loads(
        json.dumps(sim.run(sim.load(minimal)).explain(exchange).to_dict())
    )
