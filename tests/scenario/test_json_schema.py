"""The schema that editors use says the same as the loader, as far as a schema can."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_file, read_text
from sim.scenario.json_schema import json_schema
from sim.scenario.policy.interventions import builtin_kinds
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


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """All schemas inside one."""
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for inner in schema:
            yield from parts(inner)


def test_editors_show_words_and_no_regular_expressions() -> None:
    """Where text does not fit a pattern, an editor shows `patternErrorMessage`, or else the pattern."""
    messages = [part.get("patternErrorMessage") for part in parts(SCHEMA) if isinstance(part.get("pattern"), str)]
    assert len(messages) > 100
    assert all(messages)
    shown = [str(part.get(key, "")) for part in parts(SCHEMA) for key in ("description", "patternErrorMessage")]
    assert [text for text in shown if re.search(r"\\s|\[\\d|\)\?|\*\$", text)] == []


def test_units_are_said_in_words() -> None:
    said = SCHEMA["$defs"]["Segment"]["properties"]["switching"]["description"].splitlines()
    assert said == [
        "rate at which a trader reconsiders",
        "a rate per min, h, d, week, month or year; for instance 0.25 /d, 5 /month, 2 per year",
    ]
    assert not any("unit" in part and isinstance(part["unit"], str) for part in parts(SCHEMA))


@pytest.mark.parametrize("block", ["Intervention", "Intervention-partial"])
def test_kinds_are_completed_with_their_meaning_and_others_are_allowed(block: str) -> None:
    kind = SCHEMA["$defs"][block]["properties"]["kind"]
    offered = {option["const"]: option["description"] for option in kind["anyOf"] if "const" in option}
    assert offered == {name: known.description for name, known in builtin_kinds().items()}
    own = SMALL.replace("kind: closure-order", "kind: my-order").replace(
        "policies:", "kinds: {my-order: {moves: {payment: 1}}}\npolicies:"
    )
    assert errors(to_plain(read_text(own, "own.yaml"))) == []
