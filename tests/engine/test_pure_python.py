"""Kernels that are left as Python, as a debugger or a coverage tool wants them, give the bits of compiled ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.engine import compiled
from tests.engine.history_hashes import history_hashes

ROOT = Path(__file__).parents[2]
TRACED = """
import json, sys
from sim.engine import reference
from tests.engine.history_hashes import history_hashes
ran = set()
sys.setprofile(lambda frame, event, _: ran.add(frame.f_code.co_name))
hashes = history_hashes(reference.simulate)
sys.setprofile(None)
print(json.dumps({"hashes": hashes, "ran": sorted(ran)}))
"""


@pytest.fixture(scope="module")
def in_python() -> Any:
    """What a process says in which nothing is compiled, and all that is called is seen; no warning is let through."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-c", TRACED]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_pure_python_gives_the_bits_of_compiled_code(in_python: Any) -> None:
    assert in_python["hashes"] == history_hashes(compiled.simulate)


def test_a_tracer_sees_the_kernels(in_python: Any) -> None:
    assert {"advance", "decide", "option_value", "on_tick", "finish_run", "close"} - set(in_python["ran"]) == set()
