"""The commands that make runs and studies again: they are those that were, and never another scenario's."""

from __future__ import annotations

from pathlib import Path

import sim
from sim.study.repeat_commands import run_command, study_command


def test_a_shipped_scenario_goes_by_its_name_also_from_a_folder(minimal: sim.Scenario, tmp_path: Path) -> None:
    run = sim.run(minimal, seed=4, until="2020-02-01")
    line = "regpressure run minimal --policy=baseline --seed=4 --replication=0 --until=2020-02-01 --out=FOLDER"
    assert run_command(run) == line
    assert run_command(sim.open(run.save(tmp_path / "run"))) == line  # type: ignore[arg-type]


def test_a_changed_scenario_is_not_called_by_the_name_of_another(tmp_path: Path) -> None:
    changed = sim.load("minimal", {"demand.onramp": 2.0})
    run = sim.run(changed, until="2020-02-01")
    assert run_command(run).startswith("regpressure run FILE ")
    assert run_command(sim.open(run.save(tmp_path / "run"))).startswith("regpressure run FILE ")  # type: ignore[arg-type]


def test_a_study_of_a_policy_made_in_python_is_made_again_in_python(minimal: sim.Scenario) -> None:
    study = sim.compare(minimal, replications=2, seed=1)
    policies = "--policies=baseline,payments_first"
    assert study_command(study) == (
        f"regpressure compare minimal {policies} --replications=2 --seed=1 --engine=compiled --out=FOLDER"
    )
    free = minimal.policies["baseline"].without("closure")
    assert study_command(sim.compare(minimal, {"free": free}, replications=2)).startswith("sim.compare(scenario, ")


def test_a_file_goes_by_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("extends: minimal\nname: own\n", encoding="utf-8")
    assert run_command(sim.run(sim.load(path), until="2020-02-01")).startswith("regpressure run own.yaml ")
