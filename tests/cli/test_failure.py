"""Failures, interruptions and readers that go away: a short message, the right code, nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.plot.figure_table import RunPlots

WAITS = """
import sys, time, sim, sim.cli
def wait(*_, **__):
    print("running", flush=True)
    time.sleep(60)
sim.run = wait
sys.exit(sim.cli.main(sys.argv[1:]))
"""


def failing(error: BaseException) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def test_a_fault_is_reported_in_two_lines(command: Any, minimal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim, "run", failing(RuntimeError("the\nmoon")))

    ended = command("run", minimal)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[0] == "error: RuntimeError: the moon"
    assert "regpressure --debug" in ended.err.splitlines()[1]
    assert len(ended.err.splitlines()) == 2


@pytest.mark.parametrize("by", ["option", "environment"])
def test_debug_shows_the_traceback(command: Any, minimal: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    monkeypatch.setattr(sim, "run", failing(RuntimeError("the moon")))
    if by == "environment":
        monkeypatch.setenv("REGPRESSURE_DEBUG", "1")

    ended = command(*(["--debug"] if by == "option" else []), "run", minimal)

    assert ended.code == 1
    assert "Traceback (most recent call last)" in ended.err
    assert "RuntimeError: the moon" in ended.err


def test_a_full_disk_is_not_called_a_fault(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RunPlots, "write", failing(OSError(28, "No space left on device", "shares.png")))

    ended = command("run", minimal, "--out", tmp_path / "run")

    assert ended.code == 1
    assert ended.err.splitlines() == [
        "error: shares.png: no space left on device",
        "Nothing is left half written, and what was finished is kept. Make room, then try again.",
    ]
    assert list(tmp_path.iterdir()) == []


def test_interrupted_while_writing_leaves_nothing(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RunPlots, "write", failing(KeyboardInterrupt()))

    ended = command("run", minimal, "--out", tmp_path / "run")

    assert (ended.code, ended.out, ended.err) == (130, "", "interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_interrupted_by_a_signal(minimal: Path, tmp_path: Path) -> None:
    arguments = ["run", str(minimal), "--out", str(tmp_path / "run")]
    with subprocess.Popen(
        [sys.executable, "-c", WAITS, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert err == "interrupted\n"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error(root: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        ended = subprocess.run(
            [sys.executable, "-m", "sim", "schema"], cwd=root, stdout=nobody, stderr=subprocess.PIPE, check=False
        )

    assert (ended.returncode, ended.stderr) == (141, b"")
