"""Licences held at the start, who may apply, refusals of named applicants, and licences that rest."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from tests.kit import Data, History, data, day, history, traders

ENGINES = pytest.mark.parametrize("engine", [reference, compiled])
RATE, DEADLINE = 0.2, 150.0


def licensing(*more: Data, exchanges: list[Data] | None = None, **office: object) -> Data:
    """Two exchanges at home that must be licensed by day 150, by an office that needs 20 days for each."""
    return data(
        segments=[traders(outside=1.0)],
        exchanges=exchanges or [{"id": name, "home": "home", "share": 0.5} for name in ("a", "b")],
        offices=[{"id": "desk", "service": "20 d", "approval": 1.0, **office}],
        decisions={"options": ["domestic"], "temperature": 0.0, "review": "1000000 d", "reaction": "1 d",
                   "loss_trigger": 1.0},
        baseline=[{"id": "regime", "kind": "licence-regime", "announced": day(10), "deadline": day(DEADLINE),
                   "offices": ["desk"], "enforcement": {"action": "closure", "rate": "0 /d"}}, *more],
    )  # fmt: skip


def ends(run: History) -> dict[str, float]:
    """Last day of each exchange's book at home."""
    return {line.subject: line.day for line in run.told("closed")}


@ENGINES
def test_who_is_licensed_at_the_start_needs_no_office(engine) -> None:
    exchanges = [{"id": "a", "home": "home", "share": 0.5, "licensed": ["domestic"], "fixed": True},
                 {"id": "b", "home": "home", "share": 0.5, "fixed": True}]  # fmt: skip
    run = history(licensing(exchanges=exchanges), engine=engine)
    assert set(run.status("a")) == {"licensed"}
    assert ends(run) == {"b": DEADLINE}
    assert not run.told("application")


def test_a_licence_of_the_start_lapses_with_the_regime_that_asked_for_it() -> None:
    source = licensing(exchanges=[{"id": "a", "home": "home", "share": 0.5, "licensed": ["domestic"], "fixed": True}])
    source["policies"]["baseline"][0]["until"] = day(60)
    assert history(source).status("a")[-1] == "open"


@ENGINES
@pytest.mark.parametrize("eligible", [["a"], ["group"]])
def test_only_who_is_eligible_applies_and_the_others_end_by_the_deadline(engine, eligible: list[str]) -> None:
    exchanges = [{"id": "a", "home": "home", "share": 0.5} if eligible == ["a"]
                 else {"group": "group", "count": 2, "home": "home", "brand": -1.0},
                 {"id": "b", "home": "home", "share": 0.5}]  # fmt: skip
    run = history(licensing(exchanges=exchanges, eligible=eligible, officers=2), engine=engine)
    assert {line.subject.partition("-")[0] for line in run.told("application")} == set(eligible)
    assert {line.subject.partition("-")[0] for line in run.told("licence-granted")} == set(eligible)
    assert list(ends(run)) == ["b"]
    assert ends(run)["b"] <= DEADLINE


@ENGINES
def test_a_named_applicant_is_refused_whatever_the_chances(engine) -> None:
    """It does not know and waits its turn: 20 days each from day 11 on."""
    run = history(licensing(refuses=["a"]), engine=engine)
    assert run.days("licence-refused", "a") == [31.0]
    assert run.days("licence-granted", "b") == [51.0]
    assert list(ends(run)) == ["a"]


@ENGINES
@pytest.mark.parametrize(("on", "refused", "granted"), [(20.0, "a", 40.0), (30.0, "b", 31.0), (100.0, "a", 51.0)])
def test_an_order_refuses_what_is_applied_for_and_takes_back_what_is_granted(
    engine, on: float, refused: str, granted: float
) -> None:
    """While a is examined, whose officer is free for b at once; while b waits; and when a has been licensed."""
    order = {"id": "order", "kind": "licence-refusal", "announced": day(on), "target": {"exchanges": [refused]}}
    run = history(licensing(order), engine=engine)
    assert [(line.day, line.subject, line.cause) for line in run.told("licence-refused")] == [(on, refused, "order")]
    assert list(ends(run)) == [refused]
    assert run.days("licence-granted", "b" if refused == "a" else "a") == [granted]


@ENGINES
def test_while_its_licence_rests_a_venue_trades_nothing_and_then_users_come_back(engine) -> None:
    """s = 1/2 e^(-0.2 t) of those who went elsewhere stay away t days after the end; 1e-12 of rounding.

    Who is there on the first day of the suspension stops trading, and the other venue takes part of them.
    """
    rest = {"id": "rest", "kind": "licence-suspension", "announced": day(100), "until": day(130),
            "target": {"exchanges": ["a"]}}  # fmt: skip
    run = history(licensing(rest), engine=engine)
    paused, other = run.share("a"), run.share("b")
    assert paused[99] == pytest.approx(0.25, abs=1e-12)
    np.testing.assert_array_equal(paused[101:130], 0.0)
    assert other[120] == pytest.approx(1 / 3 + (0.25 - 1 / 3) * math.exp(-RATE * 20), abs=1e-12)
    assert paused[140] == pytest.approx(0.25 * -math.expm1(-RATE * 10), abs=1e-12)
    assert [(line.event, line.day) for line in run.lines if line.event.startswith("licence-") and line.subject == "a"] == [
        ("licence-granted", 31.0), ("licence-suspended", 100.0), ("licence-resumed", 130.0)]  # fmt: skip
    assert set(run.status("a")[101:130]) == {"suspended"}
    assert run.status("a")[-1] == "licensed"
    assert not ends(run)


@ENGINES
def test_abroad_a_licence_that_rests_bars_focal_users_alone(engine) -> None:
    segments = [traders(id=place, home=place, outside=1.0, taste={"offshore": 0.0}) for place in ("home", "abroad")]
    run = history(data(
        segments=segments,
        exchanges=[{"id": "x", "home": "abroad", "strategy": "offshore", "brand": 0.0, "fixed": True, "licensed": ["serving"]}],
        demand={"residue": 0.0},
        baseline=[{"id": "rest", "kind": "licence-suspension", "announced": day(100), "until": day(130),
                   "target": {"modes": ["offshore"]}}],
    ), engine=engine)  # fmt: skip
    np.testing.assert_allclose(run.share("x", "offshore")[101:130], 0.0, rtol=0, atol=1e-15)
    np.testing.assert_array_equal(run.share("x", "offshore", segment=1), 0.5)
    assert run.share("x", "offshore")[140] == pytest.approx(0.5 * -math.expm1(-RATE * 10), abs=1e-12)
    assert [(line.event, line.day) for line in run.told("turns-away") + run.told("serves-again")] == [
        ("turns-away", 100.0), ("serves-again", 130.0)]  # fmt: skip
