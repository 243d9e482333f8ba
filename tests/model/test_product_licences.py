"""Licences for products: who lacks one goes on without them, against closed forms of the logit."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import sim
from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.model.exchanges.expected_volume import survey_market
from sim.model.exchanges.posture_values import value_posture
from sim.model.regulators.lever_totals import lever_moved
from sim.scenario.checks.lint import lint
from sim.world import codes as c
from tests.kit import Data, bench, data, day, history, scenario, traders

ENGINES = pytest.mark.parametrize("engine", [reference, compiled])
RATE, DEADLINE, NEED = 0.2, 100.0, 0.75
LEFT = 1.0 - NEED
DESK: Data = {"id": "desk", "products": ["money"], "service": "20 d", "approval": 1.0}


def market(*more: Data, offices: list[Data] | None = None, rule: Data | None = None, **blocks: object) -> Data:
    """Two fixed exchanges at home that share 1/2 with not trading; from day 100 on money pairs need a licence."""
    regime = {"id": "regime", "kind": "licence-regime", "announced": day(10), "deadline": day(DEADLINE),
              "offices": ["desk"], **(rule or {})}  # fmt: skip
    return data(**{
        "segments": [traders(outside=1.0, needs={"money": NEED})],
        "exchanges": [{"id": name, "home": "home", "share": 0.5, "fixed": True} for name in ("a", "b")],
        "offices": offices or [{**DESK, "holders": ["b"]}],
        "decisions": {"options": ["domestic", "exit"], "temperature": 0.0, "review": "1000000 d", "reaction": "1 d",
                      "loss_trigger": 1.0},
        "baseline": [regime, *more],
        **blocks,
    })  # fmt: skip


def relaxed(start: float, end: float, days: float) -> float:
    """A share that was `start` so many days ago and moves to `end`."""
    return end + (start - end) * math.exp(-RATE * days)


@ENGINES
@pytest.mark.parametrize("at_end", [0.0, 0.5])
def test_who_lacks_the_licence_keeps_what_needs_no_licence(engine, at_end: float) -> None:
    """Of s = 1/4 the part 0.75 ends at the deadline; then A = 1/4 · 1/2 against 1/2 and 1. 1e-12 of rounding."""
    run = history(market(rule={"ending": {"at_end": at_end}}), engine=engine)
    total = 1.0 + 0.5 + 0.5 * LEFT
    after = 0.25 * LEFT + at_end * 0.25 * NEED * 0.5 * LEFT / total
    assert run.share("a")[99] == pytest.approx(0.25, abs=1e-12)
    for t in (101, 110, 300):
        assert run.share("a")[t] == pytest.approx(relaxed(after, 0.5 * LEFT / total, t - DEADLINE), abs=1e-12)
        waited = 0.25 + at_end * 0.25 * NEED * 0.5 / total
        assert run.share("b")[t] == pytest.approx(relaxed(waited, 0.5 / total, t - DEADLINE), abs=1e-12)
    assert [(line.day, line.subject, line.cause) for line in run.told("products-barred")] == [(DEADLINE, "a", "regime")]
    assert set(run.status("a")[101:]) == {"limited"}
    assert set(run.status("b")) == {"open"}
    assert not run.told("closed")


@ENGINES
def test_in_a_nest_the_trade_that_ends_is_that_which_needs_the_product(engine) -> None:
    """A falls to LEFT^(1/λ), the share at the deadline to LEFT s; 1e-12 of rounding."""
    source = market()
    source["segments"][0] |= {"nests": {"domestic": 0.5}}
    run = history(source, engine=engine)
    ratio = LEFT**2.0
    both = 0.5 * (1.0 + ratio)
    inside = math.sqrt(both)
    assert run.share("a")[100] == pytest.approx(0.25 * LEFT, abs=1e-12)
    assert run.share("a")[-1] == pytest.approx(inside / (1.0 + inside) * ratio / (1.0 + ratio), abs=1e-12)


@ENGINES
def test_applicants_get_it_or_not_and_users_come_back_to_who_does(engine) -> None:
    """Examined from day 11 on, 60 days each: a by day 71, b on day 131, after the deadline; c is refused on day 191."""
    exchanges = [{"id": name, "home": "home", "share": share} for name, share in (("a", 0.5), ("b", 0.3), ("c", 0.2))]
    run = history(market(exchanges=exchanges, offices=[{**DESK, "service": "60 d", "refuses": ["c"]}]), engine=engine)
    assert run.days("application") == [11.0] * 3
    told = [
        (line.event, line.subject, line.day) for line in run.lines if line.event.startswith(("products-", "licence-"))
    ]
    assert told == [
        ("licence-granted", "a", 71.0), ("products-barred", "b", 100.0), ("products-barred", "c", 100.0),
        ("licence-granted", "b", 131.0), ("products-allowed", "b", 131.0), ("licence-refused", "c", 191.0),
    ]  # fmt: skip
    at_first = 1.0 + 0.5 + 0.3 * LEFT + 0.2 * LEFT
    barred = relaxed(0.15 * LEFT, 0.3 * LEFT / at_first, 31.0)
    assert run.share("b")[131] == pytest.approx(barred, abs=1e-12)
    assert run.share("b")[150] == pytest.approx(relaxed(barred, 0.3 / (1.8 + 0.2 * LEFT), 19.0), abs=1e-12)
    assert run.status("c")[-1] == "limited"


@ENGINES
def test_a_licence_that_is_taken_back_bars_from_that_day_on(engine) -> None:
    order = {"id": "order", "kind": "licence-refusal", "announced": day(150), "target": {"exchanges": ["b"]}}
    run = history(market(order, offices=[{**DESK, "holders": ["a", "b"]}]), engine=engine)
    assert [(line.day, line.subject) for line in run.told("products-barred")] == [(150.0, "b")]
    assert run.share("b")[150] == pytest.approx(0.25 * LEFT, abs=1e-12)


def test_a_product_that_two_offices_license_needs_both() -> None:
    """b holds one of two licences; with one of two products barred each time what is left is a product of both."""
    offices = [
        {**DESK, "holders": ["a", "b"]},
        {**DESK, "id": "bureau", "products": ["money", "margin"], "holders": ["a"]},
    ]
    source = market(offices=offices, rule={"offices": ["desk", "bureau"]})
    source["segments"][0]["needs"] = {"money": NEED, "margin": 0.5}
    run = history(source)
    assert run.days("products-barred") == [DEADLINE]
    assert run.share("b")[100] == pytest.approx(0.25 * LEFT * 0.5, abs=1e-12)


def test_while_it_waits_a_deemed_licence_is_one() -> None:
    exchanges = [{"id": name, "home": "home", "share": 0.5} for name in ("a", "b")]
    office = {**DESK, "service": "150 d", "deemed": {"apply_by": day(50)}}
    run = history(market(exchanges=exchanges, offices=[office]))
    assert not run.told("products-barred")


def test_a_licence_of_the_venue_and_one_for_products_are_asked_for_in_one_breath() -> None:
    """Who has none closes, who has the first goes on with coins alone, and who has both goes on."""
    exchanges = [{"id": name, "home": "home", "share": 1 / 3} for name in ("a", "b", "c")]
    venue = {"id": "report", "service": "20 d", "officers": 3, "eligible": ["a", "b"]}
    offices = [{**DESK, "eligible": ["a"]}, venue]
    run = history(market(exchanges=exchanges, offices=offices, rule={"offices": ["report", "desk"]}))
    assert [run.status(name)[-1] for name in ("a", "b", "c")] == ["licensed", "limited", "closed"]


@ENGINES
def test_what_is_lifted_lets_all_trade_everything_again(engine) -> None:
    """Share back at 1/4 after 160 days at 0.2 a day: e^-32."""
    run = history(market(rule={"until": day(200)}), engine=engine)
    assert run.days("products-allowed", "a") == [200.0]
    assert run.share("a")[-1] == pytest.approx(0.25, abs=1e-12)
    assert run.status("a")[-1] == "open"


@ENGINES
def test_abroad_focal_law_asks_it_for_focal_users_alone(engine) -> None:
    segments = [traders(id=place, home=place, outside=1.0, taste={"offshore": 0.0}, needs={"money": NEED})
                for place in ("home", "abroad")]  # fmt: skip
    x = {"home": "abroad", "strategy": "offshore", "brand": 0.0, "fixed": True}
    run = history(market(
        segments=segments, exchanges=[{"id": "x", **x}, {"id": "y", "compliance": 0.0, **x}], offices=[DESK],
        rule={"target": {"modes": ["offshore"]}}), engine=engine)  # fmt: skip
    np.testing.assert_allclose(run.share("x", "offshore", segment=1), 1 / 3, rtol=0, atol=1e-15)
    assert run.share("x", "offshore")[-1] == pytest.approx(LEFT / (2.0 + LEFT), abs=1e-12)
    assert run.share("y", "offshore")[-1] == pytest.approx(1.0 / (2.0 + LEFT), abs=1e-12)


@pytest.mark.parametrize("chance", [0.0, 0.4, 1.0])
def test_an_exchange_counts_on_the_trade_that_its_licences_allow(chance: float) -> None:
    """Friction 1 - need (1 - w), w = (L(g) + p (L(h) - L(g))) / L(h), L(t) = (1 - e^(-λt)) / λ; 1e-12 of rounding."""
    source = market(offices=[{**DESK, "approval": chance}])
    source["exchanges"] = [{"id": "a", "home": "home", "share": 0.5}]
    source["policies"]["baseline"][0] |= {"announced": day(0)}
    each = bench(source)
    world, state = each.world, each.state
    state.in_force.strength[0, c.ANNOUNCED], state.in_force.start_day[0] = 1.0, 0.0
    lever_moved(world, state, 0)
    survey_market(world, state, 0, 0.0)
    assert value_posture(world, state, 0, -1, c.DOMESTIC)
    hazard, horizon = state.postures.hazard[c.DOMESTIC], world.settings.horizon
    free, whole = (-math.expm1(-hazard * days) / hazard for days in (DEADLINE, horizon))
    part = (free + chance * (whole - free)) / whole
    assert hazard > 0.0
    assert horizon > DEADLINE
    assert state.postures.attraction[c.DOMESTIC, 0] == pytest.approx(0.5 * (1.0 - NEED * (1.0 - part)), rel=1e-12)


def test_a_venue_that_may_itself_have_to_close_weighs_the_days_in_which_it_is_open() -> None:
    """Its own licence, of chance p', is due on day 100 as well: w = (L(g) + p p' (L(h) - L(g))) / (L(g) + p' (...))."""
    p, own = 0.4, 0.6
    source = market(offices=[{**DESK, "approval": p}, {"id": "report", "service": "20 d", "approval": own}],
                    rule={"offices": ["desk", "report"], "announced": day(0)})  # fmt: skip
    source["exchanges"] = [{"id": "a", "home": "home", "share": 0.5}]
    each = bench(source)
    world, state = each.world, each.state
    state.in_force.strength[0, c.ANNOUNCED], state.in_force.start_day[0] = 1.0, 0.0
    state.venues.expected[0] = c.LICENCE
    lever_moved(world, state, 0)
    survey_market(world, state, 0, 0.0)
    assert value_posture(world, state, 0, -1, c.DOMESTIC)
    hazard, horizon = state.postures.hazard[c.DOMESTIC], world.settings.horizon
    free, whole = (-math.expm1(-hazard * days) / hazard for days in (DEADLINE, horizon))
    part = (free + p * own * (whole - free)) / (free + own * (whole - free))
    assert state.postures.chance[c.DOMESTIC] == own
    assert state.postures.attraction[c.DOMESTIC, 0] == pytest.approx(0.5 * (1.0 - NEED * (1.0 - part)), rel=1e-12)


def test_with_coins_alone_an_exchange_stays_while_that_pays() -> None:
    """It takes 0.004 of 1000 · s a day; the office refuses it. With 1 of need it leaves, with 0.25 it stays."""
    stays = {}
    for need in (0.25, 1.0):
        source = market(exchanges=[{"id": "a", "home": "home", "share": 1.0}], offices=[{**DESK, "approval": 0.0}])
        source["segments"][0]["needs"] = {"money": need}
        source["decisions"]["review"] = "20 d"
        stays[need] = history(source).status("a")[-1] == "limited"
    assert stays == {0.25: True, 1.0: False}


@pytest.mark.parametrize(
    ("office", "said"),
    [
        ({"products": ["mony"]}, "no product or service called mony (did you mean money?)"),
        ({"products": []}, "licenses nothing; name products, or leave this out for a licence of the venue"),
        ({"products": None, "holders": ["b"]}, "is for an office that licenses products"),
        ({"holders": ["bee"]}, "no exchange or group called bee"),
    ],
)
def test_what_is_wrong_with_an_office_is_said(office: Data, said: str) -> None:
    office = {name: value for name, value in {**DESK, **office}.items() if value is not None}
    with pytest.raises(sim.ScenarioError, match=re.escape(said)):
        scenario(market(offices=[office]))


def test_the_office_of_a_host_licenses_venues() -> None:
    source = market(jurisdictions=[{"id": "home"}, {"id": "abroad", "office": "desk"}])
    with pytest.raises(sim.ScenarioError, match="desk licenses products alone"):
        scenario(source)


def test_a_licence_for_what_nobody_needs_is_doubted() -> None:
    source = market()
    source["segments"] = [traders(needs={"money": 0.0, "withdrawals": 0.5})]
    said = {each.path.removeprefix("policies.baseline.interventions."): each.message for each in lint(scenario(source))}
    assert said == {
        "regime.offices[0]": "no trader targeted needs a product that desk licenses, so nobody is touched",
        "regime.kind": "touches nobody (permission: no trader targeted needs a product that its offices license;"
        " enforcement: nothing that it targets is forbidden or needs a licence)",
    }
