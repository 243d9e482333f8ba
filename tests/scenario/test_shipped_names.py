"""Scenarios by name: what comes with the package, and what goes before it."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario.shipped import FOLDER, located, shared, shipped

NAMES = [
    "china_2013", "china_2017", "china_2017_world", "china_2021", "hong_kong_2024", "india_2018", "japan_2018", "korea_2021",
    "minimal", "nigeria_2021",
]  # fmt: skip
SHARED = ["abroad", "behaviour"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder."""
    monkeypatch.chdir(tmp_path)


def test_all_scenarios_of_the_project_come_with_the_package() -> None:
    assert list(shipped()) == NAMES
    assert list(shared()) == SHARED


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_scenario_of_that_name(name: str) -> None:
    assert sim.load(name) == sim.load(FOLDER / f"{name}.yaml")


def test_a_file_goes_before_the_package() -> None:
    Path("minimal.yaml").write_text(shipped()["hong_kong_2024"].read_text(encoding="utf-8"), encoding="utf-8")
    assert sim.load("minimal").name == "hong-kong-2024"
    Path("minimal").write_text(shipped()["china_2017"].read_text(encoding="utf-8"), encoding="utf-8")
    assert sim.load("minimal").name == "china-2017"


def test_a_folder_of_that_name_is_in_nobodys_way() -> None:
    Path("minimal").mkdir()
    assert sim.load("minimal").name == "minimal"


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_file_is_extended_by_its_name_and_is_no_scenario(name: str) -> None:
    assert Path(located(name)) == FOLDER / "shared" / f"{name}.yaml"
    with pytest.raises(sim.ScenarioError, match="segments.active.home: is missing"):
        sim.load(name)


@pytest.mark.parametrize("path", ["minimal.yaml", "./minimal", "folder/minimal", "nothing"])
def test_what_is_not_the_name_of_one_stays_a_path(path: str) -> None:
    assert Path(located(path)) == Path(path)


def test_a_misspelt_name_is_told_with_what_was_meant() -> None:
    with pytest.raises(sim.ScenarioError, match=r"^minmal: no such file \(did you mean minimal\?\)$"):
        sim.load("minmal")
    with pytest.raises(sim.ScenarioError, match=r"^china_2017.yaml: no such file \(did you mean china_2017\?\)$"):
        sim.load("china_2017.yaml")


def test_a_file_may_extend_one_of_the_package() -> None:
    Path("mine.yaml").write_text("extends: minimal\nname: mine\n", encoding="utf-8")
    assert sim.load("mine").segments == sim.load("minimal").segments
    Path("mine.yaml").write_text("extends: minmal\nname: mine\n", encoding="utf-8")
    with pytest.raises(
        sim.ScenarioError, match=r"mine.yaml:1:10: extends: minmal: no such file \(did you mean minimal\?\)"
    ):
        sim.load("mine.yaml")
