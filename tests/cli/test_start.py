"""The command by itself: help, version, and a quick start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any


def test_help_and_version(command: Any) -> None:
    for words in (["--help"], ["run", "-h"], ["explain", "--help"], ["--version"]):
        ended = command(*words)
        assert (ended.code, ended.err) == (0, "")
        assert "regpressure" in ended.out


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
