"""The benchmark of studies in short: a store costs little, and memory stays flat."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks import study


@pytest.mark.slow
def test_a_store_costs_little_beyond_simulating():
    """Measured: 8 % for the smallest world, up to 50 % while others use the machine; a run takes a tenth of a millisecond.

    A store that wrote each run by itself, or twice, would take as long as the runs.
    """
    assert study.overhead("minimal", 400, repeat=3) < 0.7


GROWS = """
import sys, sim
from pathlib import Path
from sim.study.jobs import plan
from tests.memory import peak_megabytes
plan._JOB_SECONDS = 0.02
for count in (250, 1250):
    study = sim.compare(sim.load("minimal"), replications=count, executor=2, store=Path(sys.argv[1], str(count)))
    study.difference("leakage")
    study.band("otc", "payments_first")
    print(peak_megabytes())
"""


def test_memory_hardly_grows_with_the_runs(tmp_path):
    """2,000 runs more take 3.6 kB each: their measures are 34 numbers, their paths 480, 3.8 kB, which stay on the disk.

    Paths of one policy are read when they are asked for, and its bands need a few arrays of that size. Jobs are small, so
    that those under way are the same few in both; the peaks are the system's own, which do not depend on when one looks.
    """
    command = [sys.executable, "-c", GROWS, tmp_path]
    few, many = map(float, subprocess.run(command, cwd=study.ROOT, capture_output=True, check=True).stdout.split())
    assert many - few < 2_000 * 0.005
    assert many < 1_000.0


def test_the_table_and_the_file_say_the_same(tmp_path, capsys):
    options = ["--scenarios", "minimal", "--executors", "2 threads", "--part", "0.0004"]
    study.main([*options, "--json", str(tmp_path / "cost.json")])
    (row,) = json.loads((tmp_path / "cost.json").read_text())
    lines = capsys.readouterr().out.splitlines()
    assert (row["scenario"], row["runs"]) == ("minimal", 40)
    assert lines[0].startswith("minimal:")
    assert " 40 runs" in lines[1]
    assert row["stored_megabytes"] > 40 * 34 * 8 / 1e6 / 4
