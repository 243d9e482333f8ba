"""Policies that build on policies."""

from datetime import datetime, timedelta

import pytest

from sim.scenario.scenario import Scenario, loads
from tests.scenario.small import SMALL, changed, complaints

LINE = SMALL.count("\n") + 1
"""Line of the first policy added to the small scenario."""


def with_policies(*policies: str) -> Scenario:
    return loads(SMALL + "".join(f"  {policy}\n" for policy in policies))


def refused(*policies: str) -> list[str]:
    return complaints(SMALL + "".join(f"  {policy}\n" for policy in policies))


def test_drop_change_delay_add() -> None:
    scenario = with_policies(
        "early: {extends: baseline, description: sooner, drop: [payments], delay: {closure: -30 d},"
        " change: {closure: {intensity: 0.5, target: {modes: [domestic]}}},"
        " add: [{id: alert, kind: warning, announced: 2020-02-01}]}"
    )
    closure, alert = scenario.policies["early"].interventions
    assert (closure.announced, closure.effective, closure.deadline) == (
        datetime(2020, 1, 31),
        datetime(2020, 2, 7),
        datetime(2020, 3, 17),
    )
    assert (closure.intensity, closure.kind, alert.id) == (0.5, "closure-order", "alert")
    assert scenario.policies["early"].description == "sooner"
    assert scenario.policies["baseline"] == with_policies().policies["baseline"]


def test_a_bare_list_is_short_for_interventions() -> None:
    long = changed(("  baseline:\n    - id: closure", "  baseline:\n   interventions:\n    - id: closure"))
    assert loads(long).policies == with_policies().policies


def test_changes_go_through_a_chain() -> None:
    scenario = with_policies(
        "third: {extends: second, change: {payments: {ramp: 3 d}}}",
        "second: {extends: baseline, delay: {payments: +1 d}}",
    )
    payments = scenario.policies["third"].interventions[1]
    assert (payments.announced, payments.ramp) == (datetime(2020, 6, 2), 3.0)


def test_offsets_move_like_dates_and_times_of_day_are_kept() -> None:
    text = changed(
        ("deadline: 2020-04-15", "deadline: +30 d"), ("effective: 2020-03-08", "effective: 2020-03-08 13:00")
    )
    scenario = loads(text + "  late: {extends: baseline, delay: {closure: 1 week}}\n")
    closure = scenario.policies["late"].interventions[0]
    assert closure.deadline == timedelta(days=38)
    assert closure.effective == datetime(2020, 3, 15, 13)


def test_rules_are_inherited_dropped_and_added() -> None:
    step = "{id: STEP, kind: warning, announced: +1 d}"
    rule = f"{{id: RULE, when: {{indicator: exposure, above: 0.3}}, steps: [[{step}]]}}"
    first, second = (rule.replace("RULE", f"r{n}").replace("STEP", f"s{n}") for n in (1, 2))
    scenario = with_policies(
        f"a: {{extends: baseline, rules: [{first}]}}",
        f"b: {{extends: a, rules: [{second}]}}",
        "c: {extends: b, drop: [r1], change: {r2: {lag: 5 d}}}",
    )
    assert [each.id for each in scenario.policies["b"].rules] == ["r1", "r2"]
    assert [(each.id, each.lag) for each in scenario.policies["c"].rules] == [("r2", 5.0)]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("p: {extends: basline}", "16: policies.p.extends: no policy called basline (did you mean baseline?)"),
        (
            "p: {extends: baseline, drop: [closure, paymets]}",
            "42: policies.p.drop[1]: no intervention or rule called paymets to drop (did you mean payments?)",
        ),
        (
            "p: {extends: baseline, delay: {payment: 3 d}}",
            "34: policies.p.delay.payment: no intervention or rule called payment to delay (did you mean payments?)",
        ),
        (
            "p: {extends: baseline, change: {clsure: {coverage: 0.5}}}",
            "35: policies.p.change.clsure: no intervention or rule called clsure to change (did you mean closure?)",
        ),
        (
            "p: {extends: baseline, delay: {closure: -30}}",
            "43: policies.p.delay.closure: give a unit, for instance 6 weeks",
        ),
        (
            "p: {extends: baseline, delay: {closure: -200 years}}",
            "43: policies.p.delay.closure: the year 1820 is not between 1900 and 2200",
        ),
        (
            "p: {extends: baseline, change: {closure: 0.5}}",
            "44: policies.p.change.closure: must be a mapping of the values that differ",
        ),
        (
            "p: {extends: baseline, change: {closure: {covrage: 0.5}}}",
            "45: policies.p.interventions.closure.covrage: unknown key (did you mean coverage?)",
        ),
        ("p: {extends: baseline, drop: closure}", "32: policies.p.drop: must be a list of ids, such as [site-block]"),
        (
            "p: {extends: baseline, delay: [closure]}",
            "33: policies.p.delay: must be a mapping by id, such as {site-block: -300 d}",
        ),
        ("p: {extends: baseline, dropp: [closure]}", "26: policies.p.dropp: unknown key (did you mean drop?)"),
        ("p: {drop: [closure]}", "7: policies.p.drop: works only together with `extends`"),
        (
            "p: {extends: baseline, add: [{id: closure, kind: warning}]}",
            "32: policies.p.add.closure: closure is inherited; use `change`, or `drop` it first",
        ),
        ("p: {extends: [baseline]}", "16: policies.p.extends: no policy called a list"),
        ("p: {extends: baseline, drop: [{}]}", "33: policies.p.drop[0]: a mapping is not an id"),
        ("p: {extends: p}", "16: policies.p.extends: goes in a circle: p -> p"),
    ],
)
def test_what_is_refused(policy: str, message: str) -> None:
    assert refused(policy) == [f"small.yaml:{LINE}:{message}"]


def test_a_circle_is_printed_as_a_chain() -> None:
    assert refused("a: {extends: b}", "b: {extends: c}", "c: {extends: b}") == [
        f"small.yaml:{LINE + 2}:16: policies.c.extends: goes in a circle: b -> c -> b"
    ]


def test_an_endless_row_of_policies_is_cut() -> None:
    rows = [f"p{n}: {{extends: p{n + 1}}}" for n in range(2000)]
    assert any("extends through more than 30 policies" in line for line in refused(*rows, "p2000: []"))


def test_nothing_to_shift() -> None:
    text = changed(("      announced: 2020-06-01\n", ""))
    assert complaints(text + "  p: {extends: baseline, delay: {payments: 3 d}}\n") == [
        f"small.yaml:{LINE - 1}:44: policies.p.delay.payments: has no date of its own to shift"
    ]


def test_inherited_problems_are_told_once() -> None:
    text = changed(("      kind: payment-block", "      kind: payment-blok"))
    assert complaints(text + "  p: {extends: baseline}\n  q: {extends: p}\n") == [
        "small.yaml:31:13: policies.baseline.interventions.payments.kind: no kind called payment-blok"
        " (did you mean payment-block?)"
    ]
