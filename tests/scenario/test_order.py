"""Policies in files that exchange dates, and that change what stands on ladders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sim.scenario.checks.lint import lint
from sim.scenario.scenario import Scenario, loads
from tests.scenario.small import SMALL, complaints

LADDER = """\
  ladder:
    extends: baseline
    add: [{id: alert, kind: warning, effective: 2020-09-01 12:00}]
    rules:
      - id: watch
        when: {indicator: exposure, above: 0.3}
        starts: 2020-02-01
        steps:
          - [{id: first, kind: warning, announced: +7 d, effective: +9 d}]
          - [{id: second, kind: warning, announced: +0 d}]
"""
TEXT = SMALL + LADDER
LINE = TEXT.count("\n") + 1
"""Line of the first policy added."""


def with_policies(*policies: str) -> Scenario:
    return loads(TEXT + "".join(f"  {policy}\n" for policy in policies))


def refused(*policies: str) -> list[str]:
    return complaints(TEXT + "".join(f"  {policy}\n" for policy in policies))


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("swap: [closure, payments]", lambda p: p.swap("closure", "payments")),
        ("swap: [payments, closure]", lambda p: p.swap("closure", "payments")),
        ("order: [alert, closure, payments]", lambda p: p.permute(["alert", "closure", "payments"])),
        ("order: [closure, payments]", lambda p: p),
        ("delay: {closure: 12 h, watch: -3 d, first: +1 week}",
         lambda p: p.delay("closure", days=0.5).delay("watch", days=-3).delay("first", days=7)),
        ("drop: [closure, first]", lambda p: p.without("closure", "first")),
        ("drop: [first, second]", lambda p: p.without("watch")),
        ("change: {second: {coverage: 50 %}}", lambda p: p.replace("second", {"coverage": "50 %"})),
        ("change: {closure: {intensity: 2}}", lambda p: p.strengthen("closure", 2)),
        ("interventions: [{id: closure, intensity: 0.5}]", lambda p: p.replace("closure", {"intensity": 0.5})),
        ("swap: [closure, payments], order: [closure, alert], delay: {closure: -2 d}",
         lambda p: p.swap("closure", "payments").permute(["closure", "alert"]).delay("closure", days=-2)),
    ],
)  # fmt: skip
def test_a_file_says_what_the_methods_do(written: str, made: object) -> None:
    policies = with_policies(f"p: {{extends: ladder, {written}}}").policies
    assert policies["p"] == made(policies["ladder"])  # type: ignore[operator]


def test_dates_by_hand() -> None:
    policies = with_policies("p: {extends: ladder, order: [alert, closure, payments], delay: {first: 1 d}}").policies
    closure, payments, alert = policies["p"].interventions
    assert (closure.announced, closure.effective, closure.deadline) == (
        datetime(2020, 6, 1),
        datetime(2020, 6, 8),
        datetime(2020, 7, 17),
    )
    assert payments.announced == datetime(2020, 9, 1, 12)
    assert alert.effective == datetime(2020, 3, 1)
    (first,) = policies["p"].rules[0].steps[0]
    assert (first.announced, first.effective) == (timedelta(days=8), timedelta(days=10))


def test_several_levels_build_on_each_other() -> None:
    policies = with_policies(
        "c: {extends: b, delay: {payments: 1 d}}",
        "b: {extends: a, swap: [closure, payments]}",
        "a: {extends: ladder, drop: [alert], delay: {closure: 30 d}}",
    ).policies
    expected = policies["ladder"].without("alert").delay("closure", days=30).swap("closure", "payments")
    assert policies["c"] == expected.delay("payments", days=1)


def test_interventions_are_laid_over_by_id_and_new_ones_added() -> None:
    (policy,) = (
        with_policies(
            "p: {extends: baseline, interventions: [{id: alert, kind: warning, announced: 2020-02-01},"
            " {id: payments, coverage: 50 %, target: {rails: [wallet]}}]}"
        ).policies[name]
        for name in ["p"]
    )
    _, payments, alert = policy.interventions
    assert payments.target is not None
    assert (payments.coverage, payments.target.rails, payments.target.modes) == (0.5, ("wallet",), ("otc",))
    assert alert.announced == datetime(2020, 2, 1)


def test_what_is_added_can_be_put_in_order() -> None:
    policy = with_policies(
        "p: {extends: baseline, add: [{id: alert, kind: warning, announced: 2020-02-01}],"
        " order: [closure, payments, alert]}"
    ).policies["p"]
    assert [each.announced for each in policy.interventions] == [
        datetime(2020, 2, 1),
        datetime(2020, 3, 1),
        datetime(2020, 6, 1),
    ]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("{extends: ladder, order: [closure, paymets]}",
         "41: policies.p.order[1]: no intervention or rule called paymets to order (did you mean payments?)"),
        ("{extends: ladder, swap: [clsure, alert]}",
         "31: policies.p.swap[0]: no intervention or rule called clsure to swap (did you mean closure?)"),
        ("{extends: ladder, swap: [closure]}",
         "30: policies.p.swap: must be the ids of two interventions, such as [closure, site-block]"),
        ("{extends: ladder, order: closure}",
         "31: policies.p.order: must be a list of ids, such as [closure, site-block]"),
        ("{extends: ladder, order: [closure, closure]}", "41: policies.p.order[1]: closure is named twice"),
        ("{extends: ladder, order: [closure, first]}",
         "41: policies.p.order[1]: first has no date to exchange, because a rule decides when it begins"),
        ("{extends: ladder, order: [closure, watch]}",
         "41: policies.p.order[1]: watch has no date to exchange, because a rule decides when it begins"),
        ("{extends: ladder, add: [{id: fee, kind: fee-rule}], swap: [fee, closure]}",
         "65: policies.p.swap[0]: fee has no date to exchange: it is in force from the start"),
        ("{extends: ladder, add: [{id: late, kind: warning, announced: +9 d}], swap: [late, closure]}",
         "81: policies.p.swap: late begins at an offset and closure on a date, which cannot be exchanged"),
        ("{extends: ladder, delay: {first: -8 d}}",
         "39: policies.p.delay.first: would come before its rule takes that step"),
        ("{swap: [closure, payments]}", "7: policies.p.swap: works only together with `extends`"),
    ],
)  # fmt: skip
def test_what_is_refused(policy: str, message: str) -> None:
    assert refused(f"p: {policy}") == [f"small.yaml:{LINE}:{message}"]


def test_everything_wrong_is_told_at_once() -> None:
    found = refused(
        "a: {extends: ladder, order: [closur, payments, first], delay: {alrt: 3 d, closure: 3}, drop: [x]}",
        "b: {extends: a, swap: [closure, nothing]}",
    )
    assert [line.split(": ")[1] for line in found] == [
        "policies.a.order[0]",
        "policies.a.order[2]",
        "policies.a.delay.alrt",
        "policies.a.delay.closure",
        "policies.a.drop[0]",
        "policies.b.swap[1]",
    ]


def test_doubts_about_what_moved_stand_where_it_was_moved() -> None:
    scenario = loads(
        TEXT
        + "  far: {extends: ladder, order: [payments, closure], delay: {payments: 2 years}}\n"
        + "  early: {extends: ladder, delay: {closure: -100 d}}\n",
        "small.yaml",
    )
    assert [str(problem) for problem in lint(scenario)] == [
        f"small.yaml:{LINE}:72: policies.far.interventions.payments.announced: warning: starts after the scenario ends"
        " (2020-12-31), so it does nothing",
        f"small.yaml:{LINE + 1}:45: policies.early.interventions.closure.announced: warning: 2019-11-22 is before the"
        " scenario starts, so it is known from the first day",
    ]


def test_doubts_about_steps_of_rules() -> None:
    text = TEXT.replace("announced: +0 d", "announced: 2020-05-01").replace("effective: +9 d", "effective: -9 d")
    found = [problem.message for problem in lint(loads(text))]
    assert "a step of a rule counts from the firing; write an offset such as +14 d" in found
    assert "is before the rule fires" in found
