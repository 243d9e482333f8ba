"""Adaptive rules: hold time, reporting lag, cool-down, ladder."""

from __future__ import annotations

import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from tests.kit import Data, History, data, day, history, traders

TIDE = {
    "id": "tide",
    "kind": "fraud-shock",
    "announced": day(20),
    "until": day(60),
    "attention": 0.0,
    "moves": {"risk": 2.0},
}
"""User risk is 2 from day 20 to day 60, which is what the rules below look at."""
STEP = [{"id": "step", "kind": "relief", "moves": {"fee": 0.1}}]


def ruled(**rule) -> Data:
    return data(
        end=day(150),
        segments=[traders(switching="1e6 /d", fee=1.0)],
        policies={"baseline": {
            "interventions": [TIDE],
            "rules": [{"id": "rule", "when": {"indicator": "lever:risk", "above": 1.0}, "every": "7 d", "steps": [STEP], **rule}],
        }},
    )  # fmt: skip


def fired(**rule) -> list[float]:
    one, two = (history(ruled(**rule), engine=engine).days("rule-fired") for engine in (reference, compiled))
    assert one == two
    return one


def test_a_rule_fires_when_its_condition_is_first_seen():
    """Looks on days 0, 7, 14, 21: the first after day 20 is 21."""
    run = history(ruled())
    assert run.days("rule-observed") == [21.0]
    assert run.days("rule-fired") == [21.0]
    assert run.days("announced", "step") == [21.0]


def test_a_measure_below_a_threshold():
    when = {"indicator": "lever:risk", "below": 1.0}
    assert fired(when=when) == [0.0]
    assert fired(when=when, starts=day(22)) == [64.0]  # days 22, 29 ... 64


@pytest.mark.parametrize(("hold", "expected"), [("0 d", [21.0]), ("7 d", [28.0]), ("10 d", [35.0]), ("36 d", [])])
def test_the_condition_must_hold(hold, expected):
    """From the first sight on day 21, at the first look at least so many days later, before it ends on day 60."""
    assert fired(when={"indicator": "lever:risk", "above": 1.0, "hold": hold}) == expected


def test_an_interruption_starts_the_hold_time_anew():
    dip = {**TIDE, "id": "tide2", "announced": day(70), "until": day(100)}
    source = ruled(when={"indicator": "lever:risk", "above": 1.0, "hold": "28 d"})
    source["policies"]["baseline"]["interventions"] = [{**TIDE, "until": day(45)}, dip]
    run = history(source)
    assert run.days("rule-observed") == [21.0, 70.0]
    assert run.days("rule-fired") == [98.0]


@pytest.mark.parametrize(
    ("lag", "expected"), [("0 d", 21.0), ("1 d", 28.0), ("7 d", 28.0), ("8 d", 35.0), ("14 d", 35.0), ("15 d", 42.0)]
)
def test_the_reporting_lag_is_rounded_up_to_intervals(lag, expected):
    assert fired(lag=lag) == [expected]


def test_a_lag_of_whole_intervals_is_not_rounded_up():
    """2.1 / 0.7 is 3.0000000000000004 in floating point, and still three looks after the one on day 20.3."""
    assert fired(every="0.7 d", lag="2.1 d")[0] == pytest.approx(22.4)


def test_a_condition_that_has_passed_is_still_seen_late():
    """On day 63 the figure of day 56 comes through."""
    assert fired(lag="7 d", when={"indicator": "lever:risk", "above": 1.0, "hold": "35 d"}) == [63.0]


LADDER = [
    [{"id": "first", "kind": "relief", "moves": {"fee": 0.1}}],
    [{"id": "second", "kind": "relief", "announced": "+0 d", "effective": "+5 d", "moves": {"fee": 0.5}},
     {"id": "beside", "kind": "statement", "announced": "+2 d"}],
    [{"id": "third", "kind": "relief", "effective": "+1 d", "until": "+10 d", "moves": {"fee": 0.9}}],
]  # fmt: skip


