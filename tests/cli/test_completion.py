"""What shells complete: commands, options, and scenarios by name or file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest


def completed(command: Any, monkeypatch: pytest.MonkeyPatch, line: str) -> set[str]:
    """What bash offers for the last word of a line."""
    words = line.split(" ")
    monkeypatch.setenv("_REGPRESSURE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    return set(command().out.split())


def test_commands_and_options_are_completed(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert completed(command, monkeypatch, "regpressure exp") == {"explain", "explain-config", "explore"}
    assert completed(command, monkeypatch, "regpressure compare --poli") == {"--policies"}


def test_scenarios_are_completed_by_name_and_file(
    command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").touch()
    (tmp_path / "other.yaml").touch()
    assert completed(command, monkeypatch, "regpressure run mi") == {"minimal", "mine.yaml"}
    assert completed(command, monkeypatch, f"regpressure run {tmp_path}{os.sep}mi") == {str(tmp_path / "mine.yaml")}
    assert completed(command, monkeypatch, "regpressure run [") == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_a_script(command: Any, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_REGPRESSURE_COMPLETE", f"source_{shell}")
    assert "regpressure" in command().out
