"""Scenarios whose values are each possible and cannot be meant together."""

from __future__ import annotations

import math
import re

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import loads
from sim.scenario.world.exchanges import member_ids
from sim.world.build import world_of
from tests.scenario.small import SMALL, changed, complaints

ALPHA = "{id: alpha, home: homeland, share: 0.7}"
TAIL = "{group: tail, count: 3, home: homeland, brand: {normal: {mean: -2.38, sd: 0.4}}}"
RULE = (
    "  p:\n    rules:\n      - {id: r, when: {indicator: exposure CONDITION}, EVERY"
    " steps: [[{id: s, kind: warning, announced: +1 d}]]}\n"
)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("wallet: 0.4", "wallet: 0.5")], "18:12: segments.traders.rails: the parts sum to 1.1, which is more than all"),
        (
            [("rails: {", "channels: {search: 0.7, events: 0.6}\n    rails: {")],
            "18:15: segments.traders.channels: the parts sum to 1.3, which is more than all",
        ),
        (
            [("{north: 0.4}", "{north: 0.4, south: 0.7}")],
            "7:29: jurisdictions.homeland.regions: the parts sum to 1.1, which is more than all",
        ),
        (
            [("ramp: 2 weeks", "exempt: {research: 0.6, training: 0.5}")],
            "34:15: policies.baseline.interventions.payments.exempt: the parts sum to 1.1, which is more than all",
        ),
        ([(ALPHA, "{home: homeland}")], "20:5: exchanges[0]: needs either an `id` or, for several like ones, a `group`"),
        (
            [("{id: alpha", "{id: alpha, group: beta")],
            "20:5: exchanges.alpha: needs either an `id` or, for several like ones, a `group`",
        ),
        (
            [("{id: alpha", "{id: alpha, count: 2")],
            "20:24: exchanges.alpha.count: only a group has a count; write `group` instead of `id`",
        ),
        (
            [("share: 0.7", "share: 0.7, brand: -1")],
            "20:52: exchanges.alpha.brand: is given beside `share`, of which it is the logarithm; leave one out",
        ),
        (
            [(f"  - {ALPHA}\n", ""), ("count: 3", "count: 0")],
            "20:3: exchanges: all groups have a count of 0, so there is no exchange",
        ),
        ([("count: 3", "count: 10001")], "21:26: exchanges.tail.count: 10,002 exchanges; 10,000 at most"),
        ([("count: 3", "count: 1e9")], "21:26: exchanges.tail.count: 1000000000.0 is more than 1,000,000"),
        ([("capacity: 2 cases", "capacity: 0")], "10:31: agencies.regulator.capacity: 0 should be greater than or equal to 1"),
        (
            [("agencies:", "offices: [{id: o, service: 3 d, officers: 0 officers}]\nagencies:")],
            "9:43: offices.o.officers: 0 should be greater than or equal to 1",
        ),
        ([("policies:", "decisions: {review: 0 d}\npolicies:")],
         "22:21: decisions.review: 0 d is too short: it must be 1 min or more"),
        ([("policies:", "record: {every: 1e-9 d}\npolicies:")],
         "22:17: record.every: 1e-9 d is too short: it must be 1 min or more"),
        ([("0.2 /d", "1e9 /d")], "15:16: segments.traders.switching: 1e9 /d is faster than 1,000,000 /d"),
        ([("ramp: 2 weeks", "intensity: 1e200")],
         "34:18: policies.baseline.interventions.payments.intensity: 1e+200 should be less than or equal to 100"),
        ([("ramp: 2 weeks", "moves: {hazard: 1e300}")],
         "34:23: policies.baseline.interventions.payments.moves.hazard: 1e+300 should be less than or equal to 1000"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(changes: list[tuple[str, str]], message: str) -> None:
    assert complaints(changed(*changes)) == [f"small.yaml:{message}"]


def test_a_run_that_would_record_too_much_is_refused() -> None:
    """Of 100 exchanges in one segment 300 shares at each of 365 x 1,440 dates."""
    text = changed(("count: 3", "count: 99"), ("-2.38", "-5.88"), ("policies:", "record: {every: 1 min}\npolicies:"))
    assert complaints(text) == [
        "small.yaml:22:17: record.every: a run would record 157,680,000 shares; record every 1 d or less often"
    ]
    assert complaints(text.replace("1 min", "2 min")) == []


@pytest.mark.parametrize(
    ("condition", "every", "message"),
    [
        ("", "", "when: needs a threshold, either `above` or `below`"),
        (", above: 0.3, below: 0.2", "", "when: needs a threshold, either `above` or `below`"),
        (", above: 0.3", "every: 0 d,", "every: 0 d is too short: it must be 1 min or more"),
        (", above: 0.3", "every: 1e-300 d,", "every: 1e-300 d is too short: it must be 1 min or more"),
    ],
)
def test_rules_that_can_never_or_always_act_are_refused(condition: str, every: str, message: str) -> None:
    (line,) = complaints(SMALL + RULE.replace("CONDITION", condition).replace("EVERY", every))
    assert re.fullmatch(rf"small\.yaml:38:\d+: policies\.p\.rules\.r\.{re.escape(message)}", line)


@pytest.mark.parametrize(
    ("exchanges", "said"),
    [
        (
            ("0.5", "0.25", "0.15"),
            "sum to 0.9 and not to 1; change them together, or give all a `brand`, which needs no sum",
        ),
        (("50", "25", "25"), "sum to 100 and not to 1; write 0.4 for 40 %"),
        (("50", "25", "15"), "sum to 90 and not to 1; write 0.4 for 40 %"),
        (("0.33", "0.33", "0.33"), None),
        (("0.5", "0.25", "0.25"), None),
    ],
)
def test_home_shares_sum_to_one(exchanges: tuple[str, ...], said: str | None) -> None:
    entries = [f"{{id: x{n}, home: homeland, share: {share}}}" for n, share in enumerate(exchanges)]
    found = complaints(changed((f"  - {ALPHA}\n  - {TAIL}", "\n".join(f"  - {entry}" for entry in entries))))
    prefix = "small.yaml:20:37: exchanges.x0.share: the shares of the exchanges with an order book at home "
    assert found == ([] if said is None else [prefix + said])


@pytest.mark.parametrize(
    ("entry", "share"),
    [
        ("count: 3, brand: {normal: {mean: -2.38, sd: 0.4}}", 3 * math.exp(-2.3)),
        ("count: 2, share: 0.15", 0.3),
        ("count: 3, brand: {uniform: {low: -2.8, high: -1.9}}", (math.exp(-1.9) - math.exp(-2.8)) / 0.3),
        ("count: 3, brand: {between: [-2.3, -2.3]}", 3 * math.exp(-2.3)),
        ("count: 1, share: 5, strategy: offshore, host: harbour", 0.0),
        ("count: 1, share: 5, enters: 2020-03-01", 0.0),
        ("count: 1, share: 5, strategy: latent", 0.0),
    ],
)
def test_members_count_one_by_one_and_only_those_with_a_book_at_home_from_the_start(entry: str, share: float) -> None:
    for rest, right in ((1.0 - share, True), (1.1 - share, False)):
        found = complaints(
            changed(("share: 0.7", f"share: {rest!r}"), (TAIL, f"{{group: tail, home: homeland, {entry}}}"))
        )
        assert (found == []) is right
        assert right or "sum to 1.1 and not to 1" in found[0]


CHANGED_SHARES = "sum to 1.101 and not to 1; a brand counts as the share that it means on average; change them together"


def test_shares_that_are_changed_later_must_sum_to_one_too() -> None:
    """One rule, whether a share is written, set, swept or given a range."""
    one, both = {"exchanges.alpha.share": 0.8}, {"exchanges.alpha.share": 0.8, "exchanges.tail.brand": -2.7}
    with pytest.raises(ScenarioError, match=re.escape(CHANGED_SHARES)):
        loads(SMALL, "small.yaml", one)
    with pytest.raises(ScenarioError, match=re.escape(CHANGED_SHARES)):
        loads(SMALL, "small.yaml").with_values(one)
    ranged = SMALL + "uncertainties: {exchanges.alpha.share: {between: [0.7, 0.8]}}\n"
    (line,) = complaints(ranged)
    assert CHANGED_SHARES in line
    assert loads(SMALL, "small.yaml", both) == loads(SMALL, "small.yaml").with_values(both)


def test_brands_alone_need_no_sum() -> None:
    text = changed(("share: 0.7", "brand: -0.36"))
    for brand in (-2, 0.5):
        loads(text, "small.yaml", {"exchanges.alpha.brand": brand})


def test_what_is_set_in_python_is_checked_as_a_file_is() -> None:
    small = loads(SMALL)
    for values, said in (
        ({"segments.traders.rails.bank": 0.7}, "the parts sum to 1.1"),
        ({"exchanges.tail.count": 10_001}, "10,002 exchanges"),
        ({"exchanges": [0] * 2_400_000}, "more than 200,000 values"),
        ({"agencies.regulator.capacity": 0}, "greater than or equal to 1"),
    ):
        with pytest.raises(ScenarioError, match=said):
            small.with_values(values)
        with pytest.raises(ScenarioError, match=said):
            loads(SMALL, overrides=values)
    deep: list[object] = []
    deep.append(deep)
    with pytest.raises(ScenarioError, match="nested more than 40 levels deep"):
        small.with_values({"exchanges": deep})
    with pytest.raises(ScenarioError, match="intensity: 256.0 should be less than or equal to 100"):
        small.with_policies({"p": small.policies["baseline"].strengthen("payments", 16).strengthen("payments", 16)})


def test_ends_of_ranges_are_checked_too() -> None:
    text = SMALL + "uncertainties:\n  segments.traders.rails.bank: {between: [0.3, 0.8]}\n"
    (line,) = complaints(text)
    assert line.endswith("segments.traders.rails: the parts sum to 1.2, which is more than all")


@pytest.mark.parametrize(
    ("group", "count", "name", "place"),
    [
        ("tail", 3, "tail-01", "20:10: exchanges.tail-01.id"),
        ("tail", 3, "tail-03", "20:10: exchanges.tail-03.id"),
        ("tail", 120, "tail-120", "20:10: exchanges.tail-120.id"),
        ("tail", 3, "tail-04", ""),
        ("tail", 3, "tail-1", ""),
        ("tail", 120, "tail-01", ""),
        ("tail", 3, "tail-00", ""),
    ],
)
def test_nobody_is_called_as_a_member_of_a_group(group: str, count: int, name: str, place: str) -> None:
    found = complaints(
        changed(
            ("id: alpha", f"id: {name}"),
            ("share: 0.7, ", "share: 0.7, ") if False else ("count: 3", f"count: {count}"),
            ("-2.38", str(-2.38 - math.log(count / 3))),
        )
    )
    said = (
        f"small.yaml:{place}: the group {group} has a member of this name, its number {name[-1] if count == 3 else 120}"
    )
    assert found == ([said] if place else [])


def test_members_are_called_as_the_check_has_it() -> None:
    _, names = world_of(loads(SMALL), "baseline")
    assert names.exchange_ids == ("alpha", *member_ids("tail", 3)) == ("alpha", "tail-01", "tail-02", "tail-03")
    assert member_ids("x", 120)[::119] == ["x-001", "x-120"]


def test_a_group_is_not_called_as_a_member_of_another() -> None:
    text = changed(("id: alpha", "group: tail-02"))
    (line,) = complaints(text)
    assert line.endswith("exchanges.tail-02.group: the group tail has a member of this name, its number 2")


def test_a_region_lies_in_one_country() -> None:
    assert complaints(changed(("{id: harbour}", "{id: harbour, regions: {north: 0.5}}"))) == [
        "small.yaml:8:29: jurisdictions.harbour.regions.north: the name north is given a second time"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 0.7", "share: 70 %", "70 % is not a number; write 0.7"),
        ("volume: 1000", "volume: 1000 BTC", "1000 BTC is not a number; write 1000 without a unit"),
        ("outside: 0.6", "outside: 60%", "60% is not a number; write 0.6"),
        ("outside: 0.6", "outside: much", "much is not a number"),
    ],
)
def test_a_number_with_a_unit_is_refused_with_the_cure(old: str, new: str, said: str) -> None:
    (line,) = complaints(changed((old, new)))
    assert line.endswith(f": {said}")
