"""Kernels that are left as Python, as a debugger or a coverage tool wants them, give the bits of compiled ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from sim.engine import compiled
from tests.engine.history_hashes import history_hashes

ROOT = Path(__file__).parents[2]
TRACED = """
import sys
from sim.engine import reference
from tests.engine.history_hashes import history_hashes
ran = set()
sys.setprofile(lambda frame, event, _: ran.add(frame.f_code.co_name))
history_hashes(reference.simulate, ["minimal"])
sys.setprofile(None)
missing = {"advance", "decide", "option_value", "on_tick", "run_until", "close"} - ran
assert not missing, missing
"""


def in_pure_python(*arguments: str) -> str:
    """What Python prints when nothing is compiled; no warning is let through."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_pure_python_gives_the_bits_of_compiled_code() -> None:
    assert json.loads(in_pure_python("-m", "tests.engine.history_hashes")) == history_hashes(compiled.simulate)


def test_a_tracer_sees_the_kernels() -> None:
    in_pure_python("-c", TRACED)
