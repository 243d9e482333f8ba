"""The benchmark of studies in short: a store costs little, and memory stays flat."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks import study


@pytest.mark.slow
def test_a_store_costs_little_beyond_simulating():
    """Measured: 8 % for the smallest world, up to 50 % while others use the machine; a run takes a tenth of a millisecond.

    A store that wrote each run by itself, or twice, would take as long as the runs.
    """
    assert study.overhead("minimal", 400, repeat=4) < 0.7


@pytest.mark.slow
def test_memory_hardly_grows_with_the_runs():
    """Five times the runs, 4,000 more: their measures are 34 numbers, their paths 480, which stay on the disk.

    Paths of one policy are read when they are asked for, and its bands need a few arrays of that size: at most 20 kB
    for each of its replications, and so 10 kB a run.
    """
    few, many = (study.cost("minimal", replications) for replications in (500, 2_500))
    assert many.runs - few.runs == 4_000
    assert many.megabytes - few.megabytes < 4_000 * 0.01
    assert many.megabytes < 1_000.0


def test_the_table_and_the_file_say_the_same(tmp_path, capsys):
    options = ["--scenarios", "minimal", "--executors", "2 threads", "--part", "0.0004"]
    study.main([*options, "--json", str(tmp_path / "cost.json")])
    (row,) = json.loads((tmp_path / "cost.json").read_text())
    lines = capsys.readouterr().out.splitlines()
    assert (row["scenario"], row["runs"]) == ("minimal", 40)
    assert lines[0].startswith("minimal:")
    assert " 40 runs" in lines[1]
    assert row["stored_megabytes"] > 40 * 34 * 8 / 1e6 / 4
