"""The command, run as a user would run it but inside the test's process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.cli import main
from sim.plot import page

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture(autouse=True)
def _coarse_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are of a few pixels: here it is asked whether they are written, and in `tests/plot` what they show."""
    monkeypatch.setattr(page, "DPI", 20)


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture
def minimal() -> Path:
    """The smallest scenario that ships."""
    return ROOT / "configs" / "minimal.yaml"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `regpressure` with some arguments."""

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run
