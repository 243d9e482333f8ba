"""All versions of the small model are the same model; the ones whose library is not installed are left out."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.benchmarks.rivals import __main__ as rivals
from tests.benchmarks.rivals import with_c
from tests.benchmarks.rivals.agreement import compare, figures, level
from tests.benchmarks.rivals.versions import OURS, VERSIONS, parameters

RUNS, EXCHANGES = 25, 10
_OF_C = 3_000
PYTHON = [name for name in VERSIONS if name not in (OURS, "c")]


@cache
def ours():
    return figures(VERSIONS[OURS].ensemble(EXCHANGES, 1, 10 * RUNS, 2))


def sample(name, runs, seed=2):
    """(N, Q) of runs of a version, in this process."""
    version = VERSIONS[name]
    if reason := version.absent():
        pytest.skip(reason)
    return runs_of_c(seed) if name == "c" else figures(version.ensemble(EXCHANGES, seed, runs, 1))


@pytest.mark.parametrize(("name", "runs"), [*((name, RUNS) for name in PYTHON), ("c", _OF_C)])
def test_a_version_agrees_with_our_compiled_engine(name, runs):
    """Level: one wrong refusal in a thousand calls of all versions; tolerance of daily steps: 0.005, see `agreement`."""
    version = VERSIONS[name]
    found = compare(name, EXCHANGES, ours(), sample(name, runs), version.tolerance, level(len(VERSIONS) - 1))
    assert found.agrees, found.disagreeing


def test_our_engines_are_the_same_to_the_last_bit():
    assert np.array_equal(sample("reference", 3), sample(OURS, 3))


def test_simpy_and_salabim_are_the_same_to_the_last_bit():
    """Both keep events in the order of time, and ask the same generator for the same draws."""
    assert np.array_equal(sample("simpy", 3), sample("salabim", 3))


def test_a_version_that_is_another_model_is_refused():
    """One number a little off: 3,000 runs of C let the right model pass and see the wrong one, |t| 16 and 5.7 of 4.5."""
    if reason := VERSIONS["c"].absent():
        pytest.skip(reason)
    yardstick = runs_of_c(0)
    assert compare("c", EXCHANGES, yardstick, runs_of_c(2), 0.0, level(6)).agrees
    for slip in ({"fresh": 0.25}, {"prospect": 0.4}):
        assert not compare("c", EXCHANGES, yardstick, runs_of_c(1, **slip), 0.0, level(6)).agrees, slip


@cache
def runs_of_c(seed, **slip):
    return figures(with_c.ensemble(replace(parameters(EXCHANGES), **slip), seed, _OF_C, 2))


def test_the_command_prints_a_line_per_size_and_version_and_writes_the_same(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(rivals, "AGREE", {EXCHANGES: 1.0})
    chosen = [name for name in (OURS, "simpy") if VERSIONS[name].absent() is None]
    file = tmp_path / "rivals.json"
    small = ["--sizes", "3", "10", "--repeat", "1", "--agree", "8", "--ensemble", "0.01", "--workers", "1"]
    rivals.main([*small, "--versions", *chosen, "--json", str(file)])
    written = json.loads(file.read_text())
    lines = capsys.readouterr().out.splitlines()[-4:]
    told = [(cost["exchanges"], cost["version"]) for cost in written["costs"]]
    assert told == [(size, name) for size in (3, 10) for name in chosen]
    assert [(int(line.split()[0]), line.split()[1]) for line in lines] == told
    assert all(each["disagreeing"] == [] for each in written["agreement"])


def test_a_version_that_disagrees_is_not_timed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(rivals, "AGREE", {EXCHANGES: 1.0})
    monkeypatch.setattr(rivals, "figures", _drifting())
    small = ["--sizes", "3", "--repeat", "1", "--agree", "8", "--ensemble", "0.01", "--workers", "1"]
    rivals.main([*small, "--versions", OURS, "simpy"])
    said = capsys.readouterr().out
    assert "does not agree and is not timed" in said
    assert not any(line.split()[1:2] == ["simpy"] for line in said.splitlines())


def _drifting():
    """Figures that are larger by a half each time they are asked for."""
    called = []

    def drifted(outcomes):
        called.append(None)
        return figures(outcomes) + 0.5 * len(called)

    return drifted
