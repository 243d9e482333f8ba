"""How interventions add up at a venue: by rule, in any order, in steps, for whom they are meant."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.regulators.lever_totals import lever_totals, staffing
from sim.schedule.levers import PERMISSIONS
from sim.world import codes as c
from tests.kit import Bench, Data, History, bench, data, day, history, traders

RAILS, CHANNELS, NEEDS = {"bank": 0.5, "wallet": 0.3}, {"chat": 0.6, "events": 0.2}, {"margin": 0.7, "coins": 0.4}
SKILL = {"payment": 0.25, "access": 0.4, "media": 0.1}
SEGMENTS = [
    traders(rails=RAILS, channels=CHANNELS, needs=NEEDS, circumvention=SKILL, fee=3.0, gain=0.25, risk=0.5),
    traders(id="foreigners", home="abroad", rails=RAILS, channels=CHANNELS, needs=NEEDS, circumvention=SKILL),
]
EXCHANGES = [
    {"id": "a", "home": "home", "strategy": "domestic+otc+offshore", "host": "abroad", "share": 0.5, "fixed": True},
    {"id": "b", "home": "home", "strategy": "disguised+otc", "host": "abroad", "share": 0.2, "fixed": True},
]
REACH = {"domestic": 1.0, "otc": 0.8, "offshore": 0.5}
PAYMENT_SKILL = {"domestic": 0.5, "otc": 1.0, "offshore": 0.8}
MODES = ("domestic", "otc", "offshore")
KINDS = st.sampled_from(
    ["payment", "access", "media", "service", "fee", "gains_tax", "permission", "claim", "risk", "hazard", "detection"]
)


@st.composite
def interventions(draw: st.DrawFn) -> list[Data]:
    """Up to six interventions that move one lever each and have been in force since before the start."""
    found = []
    for n in range(draw(st.integers(0, 6))):
        lever, x = draw(KINDS), draw(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
        moves = {
            "permission": draw(st.sampled_from(["free", "licence", "forbidden"])), "claim": draw(st.booleans()),
            "hazard": 0.5 + x, "detection": 2.0 * x,
        }.get(lever, x)  # fmt: skip
        target: Data = {"modes": draw(st.lists(st.sampled_from([*MODES, "disguised"]), min_size=1, unique=True))}
        for names, known in (("rails", RAILS), ("channels", CHANNELS), ("products", NEEDS)):
            if draw(st.booleans()):
                target[names] = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, unique=True))
        if draw(st.booleans()):
            target["exchanges"] = draw(st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True))
        if draw(st.booleans()):
            target["segments"] = draw(st.lists(st.sampled_from(["traders", "foreigners"]), min_size=1, unique=True))
        part = st.sampled_from([0.0, 1.0] if moves in ("licence", "forbidden") else [0.0, 0.1, 0.5, 0.9, 1.0])
        found.append({
            "id": f"i{n}", "kind": "relief", "effective": "2019-12-01", "moves": {lever: moves}, "target": target,
            "coverage": draw(part), "efficacy": draw(part), "exempt": {"small": draw(part)},
        })  # fmt: skip
    return found


def world(baseline: list[Data]) -> Bench:
    return bench(data(
        segments=SEGMENTS, exchanges=EXCHANGES, baseline=baseline,
        demand={"payment_reach": REACH, "payment_skill": PAYMENT_SKILL},
    ))  # fmt: skip


def meant(item: Data, exchange: str, mode: str) -> bool:
    """Whether a target takes in a venue; b's offshore venue is a shell."""
    target = item["target"]
    name = "disguised" if (exchange, mode) == ("b", "offshore") else mode
    return name in target["modes"] and exchange in target.get("exchanges", ["a", "b"])


def reach(item: Data) -> float:
    """The part of its target that an intervention catches."""
    return float(item["coverage"] * item["efficacy"] * max(0.0, 1.0 - item["exempt"]["small"]))


def arrives(item: Data) -> Data:
    """What is moved and is no friction: amounts by part, factors on their way from 1, the rest if anything is reached."""
    part, moves = reach(item), item["moves"]
    found = {lever: value * part for lever, value in moves.items() if lever in ("fee", "gains_tax", "risk")}
    found |= {lever: 1.0 + (value - 1.0) * part for lever, value in moves.items() if lever in ("hazard", "detection")}
    return found | {lever: moves[lever] for lever in ("permission", "claim") if lever in moves and part > 0.0}


