"""Summaries, tables, JSON and the spinner, apart from the model."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from sim.cli import run_summary
from sim.cli.output import console, print_json, table
from sim.cli.progress import spinner
from tests.synthetic import synthetic_run


def test_the_turning_point_is_the_first_change_of_permission() -> None:
    point = run_summary.turning_point(synthetic_run(days=120))

    assert point == run_summary.TurningPoint("closure-order", date(2017, 7, 11), date(2017, 7, 16))


def test_without_interventions_there_is_no_turning_point() -> None:
    run = synthetic_run()
    quiet = type(run)(run.scenario, run.policy, 1, 0, None, run.data, run.journal.iloc[:0], run.decisions, run.options)

    assert run_summary.turning_point(quiet) is None
    assert [moment.label for moment in run_summary.moments(quiet)] == ["start", "end"]


def test_moments_are_parts_of_what_focal_traders_would_trade() -> None:
    run = synthetic_run()
    start, before, after, end = run_summary.moments(run)

    assert (start.day, end.day) == (date(2017, 6, 1), date(2017, 9, 28))
    assert start.domestic == pytest.approx(before.domestic)
    assert after.domestic < before.domestic
    for moment in (start, before, after, end):
        assert moment.domestic + moment.otc + moment.offshore + moment.outside == pytest.approx(1.0)
        assert 0 <= moment.outside < 1


def test_large_exchanges_have_their_steps_in_order_of_time() -> None:
    run = synthetic_run(exchanges=9)
    largest = run_summary.largest_exchanges(run)

    assert len(largest) == run_summary.LARGEST
    assert (largest[0].exchange, largest[0].before, largest[0].after) == ("Exchange 01", "domestic", "hybrid")
    assert any(step.startswith("domestic closed 2017-") for step in largest[0].steps)
    days = [step.split()[-1] for step in largest[0].steps]
    assert days == sorted(days)
    assert sum(run_summary.final_strategies(run).values()) == 9


def test_numbers_that_json_does_not_know_become_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [float("nan"), 1.5], "b": (float("inf"),), "day": date(2017, 9, 15), "name": "火币"})

    assert json.loads(capsys.readouterr().out) == {
        "a": [None, 1.5], "b": [None], "day": "2017-09-15", "name": "火币",
    }  # fmt: skip


def test_names_are_never_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    console().print(table(["[red]name"], [["[bold]Huobi[/]"]]))

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == ["[red]name", "[bold]Huobi[/]"]


@pytest.mark.parametrize("watched", [True, False])
def test_a_spinner_is_shown_only_to_a_person_who_waits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: watched)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with spinner("thinking"):
        time.sleep(0.05)
    assert capsys.readouterr().err == ""

    with spinner("thinking"):
        time.sleep(1.3)
    out, err = capsys.readouterr()
    assert ("thinking" in err, out) == (watched, "")
