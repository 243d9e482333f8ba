"""Families of policies: every order, every date of a grid, every subset."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.scenario.policy.interventions import Intervention
from sim.scenario.policy.policy import Policy, begin_of
from tests.scenario.policies import policies

DAYS = {"closure": 0, "payments": 100, "media": 200, "sites": 300}


def warning(name: str, day: int) -> Intervention:
    return Intervention(id=name, kind="warning", announced=datetime(2017, 9, 4) + timedelta(days=day))


HAND = Policy(
    interventions=(*(warning(name, day) for name, day in DAYS.items()), Intervention(id="fee", kind="fee-rule"))
)
MANY = Policy(interventions=tuple(warning(f"m{n}", n) for n in range(30)))


def test_orderings_are_all_orders_with_the_order_of_now_first() -> None:
    found = sim.orderings(HAND, ["sites", "closure", "media"])
    assert next(iter(found)) == "closure > media > sites"
    assert found["closure > media > sites"] == HAND
    assert set(found.orders.values()) == set(permutations(("closure", "media", "sites")))
    for name, order in found.orders.items():
        assert name == " > ".join(order)
        assert [begin_of(found[name], each) for each in order] == [
            datetime(2017, 9, 4) + timedelta(days=day) for day in (0, 200, 300)
        ]
        assert found[name].only("payments", "fee") == HAND.only("payments", "fee")


def test_without_ids_all_that_have_a_date_are_ordered() -> None:
    assert len(sim.orderings(HAND)) == 24
    assert all(len(order) == 4 for order in sim.orderings(HAND).orders.values())


@pytest.mark.parametrize("policy", [HAND, MANY], ids=["listed", "drawn one by one"])
def test_a_sample_is_reproducible_distinct_and_holds_the_order_of_now(policy: Policy) -> None:
    first, again, other = (sim.orderings(policy, limit=9, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert set(first) != set(other)
    assert len(first) == len(set(first.orders.values())) == 9
    assert first[next(iter(first))] == policy


def test_a_sample_favours_no_order() -> None:
    """Each of the other 5 orders of three is in a sample of 1 + 2 with probability 2/5.

    500 seeds: standard deviation of a count 11; 4.5 of them leave 1 in 100,000 for all five together.
    """
    orders = [
        name for seed in range(500) for name in list(sim.orderings(MANY.only("m1", "m2", "m3"), limit=3, seed=seed))[1:]
    ]
    counts = {name: orders.count(name) for name in set(orders)}
    assert len(counts) == 5
    assert all(abs(count - 200) < 50 for count in counts.values())


def test_a_limit_above_the_number_of_orders_is_no_limit() -> None:
    assert sim.orderings(HAND, limit=24) == sim.orderings(HAND, limit=1000) == sim.orderings(HAND)


def test_a_grid_over_one_and_over_two() -> None:
    one = sim.timings(HAND, "media", [-90, 0, 0.5])
    assert list(one) == ["media -90 d", "media +0 d", "media +0.5 d"]
    assert one["media -90 d"] == HAND.delay("media", days=-90)
    assert one["media +0 d"] == HAND
    two = sim.timings(HAND, ["media", "sites"], {"media": [-90, 0], "sites": [30]})
    assert two.shifts == {
        "media -90 d, sites +30 d": {"media": -90, "sites": 30},
        "media +0 d, sites +30 d": {"media": 0, "sites": 30},
    }
    assert two["media -90 d, sites +30 d"] == HAND.delay("media", days=-90).delay("sites", days=30)
    assert len(sim.timings(HAND, ["media", "sites"], [0, 10, 20])) == 9


@given(policies(), st.data())
def test_subsets_keep_what_they_say(policy: Policy, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(policy.ids), min_size=1, unique=True))
    found = sim.subsets(policy, chosen)
    assert len(found) == len(set(found.kept.values())) == 2 ** len(chosen)
    for name, kept in found.kept.items():
        assert {*found[name].ids} == {*policy.ids} - ({*chosen} - kept)
    assert found[" + ".join(chosen)] == policy
    assert found["none of them"] == policy.without(*chosen)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sim.orderings(MANY), "30 interventions have over 1,024 orders; name six at most, or give a `limit`"),
        (lambda: sim.orderings(HAND, ["media"]), "an order needs at least two interventions"),
        (lambda: sim.orderings(HAND, ["media", "fee"]), "fee has no date to exchange"),
        (lambda: sim.orderings(HAND, ["media", "site"]), "no intervention or rule called site (did you mean sites?)"),
        (lambda: sim.orderings(HAND, limit=0), "a limit of 0 leaves no order"),
        (lambda: sim.timings(HAND, ["media", "sites", "closure"], [0]), "over one or two interventions, not 3"),
        (lambda: sim.timings(HAND, "media", {"mdia": [0]}), "shifts of mdia, which is not among"),
        (lambda: sim.timings(HAND, "media", []), "no shifts for media"),
        (lambda: sim.timings(HAND, "media", [1, 1]), "a shift of media is given twice"),
        (lambda: sim.subsets(MANY, MANY.ids), "30 interventions have 1,073,741,824 subsets; name ten at most"),
    ],
)
def test_what_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_names_are_names_of_policies(minimal: sim.Scenario) -> None:
    baseline = minimal.policies["baseline"]
    both = ["closure", "payments"]
    for family in (sim.orderings(baseline, both), sim.timings(baseline, both, [-7.5, 0]), sim.subsets(baseline, both)):
        scenario = minimal.with_policies(family)
        assert {name: scenario.policies[name] for name in family} == dict(family)