def friction(items: list[Data], exchange: str, mode: str, segment: str) -> float:
    """The factor on attraction, from the rule: 1 - prod(1 - x) in a column, sum in a group, product over groups."""
    focal = segment == "traders"
    total = 1.0
    columns = {
        "payment": {r: RAILS[r] * (1 - SKILL["payment"] * PAYMENT_SKILL[mode]) * focal * REACH[mode] for r in RAILS},
        "access": {"": (1 - SKILL["access"]) * focal},
        "media": {m: CHANNELS[m] * (1 - SKILL["media"]) * focal for m in CHANNELS},
        "margin": {"margin": NEEDS["margin"]},
        "coins": {"coins": NEEDS["coins"]},
    }
    names = {"payment": "rails", "media": "channels", "margin": "products", "coins": "products"}
    for group, suffering in columns.items():
        lost = 0.0
        for column, s in suffering.items():
            passed = 1.0
            for item in items:
                lever = "service" if group in NEEDS else group
                chosen = item["target"].get(names.get(group, ""), [column])
                here = segment in item["target"].get("segments", [segment])
                if lever in item["moves"] and meant(item, exchange, mode) and column in chosen and here:
                    passed *= 1.0 - item["moves"][lever] * reach(item)
            lost += s * (1.0 - passed)
        total *= max(0.0, 1.0 - lost)
    return total


def deterrence(one: Bench, mode: int, shell: bool, found: np.ndarray) -> np.ndarray:
    """What fees, user risk and hiding leave of the attraction to each segment."""
    segments = one.world.segments
    hidden = segments.disguise if shell and mode == c.OFFSHORE else 0.0
    charge = found[c.L_FEE] + segments.gain * found[c.L_GAINS_TAX]
    return np.exp(hidden - segments.fee * charge - segments.risk * found[c.L_RISK])


@settings(max_examples=30)
@given(interventions(), st.randoms(use_true_random=False))
def test_levers_combine_by_rule_and_not_by_order(items, random):
    """Against the rules written out for one venue at a time, and against the same list shuffled; 1e-14."""
    shuffled = items.copy()
    random.shuffle(shuffled)
    one, two = world(items), world(shuffled)
    for each in (one, two):
        venues, host = each.state.venues, each.state.exchanges.host
        for f, exchange in enumerate("ab"):
            for m, mode in enumerate(MODES):
                v = 3 * f + m
                mine = [arrives(item) for item in items if meant(item, exchange, mode)]
                expected = [friction(items, exchange, mode, segment) for segment in ("traders", "foreigners")]
                shell = bool(each.state.exchanges.disguised[f])
                row = lever_totals(each.world, each.state, f, m, shell, host[f], False)
                found = each.state.lever_totals.totals[row]
                assert found[c.L_FEE] == pytest.approx(sum(x.get("fee", 0.0) for x in mine), abs=1e-14)
                assert found[c.L_GAINS_TAX] == pytest.approx(sum(x.get("gains_tax", 0.0) for x in mine), abs=1e-14)
                assert found[c.L_RISK] == pytest.approx(sum(x.get("risk", 0.0) for x in mine), abs=1e-14)
                assert venues.lever_factor[v] == pytest.approx(expected * deterrence(each, m, shell, found), abs=1e-14)
                assert found[c.L_HAZARD] == pytest.approx(math.prod(x.get("hazard", 1.0) for x in mine), abs=1e-14)
                assert venues.detection[v] == pytest.approx(math.prod(x.get("detection", 1.0) for x in mine), abs=1e-14)
                words = [x.get("permission", "free") for x in mine]
                assert PERMISSIONS[venues.permission[v]] == max(words, key=PERMISSIONS.index, default="free")
                assert bool(venues.claim[v]) is any(x.get("claim", False) for x in mine)


