"""The commands that tell without simulating, or tell of a saved run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import sim
from sim.scenario.policy.kinds import builtin_kinds


def test_validate_a_right_file(command: Any, minimal: Path) -> None:
    ended = command("validate", minimal)

    assert (ended.code, ended.out) == (0, f"{minimal}: valid\n")


def test_validate_as_json(command: Any, minimal: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(minimal.read_text(encoding="utf-8").replace("focal:", "focl:", 1), encoding="utf-8")

    ended = command("validate", wrong, minimal, "--json")

    problems = [problem for problem in json.loads(ended.out) if problem["level"] == "error"]
    assert ended.code == 2
    assert {problem["file"] for problem in problems} == {str(wrong)}
    assert any("did you mean focal?" in problem["message"] and problem["line"] for problem in problems)


def test_schema_is_printed_and_written_the_same(command: Any, tmp_path: Path) -> None:
    printed = command("schema").out
    command("schema", "--out", tmp_path / "schema.json")

    assert "properties" in json.loads(printed)
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == printed
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


def test_list_names_everything(command: Any, minimal: Path) -> None:
    scenario = sim.load(minimal)

    out = command("list", minimal).out

    for name in scenario.policies:
        assert name in out
    for policy in scenario.policies.values():
        for intervention in policy.interventions:
            assert intervention.id in out
    for exchange in scenario.exchanges:
        assert (exchange.id or exchange.group or "") in out


def test_names_that_the_encoding_lacks_are_spelled_out(minimal: Path, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "named.yaml"
    text = minimal.read_text(encoding="utf-8").replace("payments_first:", "payments_first:\n    description: 火币", 1)
    file.write_text(text, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "sim", "list", str(file)],
        cwd=root,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert b"\\u706b\\u5e01" in ended.stdout


def test_list_kinds(command: Any) -> None:
    out = command("list", "kinds").out

    assert [line.split()[0] for line in out.splitlines()[1:]] == list(builtin_kinds())


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

    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        "error: no exchange called alhpa (did you mean alpha?)\n",
    )


def test_explain_knows_names_in_any_capitals(command: Any, minimal: Path) -> None:
    assert command("explain", minimal, "ALPHA").out == command("explain", minimal, "alpha").out


def test_explain_as_json(command: Any, minimal: Path) -> None:
    exchange = str(sim.run(sim.load(minimal)).data["exchange"].values[0])

    assert json.loads(command("explain", minimal, exchange, "--json").out) == json.loads(
        json.dumps(sim.run(sim.load(minimal)).explain(exchange).to_dict())
    )


def test_help_and_version(command: Any) -> None:
    for words in (["--help"], ["run", "-h"], ["explain", "--help"], ["--version"]):
        ended = command(*words)
        assert (ended.code, ended.err) == (0, "")
        assert "regpressure" in ended.out


def test_the_command_starts_without_heavy_libraries(root: Path) -> None:
    heavy = ("matplotlib", "netCDF4", "numba", "pandas", "rich", "scipy", "xarray")
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, sim.cli; print([name for name in {heavy} if name in sys.modules])",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "[]\n"
