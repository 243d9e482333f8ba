"""`regpressure describe`: its sections are those of the protocols, and its numbers those of scenario and manifest."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.protocols.description_source import Described, described
from sim.protocols.markdown import paragraphs_of, table
from sim.protocols.odd import odd
from sim.protocols.stress_des import stress_des
from sim.scenario.scenario import Scenario

ODD = [
    "1. Purpose and patterns", "2. Entities, state variables, and scales", "3. Process overview and scheduling",
    "4. Design concepts", "5. Initialization", "6. Input data", "7. Submodels",
]  # fmt: skip
STRESS_DES = [
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "3.1", "3.2", "3.3",
    "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1",
]  # fmt: skip
SEED = 7


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sim.load("minimal")


@pytest.fixture(scope="module")
def study(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small study in which the uncertain values are drawn."""
    folder = tmp_path_factory.mktemp("described") / "study"
    sim.compare(scenario, ["payments_first"], replications=3, seed=SEED, draws=2, store=folder)
    return folder


@pytest.fixture(scope="module")
def run(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("described") / "run"
    sim.run(scenario, "payments_first", seed=SEED, replication=2, until="2020-07-01").save(folder)
    return folder


def manifest(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def rows(text: str) -> dict[str, str]:
    """First and second cell of all rows of all tables; of a cell that occurs often, its last row."""
    return dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text, flags=re.MULTILINE))


def headings(text: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)


def test_every_section_of_both_is_there_and_says_something(scenario: Scenario) -> None:
    subject = Described(scenario)
    assert headings(odd(subject), 2) == ODD
    checklist = stress_des(subject)
    assert [heading.split()[0] for heading in headings(checklist, 3)] == STRESS_DES
    assert re.findall(r"^### .*\n\n(?=#|\Z)", checklist, flags=re.MULTILINE) == []


def test_the_numbers_of_a_study_are_those_of_its_manifest(study: Path) -> None:
    text, about = stress_des(described(study)), manifest(study)
    table = rows(text)
    assert {policy: table[policy] for policy in about["content"]} == {
        policy: str(entry["replications"]) for policy, entry in about["content"].items()
    }
    assert f"with seed {SEED}, each to 2021-06-30" in text
    assert f"drawn {about['study']['draws']} times" in text
    assert {name: table[name] for name in about["environment"]["packages"]} == about["environment"]["packages"]
    assert table["hash of the model's source"] == about["made with"]["model source"]
    assert (table["Python"], table["engine"]) == (about["environment"]["python"], about["study"]["engine"])
    assert about["command"] in text


def test_the_numbers_of_a_run_are_those_of_its_manifest(run: Path) -> None:
    text, about = stress_des(described(run)), manifest(run)
    one = about["run"]
    said = f"`{one['policy']}`, seed {one['seed']}, replication {one['replication']}, to {one['until'][:10]}"
    assert said in text
    assert rows(text)["platform"] == about["environment"]["platform"]


def test_the_numbers_of_a_scenario_are_its_own(scenario: Scenario) -> None:
    table = rows(odd(Described(scenario)))
    assert table["exchanges"] == str(sum(entry.count for entry in scenario.exchanges))
    assert table["uncertain values"] == str(len(scenario.uncertainties))
    parameters = rows(stress_des(Described(scenario)))
    assert parameters["`closing.later`"] == "0.1"
    assert parameters["`decisions.horizon`"] == "180 d"


def test_a_study_that_was_cut_short_is_not_described(study: Path, tmp_path: Path) -> None:
    from sim.results.hashing import json_document, json_hash

    folder = tmp_path / "cut"
    folder.mkdir()
    shutil.copytree(study / "parts", folder / "parts")
    (folder / "scenario.json").write_bytes((study / "scenario.json").read_bytes())
    body = {key: value for key, value in manifest(study).items() if key != "checksum"} | {"content": {}}
    text = json_document(body | {"checksum": json_hash(body)})
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.warns(UserWarning, match="cut short"), pytest.raises(sim.FolderError, match="--resume"):
        described(folder)


def test_equations_of_docstrings_stay_as_they_are() -> None:
    assert paragraphs_of("In words:\n\n    a = b   c\n\nDone.") == "In words:\n\n```text\n    a = b   c\n```\n\nDone."
    assert table(("a", "b"), [("x|y", "")]) == "| a |\n| --- |\n| x\\|y |"
