"""`regpressure list`: what is in a scenario file, and the built-in kinds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.policy.interventions import builtin_kinds


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


def test_names_stand_beside_ids_where_there_are_any(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "named.yaml"
    file.write_text(
        "extends: minimal\nname: named\npolicies:\n  payments_first: {name: First the money}\n"
        f"  baseline: {{interventions: [{{id: closure, name: {'A very long name ' * 9}ending}}]}}\n",
        encoding="utf-8",
    )
    tables = command("list", file).out.split("\n\n")
    assert "First the money" in tables[0]
    assert tables[1].split()[1] == "name"
    assert "ending" in tables[1]
    assert "name" not in command("list", "minimal").out.split("\n\n")[0]


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


def test_list_kinds_in_full_says_what_each_sets(command: Any) -> None:
    out = command("list", "kinds", "--full").out
    assert "moves.fee: 0.002" in out


def test_list_fields(command: Any) -> None:
    out = command("list", "fields", "record").out
    assert [line.split()[0] for line in out.splitlines()] == ["field", "record", "record.every"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fields", "recrod"), "no field 'recrod' (did you mean record?)"),
        (("kinds", "record"), "PATH goes with `fields`: regpressure list fields PATH"),
        (("minimal", "--full"), "--full goes with `kinds`: regpressure list kinds --full"),
    ],
)
def test_what_does_not_go_together_is_told(command: Any, arguments: tuple[str, ...], said: str) -> None:
    ended = command("list", *arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", f"error: {said}\n")
