"""The command by itself: help, version, and a quick start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer

from sim.cli import app


def test_help_and_version(command: Any) -> None:
    for words in (["--help"], ["run", "-h"], ["explain", "--help"], ["--version"]):
        ended = command(*words)
        assert (ended.code, ended.err) == (0, "")
        assert "regpressure" in ended.out


def parameters() -> list[Any]:
    group = typer.main.get_command(app)
    return [pytest.param(name, command, id=name) for name, command in group.commands.items()]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "of"), parameters())
def test_help_prints_every_word_as_it_was_written(
    command: Any, monkeypatch: pytest.MonkeyPatch, name: str, of: Any
) -> None:
    """Brackets too, which are markup to some who print help."""
    monkeypatch.setenv("COLUMNS", "90")
    printed = "".join(command(name, "--help").out.split())
    for text in (of.help, *(text for option in of.params for text in (option.help, option.metavar))):
        assert "".join((text or "").split()) in printed


def test_the_list_of_commands_says_of_each_what_it_does(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = command("--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert len(lines) == len(parameters())
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3, 0.6, 1.0])
def test_an_interruption_is_told_in_a_line_from_the_first_import_on(tmp_path: Path, root: Path, after: float) -> None:
    code = (
        "import sys, sim\nprint('begun', flush=True)\nfrom sim.__main__ import main\n"
        "sys.argv = ['regpressure', 'run', 'minimal', '--json']\nsys.exit(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(root)}, cwd=tmp_path,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.05 + after)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    if process.returncode:  # else it was done before
        assert err == "interrupted\n"
        assert process.returncode in (
            130,
            -signal.SIGINT,
        )  # the same to a shell; the second where `exec` was interrupted


def test_the_command_starts_without_heavy_libraries(root: Path) -> None:
    heavy = ("matplotlib", "netCDF4", "numba", "pandas", "rich", "scipy", "xarray")
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys, sim.cli; print([name for name in {heavy} if name in sys.modules])"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "[]\n"