def test_fees_and_a_tax_on_gains_of_several_interventions_add():
    """Weight 3 per unit of volume, a gain of a quarter: 3 x (0.1 + 0.2 + 0.25 x (0.2 + 0.2)) = 1.2."""
    levied = {"kind": "relief", "effective": "2019-12-01"}
    one = world([
        {"id": "exchange-fee", **levied, "moves": {"fee": 0.1}},
        {"id": "transaction-tax", **levied, "moves": {"fee": 0.2, "gains_tax": 0.2}},
        {"id": "surcharge", **levied, "moves": {"gains_tax": 0.2}},
    ])  # fmt: skip
    assert one.state.venues.lever_factor[0] == pytest.approx([math.exp(-1.2), 1.0], rel=1e-14)


def test_an_agencys_speed_and_a_hosts_price_are_products():
    one = bench(data(
        agencies=[{"id": "police", "capacity": 1, "service": "5 d"}, {"id": "bank", "capacity": 1, "service": "5 d"}],
        jurisdictions=[{"id": "home"}, {"id": "abroad"}, {"id": "far"}],
        baseline=[
            {"id": "s1", "kind": "relief", "by": "police", "effective": "2019-12-01", "moves": {"staffing": 2.0}},
            {"id": "s2", "kind": "relief", "by": "police", "effective": "2019-12-01", "moves": {"staffing": 1.5}},
            {"id": "s3", "kind": "relief", "by": "bank", "effective": "2019-12-01", "moves": {"staffing": 0.5}},
            {"id": "e1", "kind": "host-opens", "effective": "2019-12-01", "moves": {"entry_cost": 0.5},
             "target": {"jurisdictions": ["abroad"]}},
            {"id": "e2", "kind": "host-opens", "effective": "2019-12-01", "moves": {"entry_cost": 0.8}},
        ],
    ))  # fmt: skip
    assert [staffing(one.world, one.state, agency) for agency in range(2)] == [3.0, 0.5]
    assert one.state.in_force.entry_cost_factor[1:] == pytest.approx([0.4, 0.8])


def test_a_regional_measure_binds_its_region_and_reaches_its_share_of_the_traders():
    """40 % live in the north: 0.4 of the friction everywhere, the order only for the exchange up there."""
    one = bench(data(
        jurisdictions=[{"id": "home", "regions": {"north": 0.4, "south": 0.6}}, {"id": "abroad"}],
        segments=[traders(rails={"bank": 1.0})],
        exchanges=[
            {"id": "up", "home": "home", "region": "north", "share": 0.5, "fixed": True},
            {"id": "down", "home": "home", "region": "south", "share": 0.3, "fixed": True},
            {"id": "nowhere", "home": "home", "share": 0.2, "fixed": True},
        ],
        baseline=[{"id": "local", "kind": "relief", "effective": "2019-12-01", "target": {"regions": ["north"]},
                   "moves": {"payment": 1.0, "permission": "forbidden"}}],
    ))  # fmt: skip
    venues = one.state.venues
    assert venues.lever_factor[::3, 0] == pytest.approx([0.6, 0.6, 0.6])
    assert list(venues.permission[::3]) == [c.FORBIDDEN, c.FREE, c.FREE]


def strength(run: History, phase: int = c.EFFECTIVE) -> np.ndarray:
    return run.result.frame.strength[:, 0, phase]


def steps_of(values: np.ndarray) -> list[tuple[int, float]]:
    """(record, value) where the value changes."""
    return [(t, float(values[t])) for t in range(1, len(values)) if values[t] != values[t - 1]]


def only(**fields) -> History:
    """A run under one measure."""
    return history(data(end=day(120), baseline=[{"id": "x", "kind": "fee-rule", **fields}]))


def test_a_ramp_climbs_in_eight_equal_steps_the_first_at_once():
    run = only(announced=day(10), effective=day(20), ramp="16 d")
    assert steps_of(strength(run)) == [(20 + 2 * n, (n + 1) / 8) for n in range(8)]
    assert steps_of(strength(run, c.ANNOUNCED)) == [(10, 1.0)]


def test_a_measure_without_notice_is_news_as_it_ramps():
    run = only(effective=day(20), ramp="16 d")
    assert steps_of(strength(run, c.ANNOUNCED)) == steps_of(strength(run))


