"""Warnings about scenarios that run, but perhaps not as meant."""

from pathlib import Path

import pytest

from sim.scenario.checks.lint import lint
from sim.scenario.scenario import load, loads
from tests.scenario.small import SMALL, changed

CLOSURE = "policies.baseline.interventions.closure"
PAYMENTS = "policies.baseline.interventions.payments"
TARGET = "target: {modes: [otc], rails: [bank]}"


def warnings(text: str) -> list[str]:
    return [str(problem) for problem in lint(loads(text, "small.yaml"))]


def test_the_small_scenario_is_beyond_doubt() -> None:
    assert warnings(SMALL) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "effective: 2020-03-08",
            "effective: 2020-02-08",
            f"28:18: {CLOSURE}.effective: warning: 2020-02-08 is before announced (2020-03-01)",
        ),
        (
            "deadline: 2020-04-15",
            "deadline: 2020-03-06",
            f"29:17: {CLOSURE}.deadline: warning: 2020-03-06 is before effective (2020-03-08)",
        ),
        (
            "deadline: 2020-04-15",
            "until: 2020-03-05",
            f"29:14: {CLOSURE}.until: warning: 2020-03-05 is before effective (2020-03-08)",
        ),
        (
            "ramp: 2 weeks",
            "until: 2020-05-01",
            f"34:14: {PAYMENTS}.until: warning: 2020-05-01 is before announced (2020-06-01)",
        ),
        (
            "announced: 2020-06-01",
            "announced: 2021-06-01",
            f"33:18: {PAYMENTS}.announced: warning: starts after the scenario ends (2020-12-31), so it does nothing",
        ),
        (
            "      announced: 2020-06-01\n      ramp: 2 weeks\n",
            "      announced: 2019-06-01\n      until: 2019-12-01\n",
            f"34:14: {PAYMENTS}.until: warning: it is over before the scenario starts (2020-01-01), so it does nothing",
        ),
        (
            "ramp: 2 weeks",
            "coverage: 0 %",
            f"34:17: {PAYMENTS}.coverage: warning: is 0, so the intervention does nothing",
        ),
        (
            "ramp: 2 weeks",
            "efficacy: 0",
            f"34:17: {PAYMENTS}.efficacy: warning: is 0, so the intervention does nothing",
        ),
        (
            "ramp: 2 weeks",
            "ramp: 2 years",
            f"34:13: {PAYMENTS}.ramp: warning: full strength is not reached before the scenario ends (2020-12-31)",
        ),
        (
            "ramp: 2 weeks",
            "ramp: 2 weeks\n      until: 2020-06-08",
            f"34:13: {PAYMENTS}.ramp: warning: full strength is not reached before `until`",
        ),
    ],
)
def test_doubtful_dates_and_strengths(old: str, new: str, message: str) -> None:
    assert warnings(changed((old, new))) == [f"small.yaml:{message}"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            [("{north: 0.4}", "{north: 0}"), (TARGET, "target: {regions: [north]}")],
            f"35:26: {PAYMENTS}.target.regions[0]: warning: no exchange is in north, and no share of the traders",
        ),
        ([("bank: 0.6", "bank: 0")], f"35:38: {PAYMENTS}.target.rails[0]: warning: no segment uses bank"),
        (
            [
                ("share: 0.7", "share: 0.7, fixed: true"),
                (TARGET, "target: {modes: [domestic, otc], exchanges: [alpha]}"),
            ],
            f"35:34: {PAYMENTS}.target.modes[1]: warning: none of the exchanges targeted can be otc",
        ),
        (
            [
                ("{id: harbour}", "{id: harbour}\n  - {id: island}"),
                ("share: 0.7", "share: 0.7, hosts: [island]"),
                (TARGET, "target: {jurisdictions: [island, harbour], exchanges: [alpha]}"),
            ],
            f"36:40: {PAYMENTS}.target.jurisdictions[1]: warning: no exchange targeted can go to harbour",
        ),
    ],
)
def test_targets_that_meet_nothing(changes: list[tuple[str, str]], message: str) -> None:
    assert warnings(changed(*changes)) == [f"small.yaml:{message}"]


def test_a_copy_under_another_id() -> None:
    again = SMALL[SMALL.index("    - id: payments") :].replace("id: payments", "id: again")
    assert warnings(SMALL + again) == [
        "small.yaml:36:7: policies.baseline.interventions.again: warning: does the same as payments:"
        " kind, target, dates and strength agree"
    ]


def test_the_one_figure_without_a_source() -> None:
    sourced = "".join(
        f"    - {{id: m{n}, kind: warning, announced: 2020-02-0{n}, source: gazette}}\n" for n in (1, 2, 3)
    )
    text = changed(("ramp: 2 weeks", "source: gazette")) + sourced
    assert warnings(text) == [f"small.yaml:24:7: {CLOSURE}: warning: gives no source, as most others here do"]


def test_a_value_outside_its_range() -> None:
    text = SMALL + (
        "uncertainties:\n"
        "  segments.traders.outside: {between: [0.7, 1.0]}\n"
        "  segments.traders.switching: {between: [1 /month, 1 /d]}\n"
    )
    assert warnings(text) == [
        "small.yaml:37:29: uncertainties.segments.traders.outside: warning: the file's own value, 0.6,"
        " lies outside this range"
    ]


def test_doubts_about_an_inherited_intervention_are_told_once() -> None:
    text = changed(("ramp: 2 weeks", "coverage: 0")) + "  p: {extends: baseline}\n"
    assert len(warnings(text)) == 1


def test_an_offset_counts_from_the_start_of_the_scenario() -> None:
    assert warnings(changed(("deadline: 2020-04-15", "deadline: +30 d"))) == [
        f"small.yaml:29:17: {CLOSURE}.deadline: warning: +30 d is before effective (2020-03-08)"
    ]
    assert warnings(changed(("deadline: 2020-04-15", "deadline: +90 d"))) == []


def test_rules_are_looked_at_with_their_offsets() -> None:
    rule = (
        "  p:\n    rules:\n      - {id: r, when: {indicator: exposure, above: 0.3},\n"
        "         steps: [[{id: s, kind: warning, announced: +9 d, effective: +3 d}]]}\n"
    )
    (line,) = warnings(SMALL + rule)
    assert line.endswith("p.rules.r.steps[0].s.effective: warning: +3 d is before announced (+9 d)")


def test_without_positions_the_path_still_tells() -> None:
    scenario = loads(changed(("ramp: 2 weeks", "coverage: 0"))).model_copy()
    assert [str(problem) for problem in lint(scenario)] == [
        "small: policies.baseline.interventions.payments.coverage: warning: is 0, so the intervention does nothing"
    ]


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "configs").glob("*.yaml")), ids=lambda path: path.stem
)
def test_shipped_scenarios_are_beyond_doubt(path: Path) -> None:
    assert [str(problem) for problem in lint(load(path))] == []
