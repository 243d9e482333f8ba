"""The benchmark of runs with facts makes the runs that it says."""

from __future__ import annotations

import pytest

from tests.benchmarks import fact_runs


def test_all_runs_are_made_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    fact_runs.main(["--scenario", "china_2013", "--runs", "6", "--replications", "2", "--workers", "1"])
    assert capsys.readouterr().out.startswith("6 runs with 3 facts, 100.0% of them defined: ")
