"""Shipped scenarios with random mistakes: no traceback, no hang, little memory. Many more: tests/README.md."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario.errors import Problem, ScenarioError
from tests.scenario import mutations


@pytest.mark.slow
def test_mistakes_are_refused_or_run() -> None:
    """In a process of its own, whose memory is that of these scenarios alone."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.scenario.mutations", "40"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        0,
        "0 of 40 mutations end otherwise than they should\n",
        "",
    )


def test_a_mutation_is_told_by_its_number() -> None:
    found = [mutations.mutated(number) for number in range(30)]
    assert found == [mutations.mutated(number) for number in range(30)]
    assert len({data for _, _, data in found}) >= 28  # lines that are exchanged may be alike


def crash() -> None:
    raise KeyError("planted")


def hang() -> None:
    time.sleep(5)


def say_nothing() -> None:
    raise ScenarioError([])


def say_it_on_two_lines() -> None:
    class Torn(Problem):
        def __str__(self) -> str:
            return "one\n\ntwo"

    raise ScenarioError([Torn("f", 1, 1, "", "")])


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (crash, "KeyError: 'planted'"),
        (hang, "TimeoutError: takes longer than 1 s"),
        (say_nothing, "a message that is empty"),
        (say_it_on_two_lines, "not on one line"),
    ],
)
def test_what_is_wrong_is_found(
    end: Callable[[], None], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutations, "SECONDS", 1)
    monkeypatch.setattr(mutations, "_try", lambda _: end())
    assert said in (mutations.fault(0, tmp_path) or "")


def test_memory_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "MEGABYTES", 1)
    monkeypatch.setattr(mutations, "_try", lambda _: None)
    ((number, said),) = mutations.faults(3, 2)
    assert (number, said.startswith("the process has used ")) == (4, True)