def test_a_ladder_is_climbed_one_step_at_a_time():
    """Looks on 21, 28, 35: a step each; there is no fourth."""
    run = history(ruled(steps=LADDER))
    assert [(line.day, line.value) for line in run.told("rule-fired")] == [(21.0, 1.0), (28.0, 2.0), (35.0, 3.0)]
    dates = {
        (line.subject, line.event): line.day
        for line in run.lines
        if line.subject in ("first", "second", "beside", "third")
    }
    assert dates["first", "effective"] == 21.0
    assert dates["second", "announced"] == 28.0
    assert dates["second", "effective"] == 33.0
    assert dates["beside", "announced"] == 30.0
    assert dates["third", "effective"] == 36.0
    assert dates["third", "lifted"] == 46.0  # its last day is the tenth


def test_the_ladder_moves_the_levers():
    """The sum of the fees in force, at once felt by quick traders."""
    run = history(ruled(steps=LADDER))
    fees = [venue_fee(run, t) for t in (20, 22, 34, 37, 47)]
    assert fees == pytest.approx([0.0, 0.1, 0.6, 1.5, 0.6], abs=1e-12)


def venue_fee(run: History, t: int) -> float:
    """The fee that explains the share of the exchange, with e^-fee on its attraction."""
    from math import log

    share = float(run.share("a")[t])
    out = float(run.result.frame.outside[t, 0])
    return -log(share / out * 0.6 / 0.6)


@pytest.mark.parametrize(("cooldown", "expected"), [
    ("0 d", [21.0, 28.0, 35.0]), ("7 d", [21.0, 28.0, 35.0]), ("8 d", [21.0, 35.0, 49.0]), ("30 d", [21.0, 56.0]),
])  # fmt: skip
def test_the_cool_down_is_the_shortest_time_between_steps(cooldown, expected):
    assert fired(steps=LADDER, cooldown=cooldown) == expected


def test_what_a_rule_can_look_at():
    """Every measure of a world at rest, against what is there: seen on day 0 when above a little less, not a little more."""
    source = data(
        segments=[traders(), traders(id="abroad", home="abroad", volume=5000)],
        exchanges=[
            {"id": "a", "home": "home", "share": 0.6, "fixed": True},
            {"id": "b", "home": "home", "strategy": "disguised+otc", "host": "abroad", "share": 0.4, "fixed": True},
        ],
        policies={"baseline": {"interventions": [
            {"id": "risk", "kind": "fraud-shock", "announced": "2019-12-01", "moves": {"risk": 0.7, "hazard": 1.4}},
        ]}},
    )  # fmt: skip
    import math

    shell = 0.4 * math.exp(-2.0 + 1.79) * 2.5
    pulls = {"domestic": 0.6, "otc": 0.4 * math.exp(-3.0), "offshore": shell, "outside": 0.6}
    total = sum(pulls.values())
    expected = {f"share:{name}": pull / total for name, pull in pulls.items()}
    expected |= {"exposure": shell / total, "open:domestic": 1.0, "open:otc": 1.0, "open:offshore": 1.0}
    expected |= {"blocked-sites": 0.0, "licences-waiting": 0.0, "lever:risk": 0.7, "lever:hazard": 1.4}
    for indicator, value in expected.items():
        for offset, seen in ((-1e-9, True), (1e-9, False)):
            rule = {"id": "r", "when": {"indicator": indicator, "above": value + offset}, "steps": [STEP]}
            source["policies"]["baseline"]["rules"] = [rule]
            assert bool(history(source, until=1.0).told("rule-fired")) is seen, indicator


def test_a_rule_may_start_later():
    assert fired(starts=day(23)) == [23.0]
    assert fired(starts=day(61)) == []


def test_dates_of_a_ladder_before_its_firing_count_as_now():
    """A step announced a week before the firing is announced at the firing."""
    run = history(
        ruled(steps=[[{"id": "s", "kind": "relief", "announced": "-7 d", "effective": "+3 d", "moves": {"fee": 0.1}}]])
    )
    assert run.days("announced", "s") == [21.0]
    assert run.days("effective", "s") == [24.0]
