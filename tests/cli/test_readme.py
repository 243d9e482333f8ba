"""README.md tells the truth: its lines are those checked, its code runs, its commands are all there are."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.pages import blocks

SETUP = "python3 -m venv .venv && .venv/bin/python -m pip install "
BY_UV = "uv && .venv/bin/uv pip install --python .venv "  # in a fifth of the time: tests need many libraries


@pytest.fixture
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def test_two_commands_of_one_line_each(readme: str) -> None:
    run, tests = blocks(readme, "console")

    assert run == f"{SETUP}-c requirements.lock -e . && .venv/bin/regpressure run china_2017 --out out/china --force\n"
    assert tests == f"{SETUP}{BY_UV}-c requirements.lock -e '.[dev]' && .venv/bin/python -m pytest\n"


def test_the_first_line_can_be_pasted_twice(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    _, *arguments = shlex.split(blocks(readme, "console")[0].rpartition("&& ")[2])
    for _ in range(2):
        ended = command(*arguments, "--until", "2016-12-20", "--no-figures")
        assert ended.code == 0, ended.err


def test_the_checks_run_the_same_line(readme: str, root: Path) -> None:
    lines = [line.strip() for line in (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()]

    assert blocks(readme, "console")[1].strip() in lines


def test_the_lock_holds_what_the_commands_install(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    locked = re.findall(r"^([\w-]+)==", (root / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)

    names = {re.match(r"[\w-]+", library)[0].lower() for library in wanted}
    assert names - set(locked) == set()


def test_the_python_code_runs(readme: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    (code,) = blocks(readme, "python")
    for much, few in (
        ("replications=50", "replications=5"),
        ('Precision("leakage", 0.05)', 'Precision("leakage", 0.5)'),
    ):
        assert much in code
        code = code.replace(much, few)

    exec(compile(code, "README.md", "exec"), {})


def test_every_command_is_named(readme: str) -> None:
    from sim.cli import app

    names = {
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback
    }
    assert names == set(re.findall(r"^\| `regpressure ([\w-]+)", readme, flags=re.MULTILINE))
