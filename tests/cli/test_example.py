"""`regpressure example`, and scenarios by name on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.shipped import shared, shipped


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_there_is_is_listed(command: Any) -> None:
    out = command("example").out
    assert {line.split()[0] for line in out.splitlines()[1:] if line[0] != " "} == set(shipped())


@pytest.mark.parametrize("name", ["china_2017", "china_2017_world", "hong_kong_2024", "india_2018", "minimal"])
def test_an_example_is_a_scenario_of_ones_own(command: Any, name: str) -> None:
    ended = command("example", name)
    assert (ended.code, ended.err) == (0, "")
    Path("mine.yaml").write_text(ended.out, encoding="utf-8")
    assert sim.load("mine.yaml") == sim.load(name)


def test_what_scenarios_share_is_printed_too(command: Any) -> None:
    """The file that `regpressure new` refers to for what was fitted."""
    ended = command("example", "behaviour")
    assert (ended.code, ended.out) == (0, shared()["behaviour"].read_text(encoding="utf-8"))


def test_commands_take_names(command: Any) -> None:
    lines = command("validate", "minimal", "hong_kong_2024").out.splitlines()
    assert [line for line in lines if line.endswith(": valid")] == ["minimal: valid", "hong_kong_2024: valid"]
    assert command("list", "minimal").out == command("list", shipped()["minimal"]).out
    assert command("run", "minimal", "--json").out == command("run", shipped()["minimal"], "--json").out
    assert command("explain", "minimal", "alpha").out == command("explain", shipped()["minimal"], "alpha").out


def test_a_file_that_hides_a_scenario_of_the_package_is_told(command: Any) -> None:
    Path("minimal.yaml").write_text(shipped()["minimal"].read_text(encoding="utf-8"), encoding="utf-8")
    ended = command("list", "minimal")
    assert (ended.code, ended.err) == (0, "minimal: read from the file minimal.yaml, not from the package\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run minmal", "minmal: no such file (did you mean minimal?)"),
        ("explain china_2107 huobi", "china_2107: no such file (did you mean china_2017?)"),
        ("run china_2017.yaml", "china_2017.yaml: no such file (did you mean china_2017?)"),
        ("validate hongkong_2024", "hongkong_2024: no such file (did you mean hong_kong_2024?)"),
        ("example minmal", "no scenario called minmal (did you mean minimal?)"),
    ],
)
def test_a_misspelt_name_is_told_with_what_was_meant(command: Any, line: str, said: str) -> None:
    ended = command(*line.split())
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
