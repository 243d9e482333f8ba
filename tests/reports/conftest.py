"""A study and a run of a scenario whose names are markup, and the reports on them, each written once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.results.run import Run
from sim.scenario.scenario import loads
from sim.study.study import Study
from tests.reports.page import Page

HOSTILE = "</title></svg><script>alert('&amp;')</script>\"'<b>"
LINK = "https://example.org/order?id=1&day=2"
MINIMAL = Path(__file__).parents[2] / "configs" / "minimal.yaml"


def hostile_scenario() -> sim.Scenario:
    """The smallest scenario with markup for names, and a source that is a link."""
    text = MINIMAL.read_text(encoding="utf-8")
    quoted = json.dumps(HOSTILE)
    for plain, with_markup in (
        ("description: One country", f"description: {json.dumps(HOSTILE)} #"),
        ("name: Alpha", f"name: {quoted}"),
        ("{id: island,", "{id: island, name: " + quoted + ","),
        ("{id: regulator,", "{id: regulator, name: " + quoted + ","),
        ("- id: closure\n", f"- id: closure\n      name: {quoted}\n      source: {json.dumps(f'order, {LINK} ({HOSTILE})')}\n"),
        ("extends: baseline\n", f"extends: baseline\n    name: {quoted}\n"),
        ("{between: [0.3, 1.0]}", "{between: [0.3, 1.0], source: " + quoted + "}"),
    ):  # fmt: skip
        assert plain in text, plain
        text = text.replace(plain, with_markup, 1)
    return loads(text, "hostile.yaml")


@pytest.fixture(scope="session")
def study() -> Study:
    """Two policies, with draws."""
    return sim.compare(hostile_scenario(), replications=4, draws=4)


@pytest.fixture(scope="session")
def run() -> Run:
    return sim.run(hostile_scenario(), seed=1)


@pytest.fixture(scope="session")
def files(study: Study, run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    return {name: sim.report(result, folder / f"{name}.html") for name, result in (("study", study), ("run", run))}


@pytest.fixture(params=["study", "run"])
def page(request: pytest.FixtureRequest, files: dict[str, Path]) -> Page:
    """The report on each in turn, as it is read."""
    return Page.read(files[request.param])
