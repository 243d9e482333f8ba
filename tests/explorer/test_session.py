"""The explorer without a browser: what it asks for, what it answers, and that this is what `compare` gives."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.explorer.question import read_question
from sim.explorer.session import Session
from sim.scenario.scenario import loads

START: dict[str, Any] = {"policy": "baseline", "measure": "leakage", "mode": "otc", "changes": {}}
CHANGED = START | {"changes": {"payments": {"days": -100, "strength": 2}, "closure": {"days": 30}}}
FEW = 8


@cache
def minimal() -> sim.Scenario:
    return sim.load("configs/minimal.yaml")


@cache
def session() -> Session:
    return Session(minimal(), seed=3, replications=20)


def answer(asked: object) -> dict[str, Any]:
    said = session().answer(asked)
    json.dumps(said, allow_nan=False)  # as the front ends get it
    return said


def test_the_numbers_are_those_of_compare_to_the_last_bit() -> None:
    """Asked for in two steps, with another question between them, against a study that is made at once."""
    answer(CHANGED | {"replications": FEW})
    answer(START | {"replications": FEW + 2})
    numbers = answer(CHANGED | {"replications": FEW + 4})["numbers"]

    policy = session().policy(read_question(CHANGED, minimal()))
    study = sim.compare(minimal(), {"other": policy}, replications=FEW + 4, seed=3)
    row = study.difference("leakage").loc["other"]
    assert {name: row[name] for name in numbers} == numbers
    assert numbers["mean"] != 0.0


def test_fewer_replications_than_there_are_by_now_are_the_first_ones() -> None:
    numbers = answer(CHANGED | {"replications": FEW})["numbers"]
    answer(CHANGED | {"replications": FEW + 4})
    assert answer(CHANGED | {"replications": FEW})["numbers"] == numbers


def test_over_draws_the_numbers_are_those_of_compare_with_as_many() -> None:
    said = answer(CHANGED | {"draws": 4})

    policy = session().policy(read_question(CHANGED, minimal()))
    study = sim.compare(minimal(), {"other": policy}, replications=4, seed=3, draws=4)
    row = study.difference("leakage").loc["other"]
    assert {name: row[name] for name in said["numbers"]} == said["numbers"]
    assert "The middle 95 % of 4 draws" in said["finding"]
    assert said["covers"].startswith("Intervals: luck and parameters, of the mean over 4 draws")


def test_the_yaml_can_be_pasted_into_the_file_and_is_the_policy() -> None:
    text = Path("configs/minimal.yaml").read_text(encoding="utf-8")
    asked = CHANGED | {"changes": {"payments": {"days": -100, "strength": 2}, "closure": {"on": False}}}
    pasted = text.replace("  payments_first:\n", f"{answer(asked)['yaml']}  payments_first:\n", 1)

    policy = loads(pasted).policies["explored"]
    assert policy.ids == ("payments",)
    numbers = [
        sim.run(minimal(), each, seed=3).data for each in (policy, session().policy(read_question(asked, minimal())))
    ]
    assert numbers[0]["share"].equals(numbers[1]["share"])


def test_the_name_of_the_explored_policy_is_free() -> None:
    taken = minimal().with_policies({"explored": minimal().policies["baseline"]})
    assert Session(taken).name == "explored_2"


def test_a_measure_that_is_undefined_says_why() -> None:
    said = answer(START | {"changes": {"closure": {"on": False}, "payments": {"on": False}}})
    assert "Leakage is not defined under explored: domestic venues lost less than a thousandth" in said["finding"]
    assert ["Difference", "not defined"] in said["rows"]
    assert said["numbers"]["mean"] is None


def test_without_a_change_it_is_the_baseline() -> None:
    said = answer(START | {"changes": {"closure": {"days": 0}}})
    assert said["finding"].endswith("under the baseline; change something to see a difference.")
    assert [name for name, _ in said["rows"]] == ["Baseline"]


def test_what_each_interval_covers_is_said() -> None:
    assert "luck within the model, at the file's values" in answer(CHANGED)["covers"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("leakage", "a question is a mapping"),
        (START | {"measure": "leakag"}, "no measure called leakag"),
        (START | {"policy": "baselin"}, "no policy called baselin"),
        (START | {"mode": 3}, "no mode called 3"),
        (START | {"changes": {"closur": {}}}, "no intervention or rule called closur"),
        (START | {"changes": {"closure": {"days": 1.5}}}, "closure: 1.5 is not a number of whole days"),
        (START | {"changes": {"closure": {"days": 10**9}}}, "is not a number of whole days"),
        (START | {"changes": {"closure": {"strength": 0}}}, "closure: 0 is not a strength above 0"),
        (START | {"changes": {"closure": {"strength": True}}}, "is not a strength above 0"),
        (START | {"changes": {"payments": {"strength": 1e6}}}, "100"),
        (START | {"changes": {"closure": {"on": "no"}}}, "closure: on is true or false"),
        (START | {"replications": "8"}, "replications is a whole number from 1 on"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(asked: object, problem: str) -> None:
    said = answer(asked)
    assert problem in said["problem"]
    assert "\n" not in said["problem"]


def test_the_chart_has_words_and_is_the_same_twice() -> None:
    first, second = answer(CHANGED)["chart"], answer(CHANGED)["chart"]
    assert first == second
    assert first["words"].startswith("OTC share ends")
    assert answer(CHANGED | {"narrow": True})["chart"]["svg"] != first["svg"]


def test_the_steps_grow_to_what_was_asked_for() -> None:
    steps = session().subject["steps"]
    assert steps[0] == FEW
    assert steps[-1] == 20
    assert steps == sorted(set(steps))


def test_what_can_move_moves_within_the_scenario() -> None:
    items = {item["id"]: item for item in session().subject["policies"][0]["items"]}
    closure = items["closure"]
    assert closure["begins"] == "2020-06-01"
    for days in (closure["low"], closure["high"]):
        assert "problem" not in answer(START | {"changes": {"closure": {"days": days}}})


def test_only_what_a_strength_changes_has_one() -> None:
    """The news of a relief moves no lever; a payment block is a friction."""
    policies = Session(sim.load("china_2017")).subject["policies"]
    strong = {item["id"]: item["strong"] for policy in policies for item in policy["items"]}
    assert strong["bank-accounts"]
    assert not strong["freeze-lifted"]
    assert not strong["payment-ladder"]


def test_rules_can_be_left_out_and_have_no_strength() -> None:
    rule = {
        "id": "ladder", "when": {"indicator": "share:otc", "above": 0.1},
        "steps": [[{"id": "first", "kind": "payment-block", "announced": "+0 d"}]],
    }  # fmt: skip
    base = minimal().policies["baseline"]
    adaptive = minimal().with_policies({"adaptive": base.then(sim.Policy.model_validate({"rules": [rule]}))})
    asked = START | {"policy": "adaptive"}
    own = Session(adaptive, replications=2)
    assert "problem" not in own.answer(asked | {"changes": {"ladder": {"on": False}}})
    assert "a rule has no strength" in own.answer(asked | {"changes": {"ladder": {"strength": 2}}})["problem"]
