"""Manifests say which run it is and let two runs be compared."""

from dataclasses import replace

import pytest

from sim.results.manifest import differences, intact
from sim.results.open_run import read_manifest
from sim.results.save import save


@pytest.fixture
def told(run, tmp_path):
    return read_manifest(save(run, tmp_path / "run"))


def manifest_of(run, tmp_path):
    return read_manifest(save(run, tmp_path / "other"))


def test_it_says_what_was_run_and_with_what(told):
    assert told["run"] == {
        "scenario": "synthetic", "policy": "baseline", "seed": 1, "replication": 0, "until": None,
        "engine": "reference",
    }  # fmt: skip
    environment = told["environment"]
    assert {"numpy", "numba", "simpy", "xarray", "pandas", "regpressure"} <= set(environment["packages"])
    assert environment["created"].endswith("+00:00")
    assert environment["python"]
    assert environment["command"]
    assert intact(told)


def test_the_same_run_has_the_same_results_wherever_it_is_made(run, told, tmp_path):
    elsewhere = replace(run, environment={"created": "long ago", "python": "2.7"}, engine="compiled")
    other = manifest_of(elsewhere, tmp_path)
    assert other["environment"] == {"created": "long ago", "python": "2.7"}
    assert differences(told, other) == ()


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda run: {"seed": 2}, ("run.seed",)),
        (lambda run: {"replication": 3, "policy": "other"}, ("run.policy", "run.replication")),
        (lambda run: {"journal": run.journal.iloc[1:]}, ("content.journal",)),
        (lambda run: {"options": run.options.assign(error=0.0)}, ("content.options",)),
        (lambda run: {"data": run.data.assign(outside=run.data["outside"] * 2)}, ("content.results",)),
        (lambda run: {"stored": {"leakage": 0.5}}, ("content.measures",)),
        (lambda run: {"scenario": run.scenario.model_copy(update={"description": "another"})}, ("configuration",)),
    ],
)
def test_differences_are_named(run, told, tmp_path, change, names):
    changes = {"stored": run.measures} | change(run)
    other = manifest_of(replace(run, **changes), tmp_path)
    assert differences(told, other) == names
