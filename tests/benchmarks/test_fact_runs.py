"""The benchmark of runs with facts makes the runs that it says."""

from __future__ import annotations

import pytest

from tests.benchmarks import fact_runs


def test_all_runs_are_made_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    fact_runs.main(["--scenario", "china_2013", "--runs", "6", "--replications", "2", "--workers", "1"])
    assert capsys.readouterr().out.startswith("6 runs with 3 facts, 100.0% of them defined: ")


def test_setting_parameters_costs_no_more_than_the_run() -> None:
    """About as much of either, so the bound is twice the run: the whole file read again would be ten times."""
    assert fact_runs.setting("china_2017", draws=4, repeat=3).ratio < 2.0
