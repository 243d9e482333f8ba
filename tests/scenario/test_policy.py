"""The laws of the algebra of policies, and what each operation does to one policy by hand."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from math import isclose
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.scenario.policy.dates import DATES
from sim.scenario.policy.interventions import Intervention, Rule
from sim.scenario.policy.policy import Policy, begin_of
from tests.scenario.policies import policies, shifts

HAND = Policy.model_validate(
    {
        "interventions": [
            {
                "id": "closure",
                "kind": "closure-order",
                "announced": "2017-09-04",
                "effective": "2017-09-14 10:00",
                "deadline": "2017-09-30",
            },
            {"id": "payments", "kind": "payment-block", "announced": "2018-01-04 12:00", "until": "2018-06-30"},
            {"id": "sites", "kind": "site-block", "effective": "2018-03-01", "coverage": 0.5},
            {"id": "always", "kind": "fee-rule"},
            {"id": "offset", "kind": "warning", "announced": "+30 d"},
        ],
        "rules": [
            {
                "id": "ladder",
                "when": {"indicator": "exposure", "above": 0.3},
                "starts": "2017-10-01",
                "steps": [
                    [{"id": "step-one", "kind": "warning", "announced": "+7 d"}],
                    [{"id": "step-two", "kind": "fraud-shock", "announced": "+0 d"}],
                ],
            }
        ],
    }
)


def item(policy: Policy, name: str) -> Any:
    ladders = (each for rule in policy.rules for step in rule.steps for each in step)
    return next(each for each in (*policy.interventions, *policy.rules, *ladders) if each.id == name)


def names(policy: Policy) -> list[str]:
    return [each.id for each in policy.interventions]


def contents(policy: Policy) -> dict[str, Intervention | Rule]:
    return {name: item(policy, name) for name in policy.ids}


# Laws


@given(policies(), st.data())
def test_swap_is_its_own_inverse_and_the_same_both_ways(policy: Policy, data: st.DataObject) -> None:
    a, b = data.draw(st.permutations(names(policy)))[:2]
    swapped = policy.swap(a, b)
    assert swapped.swap(a, b) == policy
    assert swapped == policy.swap(b, a)
    assert begin_of(swapped, a) == begin_of(policy, b)
    assert begin_of(swapped, b) == begin_of(policy, a)


@given(policies(), shifts, st.data())
def test_a_delay_can_be_taken_back(policy: Policy, days: float, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names(policy)))
    assert policy.delay(name, days=days).delay(name, days=-days) == policy
    assert policy.delay(days=days).delay(days=-days) == policy


@given(policies(), st.integers(-200, 200), st.integers(-200, 200))
def test_delays_add_up(policy: Policy, first: int, second: int) -> None:
    assert policy.delay(days=first).delay(days=second) == policy.delay(days=first + second)
    assert policy.delay(days=first) == policy.delay(
        [each.id for each in (*policy.interventions, *(r for r in policy.rules if r.starts is not None))], days=first
    )


@given(policies(), shifts)
def test_a_delay_keeps_the_distances_between_dates(policy: Policy, days: float) -> None:
    by = timedelta(seconds=round(days * 86400))
    for before, after in zip(policy.interventions, policy.delay(days=days).interventions, strict=True):
        for name in DATES:
            day = getattr(before, name)
            assert getattr(after, name) == (day + by if day else None)


@given(policies(), st.data())
def test_the_order_of_now_changes_nothing_and_the_last_order_counts(policy: Policy, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(names(policy)), min_size=1, unique=True))
    now = sorted(chosen, key=lambda name: begin_of(policy, name))  # type: ignore[arg-type, return-value]
    first, second = (data.draw(st.permutations(chosen)) for _ in range(2))
    assert policy.permute(now) == policy
    permuted = policy.permute(first)
    assert permuted.permute(second) == policy.permute(second)
    begins = [begin_of(permuted, name) for name in first]
    assert begins == sorted(begin_of(policy, name) for name in chosen)  # type: ignore[type-var]
    if len(chosen) == 2:
        assert policy.swap(*chosen) == policy.permute(reversed(now))


@given(policies(), st.data())
def test_leaving_out_in_one_go_or_one_by_one(policy: Policy, data: st.DataObject) -> None:
    a, b = data.draw(st.permutations(policy.ids))[:2]
    assert policy.without(a).without(b) == policy.without(a, b) == policy.without(b).without(a)
    assert contents(policy.without(a).then(policy.only(a))) == contents(policy)
    assert policy.only(a, b).only(a) == policy.only(a)


@given(policies())
def test_all_and_nothing(policy: Policy) -> None:
    nothing = policy.only()
    assert policy.only(*policy.ids) == policy == policy.without()
    assert (nothing.interventions, nothing.rules) == ((), ())
    assert policy.then(nothing) == policy


@given(policies(), policies("b-"), policies("c-"))
def test_then_is_associative_and_commutes_as_a_set(a: Policy, b: Policy, c: Policy) -> None:
    assert a.then(b).then(c) == a.then(b.then(c))
    assert contents(a.then(b)) == contents(b.then(a))


@given(policies(), st.floats(0.1, 3.0), st.floats(0.1, 3.0), st.data())
def test_strengthening_twice_multiplies(policy: Policy, first: float, second: float, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names(policy)))
    twice = item(policy.strengthen(name, first).strengthen(name, second), name)
    once = item(policy.strengthen(name, first * second), name)
    assert isclose(twice.intensity, once.intensity, rel_tol=1e-12)  # rounding of one product
    assert twice.model_copy(update={"intensity": 1.0}) == item(policy, name)


@given(policies(), st.data())
def test_operations_on_different_interventions_commute(policy: Policy, data: st.DataObject) -> None:
    a, b = data.draw(st.permutations(names(policy)))[:2]
    assert policy.delay(a, days=9).without(b) == policy.without(b).delay(a, days=9)
    assert policy.delay(a, days=9).delay(b, days=-5) == policy.delay(b, days=-5).delay(a, days=9)
    assume(len(names(policy)) > 2)
    (c,) = data.draw(st.permutations([name for name in names(policy) if name not in (a, b)]))[:1]
    assert policy.swap(a, b).strengthen(c, 0.5) == policy.strengthen(c, 0.5).swap(a, b)


# By hand


def test_an_end_that_includes_its_day_includes_the_day_it_moves_to() -> None:
    whole, half = (item(HAND.delay("closure", days=days), "closure") for days in (7, 0.5))
    assert (whole.deadline, whole.model_dump(mode="json")["deadline"]) == (datetime(2017, 10, 8), "2017-10-07")
    assert (half.effective, half.deadline) == (datetime(2017, 9, 14, 22), datetime(2017, 10, 1, 12))
    assert item(HAND.replace("closure", {"deadline": "2017-09-30 12:00"}).delay("closure", days=0.5), "closure") == (
        half.model_copy(update={"deadline": datetime(2017, 10, 1)})
    )


def test_swap_goes_by_the_announcement_or_else_the_effect() -> None:
    swapped = HAND.swap("closure", "sites")
    closure, sites = item(swapped, "closure"), item(swapped, "sites")
    assert (closure.announced, closure.effective) == (datetime(2018, 3, 1), datetime(2018, 3, 11, 10))
    assert (sites.announced, sites.effective) == (None, datetime(2017, 9, 4))
    assert closure.deadline == datetime(2018, 3, 28)
    assert item(swapped, "payments") == item(HAND, "payments")


def test_an_order_of_three() -> None:
    ordered = HAND.permute(["sites", "closure", "payments"])
    assert [begin_of(ordered, name) for name in ("sites", "closure", "payments")] == [
        datetime(2017, 9, 4),
        datetime(2018, 1, 4, 12),
        datetime(2018, 3, 1),
    ]


def test_everything_moves_that_has_a_date() -> None:
    later = HAND.delay(days=10)
    assert item(later, "always") == item(HAND, "always")
    assert item(later, "offset").announced == timedelta(days=40)
    assert item(later, "ladder").starts == datetime(2017, 10, 11)
    assert item(later, "step-one") == item(HAND, "step-one")


def test_a_step_moves_against_the_firing_of_its_rule() -> None:
    assert item(HAND.delay("step-one", days=-7), "step-one").announced == timedelta(0)
    with pytest.raises(ValueError, match="step-one would be announced before its rule takes that step"):
        HAND.delay("step-one", days=-8)


def test_steps_keep_their_places_when_another_is_left_out() -> None:
    (rule,) = HAND.without("step-one").rules
    assert [[each.id for each in step] for step in rule.steps] == [[], ["step-two"]]
    assert HAND.without("step-one", "step-two").rules == HAND.without("ladder").rules == ()
    only = HAND.only("step-two")
    assert (only.interventions, only.rules) == ((), (rule,))


def test_values_are_replaced_as_a_file_would_write_them() -> None:
    changed = HAND.replace("closure", {"coverage": "50 %", "target": {"modes": ["domestic"]}, "effective": None})
    closure = item(changed, "closure")
    assert (closure.coverage, closure.target.modes, closure.effective) == (0.5, ("domestic",), None)
    assert closure.deadline == datetime(2017, 10, 1)
    assert item(HAND.replace("ladder", {"lag": "3 d"}), "ladder").lag == 3.0
    assert item(HAND.replace("step-two", {"ramp": "3 d"}), "step-two").ramp == 3.0
    other = Intervention(id="other", kind="warning")
    assert names(HAND.replace("closure", other))[0] == "other"


def test_of_a_rule_its_ladder_is_strengthened() -> None:
    stronger = HAND.strengthen("ladder", 2)
    assert [item(stronger, name).intensity for name in ("step-one", "step-two", "sites")] == [2.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.without("closur", "x"), "called closur (did you mean closure?); no intervention or rule called x"),
        (lambda p: p.only("payment"), "no intervention or rule called payment (did you mean payments?)"),
        (lambda p: p.delay("paymnts", days=3), "called paymnts (did you mean payments?)"),
        (lambda p: p.swap("closure", "closure"), "closure is named twice"),
        (lambda p: p.swap("closure", "always"), "always has no date to exchange: it is in force from the start"),
        (lambda p: p.swap("step-one", "closure"), "step-one has no date to exchange, because a rule decides"),
        (lambda p: p.permute(["offset", "sites"]), "offset begins at an offset and sites on a date"),
        (lambda p: p.delay("always", days=3), "always has no date of its own to move"),
        (lambda p: p.delay("closure", days=-80_000), "closure: the year 1798 is not between 1900 and 2200"),
        (lambda p: p.delay("closure", days=1e8), "closure: a shift by 100,000,000 days leaves the calendar"),
        (lambda p: p.delay("closure", days=1e12), "1000000000000.0 is not a number of days"),
        (lambda p: p.delay("closure", days=float("nan")), "nan is not a number of days"),
        (lambda p: p.strengthen("closure", 0), "0 is not a factor above 0; `without` takes an intervention out"),
        (
            lambda p: p.then(p),
            "both policies have closure, payments, sites, always, offset, ladder, step-one, step-two",
        ),
        (lambda p: p.replace("closure", {"covrage": 1}), "closure: covrage: unknown key (did you mean coverage?)"),
        (lambda p: p.replace("closure", {"coverage": 2}), "closure: coverage: 2 is not between 0 and 1"),
        (lambda p: p.replace("closure", {"id": "sites"}), "the policy has another sites"),
        (lambda p: p.without("ladder").replace("closure", p.rules[0]), "an intervention is no rule"),
    ],
)
def test_what_is_refused(change: Any, message: str) -> None:
    before = HAND.model_copy(deep=True)
    with pytest.raises(ValueError, match=re.escape(message)):
        change(HAND)
    assert before == HAND
