"""`regpressure run` on a real scenario."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.commands import run as run_command
from tests.synthetic import synthetic_run


def test_prints_the_result_and_nothing_else(command: Any, minimal: Path) -> None:
    ended = command("run", minimal)

    assert (ended.code, ended.err) == (0, "")
    for heading in ("focal trading", "largest exchanges", "measure", "nothing written"):
        assert heading in ended.out


def test_json_is_one_document_that_agrees_with_the_run(command: Any, minimal: Path) -> None:
    run = sim.run(sim.load(minimal), seed=3)

    document = json.loads(command("run", minimal, "--seed", 3, "--json").out)

    assert (document["seed"], document["policy"]) == (3, "baseline")
    assert document["measures"] == {
        name: pytest.approx(value) if value == value else None for name, value in run.measures.items()
    }
    assert [moment["label"] for moment in document["shares"]][:1] == ["start"]
    for moment in document["shares"]:
        parts = [moment[part] for part in ("domestic", "otc", "offshore", "outside")]
        assert sum(parts) == pytest.approx(1.0)


def test_writes_a_folder_that_opens_as_the_same_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"

    ended = command("run", minimal, "--seed", 2, "--out", out)

    assert ended.code == 0
    assert f"written to {out}" in ended.out
    assert sim.open(out).data.identical(sim.run(sim.load(minimal), seed=2).data)
    assert len(list((out / "figures").glob("*.png"))) >= 4
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_an_existing_run_is_replaced_only_by_force(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    common = ("run", minimal, "--out", out, "--no-figures")
    assert command(*common, "--seed", 1).code == 0

    assert command(*common, "--seed", 2).code == 2
    assert sim.open(out).seed == 1
    assert command(*common, "--seed", 2, "--force").code == 0
    assert sim.open(out).seed == 2
    assert not (out / "figures").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_until_and_set_reach_the_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"

    command("run", minimal, "--out", out, "--until", "2020-03-01", "--set", "demand.onramp=0.25", "--no-figures")

    run = sim.open(out)
    assert run.until == date(2020, 3, 1)
    assert run.scenario.demand.onramp == 0.25
    assert str(run.data["time"].values[-1])[:10] == "2020-03-01"


def test_policies_may_be_named_in_any_capitals(command: Any, minimal: Path) -> None:
    assert json.loads(command("run", minimal, "--policy", "Baseline", "--json").out)["policy"] == "baseline"


def test_the_turning_point_is_the_first_change_of_permission() -> None:
    point = run_command.turning_point(synthetic_run(days=120))

    assert point == run_command.TurningPoint("closure-order", date(2017, 7, 11), date(2017, 7, 16))


def test_without_interventions_there_is_no_turning_point() -> None:
    run = synthetic_run()
    quiet = type(run)(run.scenario, run.policy, 1, 0, None, run.data, run.journal.iloc[:0], run.decisions, run.options)

    assert run_command.turning_point(quiet) is None
    assert [moment.label for moment in run_command.moments(quiet)] == ["start", "end"]


def test_moments_are_parts_of_what_focal_traders_would_trade() -> None:
    run = synthetic_run()
    start, before, after, end = run_command.moments(run)

    assert (start.day, end.day) == (date(2017, 6, 1), date(2017, 9, 28))
    assert start.domestic == pytest.approx(before.domestic)
    assert after.domestic < before.domestic
    for moment in (start, before, after, end):
        assert moment.domestic + moment.otc + moment.offshore + moment.outside == pytest.approx(1.0)
        assert 0 <= moment.outside < 1


def test_large_exchanges_have_their_steps_in_order_of_time() -> None:
    run = synthetic_run(exchanges=9)
    largest = run_command.largest_exchanges(run)

    assert len(largest) == run_command.LARGEST
    assert (largest[0].exchange, largest[0].before, largest[0].after) == ("Exchange 01", "domestic", "hybrid")
    assert any(step.startswith("domestic closed 2017-") for step in largest[0].steps)
    days = [step.split()[-1] for step in largest[0].steps]
    assert days == sorted(days)
    assert sum(run_command.final_strategies(run).values()) == 9


def test_idle_names_interventions_that_changed_nothing(command: Any) -> None:
    ended = command("run", "minimal", "--until", "2020-06-20", "--idle")
    assert ended.code == 0
    assert "changed nothing, each by itself: payments\n" in ended.out
