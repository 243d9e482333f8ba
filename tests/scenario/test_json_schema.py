"""The schema that editors use says the same as the loader, as far as a schema can."""

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_file, read_text
from sim.scenario.json_schema import json_schema
from tests.scenario.small import SMALL, changed, complaints

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = json_schema()


def errors(data: Any) -> list[str]:
    return [str(error.message) for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(data)]


def test_it_is_a_schema_whose_references_all_lead_somewhere() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    used = set()

    def visit(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                used.add(part["$ref"].removeprefix("#/$defs/"))
            for inner in part.values():
                visit(inner)
        elif isinstance(part, list):
            for inner in part:
                visit(inner)

    visit(SCHEMA)
    assert used <= set(SCHEMA["$defs"])


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "configs").glob("*.yaml")), ids=lambda path: path.stem
)
def test_shipped_scenarios_fit(path: Path) -> None:
    assert errors(to_plain(read_file(path))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("switching: 0.2 /d", "switching: 0.2"),
        ("mean: 12 d", "mean: 12"),
        ("ramp: 2 weeks", "ramp: 2"),
        ("ramp: 2 weeks", "coverage: 2"),
        ("start: 2020-01-01", "start: 1.1.2020"),
        ("kind: payment-block\n", "knd: payment-block\n"),
        ("  - {id: harbour}\n", "  - {name: Harbour}\n"),
        ("focal: homeland\n", ""),
        ("otc: -3", "otcc: -3"),
        ("  baseline:\n", "  base line:\n"),
    ],
)
def test_what_the_loader_refuses_does_not_fit(old: str, new: str) -> None:
    text = changed((old, new))
    assert complaints(text)
    assert errors(to_plain(read_text(text, "small.yaml")))


def test_an_extending_file_may_leave_out_anything() -> None:
    child = "extends: base.yaml\nremove: [exchanges.tail]\nsegments: [{id: traders, volume: 5}]\n"
    assert errors(to_plain(read_text(child, "child.yaml"))) == []
    assert errors(to_plain(read_text(child.replace("volume: 5", "volum: 5"), "child.yaml")))


def test_policies_may_build_on_policies() -> None:
    text = (
        SMALL + "  p: {extends: baseline, drop: [closure], delay: {payments: -3 d}, change: {payments:"
        " {coverage: 0.5}}}\n"
    )
    assert errors(to_plain(read_text(text, "small.yaml"))) == []
    assert errors(to_plain(read_text(text.replace("-3 d", "soon"), "small.yaml")))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("swap: [closure, payments]", "swap: [closure, payments, closure]"),
        ("order: [closure, payments]", "order: closure"),
        ("interventions: [{id: closure, coverage: 0.5}]", "interventions: [{id: closure, covrage: 0.5}]"),
        ("change: {watch: {lag: 3 d}}", "change: {watch: {lagg: 3 d}}"),
        ("change: {closure: {intensity: 2}}", "change: {closure: {intensity: 0}}"),
    ],
)
def test_what_a_policy_changes_in_another(right: str, wrong: str) -> None:
    for written, fits in ((right, True), (wrong, False)):
        data = to_plain(read_text(f"{SMALL}  p: {{extends: baseline, {written}}}\n", "small.yaml"))
        assert (errors(data) == []) == fits


def test_a_policy_that_extends_none_has_whole_interventions() -> None:
    assert errors(to_plain(read_text(SMALL + "  p: {interventions: [{id: closure, coverage: 0.5}]}\n", "small.yaml")))


def test_fields_explain_themselves() -> None:
    closing = SCHEMA["$defs"]["Closing"]["properties"]["notice_scale"]
    assert closing["default"] == "0 d"
    assert closing["examples"]
    assert "for instance" in closing["description"]
