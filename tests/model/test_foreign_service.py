"""Focal law abroad: it bears on serving focal users and never on the venue, against closed forms of the logit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.model.exchanges.expected_volume import survey_market
from sim.model.exchanges.posture_values import value_posture
from sim.model.regulators.lever_totals import lever_moved
from sim.world import codes as c
from tests.kit import Data, bench, data, day, history, traders

ENGINES = pytest.mark.parametrize("engine", [reference, compiled])
RATE, RESIDUE, DEADLINE = 0.2, 0.05, 100.0
ABROAD: Data = {"home": "abroad", "strategy": "offshore", "brand": 0.0}


def abroad(*rules: Data, exchanges: list[Data] | None = None, **blocks: object) -> Data:
    """A fixed exchange abroad that halves a focal and a foreign segment with not trading, under some rules."""
    segments = [traders(id=place, home=place, outside=1.0, taste={"offshore": 0.0}) for place in ("home", "abroad")]
    return data(**{
        "segments": segments,
        "exchanges": exchanges or [{"id": "x", "fixed": True, **ABROAD}],
        "demand": {"residue": RESIDUE},
        "closing": {"notice_scale": "0 d"},
        "enforcement": {"size_exponent": 0.0, "sites": {"return_lag": "1000 d"}},
        "decisions": {"options": ["offshore"], "temperature": 0.0, "review": "1000000 d", "reaction": "2 d",
                      "economics": {"running": {"offshore": {"fixed": 0.0, "of_reference": 0.0}}}},
        "baseline": [rule(**each) for each in rules],
        **blocks,
    })  # fmt: skip


def rule(**fields: object) -> Data:
    """A prohibition to serve focal users from abroad, unless the fields say otherwise."""
    return {"id": "rule", "kind": "platform-leaves", "announced": day(30), "deadline": day(DEADLINE), **fields}


def relaxed(start: float, end: float, days: float) -> float:
    """A share that was `start` so many days ago and moves to `end`."""
    return end + (start - end) * math.exp(-RATE * days)


@ENGINES
@pytest.mark.parametrize(
    "fields", [{}, {"kind": "closure-order"}, {"kind": "licence-regime"}, {"kind": "foreign-licence"}]
)
def test_what_focal_law_forbids_abroad_is_to_serve_focal_users(engine, fields: Data) -> None:
    """All but r of them lose their accounts at the deadline, the share then goes to r / (1 + r). 1e-12 of rounding.

    The foreign business stays as it was, to the last bit.
    """
    run = history(abroad({**fields, "target": {"modes": ["offshore"]}}), engine=engine)
    focal, foreign = run.share("x", "offshore"), run.share("x", "offshore", segment=1)
    assert focal[99] == pytest.approx(0.5, abs=1e-12)
    for t in (101, 110, 300):
        assert focal[t] == pytest.approx(relaxed(0.5 * RESIDUE, RESIDUE / (1 + RESIDUE), t - DEADLINE), abs=1e-12)
    np.testing.assert_array_equal(foreign, foreign[0])
    assert [(line.day, line.subject, line.cause) for line in run.told("turns-away")] == [(DEADLINE, "x", "rule")]
    assert not run.told("host-closed")


@ENGINES
def test_law_of_the_host_closes_the_venue_for_everybody(engine) -> None:
    run = history(abroad({"law": "host"}), engine=engine)
    assert run.days("host-closed", "x") == [DEADLINE]
    assert run.share("x", "offshore", segment=1)[-1] == 0.0


def test_whose_law_it_is_follows_from_the_agency() -> None:
    agencies = [{"id": "ours", "service": "5 d"}, {"id": "theirs", "jurisdiction": "abroad", "service": "5 d"}]
    closed = {by: bool(history(abroad({"by": by}, agencies=agencies)).told("host-closed")) for by in ("ours", "theirs")}
    assert closed == {"ours": False, "theirs": True}


def test_who_is_licensed_to_serve_them_goes_on() -> None:
    run = history(abroad({"kind": "foreign-licence"}, exchanges=[
        {"id": "x", "fixed": True, "licensed": ["serving"], **ABROAD}]))  # fmt: skip
    assert run.share("x", "offshore")[-1] == pytest.approx(0.5, abs=1e-12)
    assert run.status("x", "offshore")[0] == run.status("x", "offshore")[-1] == "licensed"
    assert not run.told("turns-away")


@ENGINES
def test_an_exchange_that_leaves_with_notice_loses_focal_users_in_three_steps(engine) -> None:
    """A part leaves on the announcement, the others reconsider under notice, and at the end part of them chooses anew.

    B n with n = 1 - e^(-70/40) in between; 1e-12 of rounding.
    """
    ending = {"at_once": 0.3, "notice_scale": "40 d", "at_end": 0.5}
    run = history(abroad({"ending": ending}), engine=engine)
    notice = -math.expm1(-70.0 / 40.0)
    meanwhile, after = notice / (1 + notice), RESIDUE / (1 + RESIDUE)
    told = 0.5 * 0.7 + 0.5 * 0.3 * meanwhile
    last = relaxed(told, meanwhile, 70.0)
    ended = last * RESIDUE + last * (1 - RESIDUE) * 0.5 * after
    focal = run.share("x", "offshore")
    assert focal[60] == pytest.approx(relaxed(told, meanwhile, 30.0), abs=1e-12)
    assert focal[120] == pytest.approx(relaxed(ended, after, 20.0), abs=1e-12)
    np.testing.assert_array_equal(run.share("x", "offshore", segment=1), run.share("x", "offshore", segment=1)[0])


@ENGINES
@pytest.mark.parametrize("attention", [0.0, 0.5, 1.0])
def test_who_loses_an_account_chooses_before_others_hear_of_it(engine, attention: float) -> None:
    """On one day s = 1/2 falls to r s, of the rest half chooses anew, and then a part of all; shares sum to 1."""
    item = {"announced": day(DEADLINE), "attention": attention, "ending": {"at_end": 0.5}}
    run = history(abroad(item), engine=engine)
    after = RESIDUE / (1 + RESIDUE)
    ended = 0.5 * RESIDUE + 0.5 * (1 - RESIDUE) * 0.5 * after
    heard = ended + attention * (after - ended)
    assert run.share("x", "offshore")[100] == pytest.approx(heard, abs=1e-12)
    np.testing.assert_allclose(run.share("x", "offshore") + run.result.frame.outside[:, 0], 1.0, rtol=0, atol=1e-12)


@pytest.mark.parametrize("until", [60.0, 200.0])
def test_what_is_lifted_lets_it_serve_them_again(until: float) -> None:
    """Before the deadline nobody was turned away; share back at 1/2 after 160 days at 0.2 a day: e^-32."""
    run = history(abroad({"until": day(until), "ending": {"notice_scale": "40 d"}}))
    told = [(line.event, line.day) for line in run.lines if line.event in ("turns-away", "serves-again")]
    assert told == ([] if until < DEADLINE else [("turns-away", DEADLINE), ("serves-again", until)])
    assert run.share("x", "offshore")[-1] == pytest.approx(0.5, abs=1e-12)


OFFICE: Data = {"id": "desk", "service": "30 d", "approval": 1.0}


@ENGINES
def test_applicants_serve_focal_users_if_licensed_and_turn_them_away_if_refused(engine) -> None:
    """Both apply two days after the announcement; examined 30 days each by one officer; the refused goes at the end."""
    exchanges = [{"id": name, **ABROAD} for name in ("granted", "refused")]
    offices = [{**OFFICE, "refuses": ["refused"]}]
    run = history(abroad(
        {"kind": "foreign-licence", "offices": ["desk"]}, exchanges=exchanges, offices=offices), engine=engine)  # fmt: skip
    assert run.days("application") == [32.0, 32.0]
    assert run.days("licence-granted", "granted") == [62.0]
    assert run.days("licence-refused", "refused") == [92.0]
    assert [(line.subject, line.day) for line in run.told("turns-away")] == [("refused", DEADLINE)]
    focal = {name: run.share(name, "offshore")[-1] for name in ("granted", "refused")}
    assert focal["granted"] == pytest.approx(1 / (2 + RESIDUE), abs=1e-12)
    assert focal["refused"] == pytest.approx(RESIDUE / (2 + RESIDUE), abs=1e-12)
    np.testing.assert_allclose(run.share("refused", "offshore", segment=1), 1 / 3, rtol=0, atol=1e-12)
    assert not run.told("exited")


@ENGINES
def test_nobody_abroad_is_seized_but_sites_of_who_does_not_obey_are_blocked_in_days(engine) -> None:
    """Who seeks to close or fine it never finds it; who seeks its site does after days, and works on the case for 5."""
    exchanges = [{"id": "x", "fixed": True, "compliance": 0.0, **ABROAD}]
    seekers = [{"id": action, "kind": "relief", "enforcement": {"action": action, "rate": "3 /d"}}
               for action in ("closure", "fine")]  # fmt: skip
    run = history(abroad(
        {"kind": "foreign-licence", "by": "police", "enforcement": {"action": "site-block", "rate": "0.1 /d"}},
        *seekers, exchanges=exchanges), engine=engine)  # fmt: skip
    (found,) = run.days("detected")
    assert found > DEADLINE
    assert run.days("site-blocked") == pytest.approx([found + 5.0], abs=1e-9)
    assert not {"closure", "fined", "host-closed", "turns-away"} & {line.event for line in run.lines}
    assert run.share("x", "offshore", segment=1)[-1] == pytest.approx(0.5, abs=1e-12)


@ENGINES
def test_a_licence_ends_the_block_of_a_site_and_spares_it_from_then_on(engine) -> None:
    exchanges = [{"id": "x", "compliance": 0.0, **ABROAD}]
    offices = [{**OFFICE, "service": "150 d"}]
    rules = {"kind": "foreign-licence", "offices": ["desk"], "enforcement": {"action": "site-block", "rate": "1 /d"}}
    listed = {"id": "list", "kind": "site-block", "announced": day(200), "deadline": None,
              "enforcement": {"action": "site-block", "campaign": {"sites": 3, "over": "9 d"}}}  # fmt: skip
    run = history(abroad(rules, listed, exchanges=exchanges, offices=offices), engine=engine)
    assert run.days("licence-granted") == [182.0]
    assert DEADLINE < run.days("site-blocked", "x")[0] < 182.0
    assert [(line.day, line.cause) for line in run.told("site-unblocked")] == [(182.0, "licence")]
    assert run.days("site-blocked", "x")[-1] < 182.0
    assert run.share("x", "offshore")[-1] == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("ahead", [0.0, 70.0])
def test_an_exchange_counts_on_focal_users_while_it_may_serve_them(ahead: float) -> None:
    """w + (1 - w) r of them, w = (g + p (h - g)) / h with g days left, hazard 0 and chance p; 1e-12 of rounding."""
    chance, horizon = 0.3, 180.0
    source = abroad(
        {"kind": "foreign-licence", "offices": ["desk"], "deadline": day(ahead)},
        exchanges=[{"id": "x", **ABROAD}],
        offices=[{**OFFICE, "approval": chance}],
        jurisdictions=[{"id": "home"}, {"id": "abroad"}],
    )
    one = bench(source)
    plain = attraction_of(one)
    one.state.in_force.strength[0, c.ANNOUNCED] = 1.0
    lever_moved(one.world, one.state, 0)
    part = (ahead + chance * (horizon - ahead)) / horizon
    expected = plain * np.array([part + (1 - part) * RESIDUE, 1.0])
    np.testing.assert_allclose(attraction_of(one), expected, rtol=1e-12)


def attraction_of(one) -> np.ndarray:
    """What an honest venue abroad is expected to draw, by segment."""
    survey_market(one.world, one.state, 0, 0.0)
    assert value_posture(one.world, one.state, 0, 1, c.OFFSHORE)
    return one.state.postures.attraction[c.OFFSHORE].copy()


@ENGINES
def test_a_rule_from_before_the_first_day_holds_on_it(engine) -> None:
    """The first day is the equilibrium with the venue closed to focal users."""
    early = {"announced": "2019-06-01", "deadline": "2019-12-01"}
    run = history(abroad(early), engine=engine)
    np.testing.assert_allclose(run.share("x", "offshore"), RESIDUE / (1 + RESIDUE), rtol=0, atol=1e-12)


@pytest.mark.parametrize("compliance", [1.0, 0.0])
def test_what_focal_users_trade_where_they_may_not_be_served_is_exposed(compliance: float) -> None:
    """Barred, whether it obeys or not: all that they trade at the end; beside a licensed one of the same name, r or 1."""
    import sim
    from tests.kit import scenario

    exchanges = [{"id": "x", "fixed": True, "compliance": compliance, **ABROAD},
                 {"id": "y", "fixed": True, "licensed": ["serving"], **ABROAD}]  # fmt: skip
    source = scenario(abroad({"kind": "foreign-licence", "enforcement": {"action": "site-block", "rate": "0 /d"}},
                             exchanges=exchanges))  # fmt: skip
    run, left = sim.run(source), RESIDUE if compliance else 1.0
    assert {str(status) for status in history(source).status("x", "offshore")[102:]} == {"barred"}
    measured = run.measures["exposure_by_kind:unlicensed"]
    assert measured == pytest.approx(left / (1 + left), abs=1e-9)
    study = sim.compare(source, policies=["baseline"], replications=1, engine="compiled")
    assert study.to_frame()["exposure_by_kind:unlicensed"].iloc[0] == pytest.approx(measured, abs=1e-12)