def test_a_fade_descends_in_eight_equal_steps():
    run = only(announced=day(10), effective=day(20), until=day(50), fade="8 d")
    assert steps_of(strength(run)) == [(20, 1.0), *((50 + n, 1.0 - (n + 1) / 8) for n in range(8))]
    assert steps_of(strength(run, c.ANNOUNCED))[0] == (10, 1.0)
    assert steps_of(strength(run, c.ANNOUNCED))[-1] == (57, 0.0)


def test_a_measure_that_is_lifted_is_gone_in_all_phases():
    run = only(announced=day(10), effective=day(20), enforced=day(25), until=day(50))
    for phase, begin in ((c.ANNOUNCED, 10), (c.EFFECTIVE, 20), (c.ENFORCED, 25)):
        assert steps_of(strength(run, phase)) == [(begin, 1.0), (50, 0.0)]
    assert [(line.day, line.event) for line in run.lines if line.value == 1.0] == [
        (10.0, "announced"), (20.0, "effective"), (25.0, "enforced"),
    ]  # fmt: skip


@pytest.mark.parametrize("dates", [
    {"announced": day(10), "effective": day(40), "until": day(20)},
    {"announced": day(10), "effective": day(15), "enforced": day(40), "until": day(20)},
])  # fmt: skip
def test_what_is_lifted_before_it_begins_does_not_begin(dates):
    run = only(**dates)
    assert run.result.frame.strength[21:].max() == 0.0


def test_a_ramp_that_is_cut_short_falls_from_where_it_was():
    """Lifted after 4 of 8 steps, with a fade: never stronger than it was."""
    run = only(effective=day(20), ramp="16 d", until=day(27), fade="8 d")
    values = strength(run)
    assert values[26] == 0.5
    assert values[27:].max() <= 0.5
    assert values[-1] == 0.0


def test_measures_from_before_the_start_are_in_force_on_the_first_day():
    run = only(announced="2019-06-01", effective="2019-12-31", ramp="4 d")
    assert run.result.frame.strength[0, 0].tolist() == [1.0, 0.375, 0.375]
    assert steps_of(strength(run))[-1] == (3, 1.0)


def test_splitting_a_friction_into_two_identical_ones_changes_nothing():
    """1 - (1 - y)^2 = x: the same shares to 1e-14, from the first day to the last."""
    x = 0.64
    y = 1.0 - math.sqrt(1.0 - x)
    segments = [traders(rails={"bank": 0.7}, circumvention=0.2)]
    block = {
        "kind": "payment-block",
        "announced": day(30),
        "effective": day(40),
        "ramp": "0 d",
        "moves": {"hazard": 1.0},
    }
    one = history(data(segments=segments, baseline=[{**block, "id": "whole", "coverage": x}]))
    two = history(data(segments=segments, baseline=[{**block, "id": f"half-{n}", "coverage": y} for n in "ab"]))
    np.testing.assert_allclose(one.result.frame.share, two.result.frame.share, rtol=0, atol=1e-14)
    assert one.share("a")[50] < one.share("a")[40] - 0.01


@pytest.mark.parametrize("lever", [{"permission": "forbidden"}, {"claim": True}])
def test_a_second_identical_rule_changes_nothing(lever):
    """Permissions and claims combine by the largest: to say it twice is to say it once, bit for bit."""
    rule = {"kind": "relief", "announced": day(30), "effective": day(40), "deadline": day(80), "moves": lever}
    segments = [traders(fee=100.0)]
    one = history(data(segments=segments, baseline=[{**rule, "id": "a"}]))
    two = history(data(segments=segments, baseline=[{**rule, "id": "a"}, {**rule, "id": "b"}]))
    assert one.result.frame.share.tobytes() == two.result.frame.share.tobytes()
    assert one.result.frame.status.tobytes() == two.result.frame.status.tobytes()


def test_a_step_taken_twice_in_the_same_instant_changes_nothing():
    """A ramp of no length set against a plain step; and fees in two equal steps of which the second adds nothing."""
    one = only(effective=day(20))
    two = only(effective=day(20), ramp="0 d")
    assert one.result.frame.share.tobytes() == two.result.frame.share.tobytes()
