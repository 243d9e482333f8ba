"""Liability for serving focal users from abroad: when it pays to turn them away, against the closed form."""

from __future__ import annotations

import math

import pytest

from sim.model.exchanges.beliefs import exposure, note_presence
from sim.model.exchanges.expected_volume import survey_market
from sim.model.exchanges.posture_values import value_posture
from sim.model.regulators.lever_totals import lever_moved
from sim.world import codes as c
from tests.kit import Bench, Data, bench, data, day, history, traders

RESIDUE, HAZARD, HORIZON, LOSS_DAYS, FADE = 0.05, 0.008, 180.0, 90.0, math.log(2) / 365
RULE: Data = {
    "id": "rule",
    "kind": "extraterritorial-claim",
    "announced": day(30),
    "moves": {"liability": 1, "hazard": 1.5},
}


def world(focal_part: float, exposed: float, **rule: object) -> Data:
    """An exchange abroad too small to move the market, of whose volume so much is focal; it decides without noise."""
    volume = {"home": 1000 * focal_part, "abroad": 1000 * (1 - focal_part)}
    segments = [
        traders(id=place, home=place, volume=volume[place], outside=1.0, taste={"offshore": 0.0}) for place in volume
    ]
    return data(
        segments=segments,
        exchanges=[
            {"id": "goes", "home": "abroad", "brand": math.log(1e-6), "strategy": "offshore", "options": ["offshore"],
             "exposure": exposed},
        ],
        baseline=[{**RULE, **rule}],
        demand={"residue": RESIDUE, "prospect": 1.0},
        beliefs={"prior": {"disguised": f"{HAZARD} /d"}, "exposure_fade": f"{FADE} /d", "weight": "1000000 d"},
        jurisdictions=[{"id": "home"}, {"id": "abroad", "hazard": "0 /d"}],
        decisions={
            "temperature": 0, "fresh": 0, "horizon": f"{HORIZON} d", "review": "20 d",
            "economics": {
                "running": {"offshore": {"fixed": 0.0, "of_reference": 0.1}},
                "loss": {"disguised": {"fixed": 0.0, "revenue_days": LOSS_DAYS}, "offshore": {"fixed": 0.0}},
            },
        },
    )  # fmt: skip


def turns_away(one: Bench) -> bool:
    """What an honest venue abroad would do, the rule being announced."""
    one.state.in_force.strength[0, :] = 1.0
    lever_moved(one.world, one.state, 0)
    survey_market(one.world, one.state, 0, 0.0)
    assert value_posture(one.world, one.state, 0, 1, c.OFFSHORE)
    return bool(one.state.postures.turns_away[0])


def gain_of_turning_away(focal_part: float, x: float) -> float:
    """Value of turning away less that of serving, in days of revenue; the part r of both stays."""

    def value(part: float, revenue: float) -> float:
        rate = part * x * HAZARD * 1.5
        shut = -math.expm1(-rate * HORIZON)
        return shut / rate * (revenue - 0.1) - shut * part * x * LOSS_DAYS

    return value(RESIDUE, 1 - focal_part * (1 - RESIDUE)) - value(1.0, 1.0)


def exposure_that_pays(focal_part: float) -> float:
    """The exposure at which both are worth the same, by bisection."""
    low, high = 1e-6, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if gain_of_turning_away(focal_part, middle) > 0 else (middle, high)
    return high


@pytest.mark.parametrize("focal_part", [0.015, 0.1, 0.3])
def test_it_pays_to_turn_focal_users_away_above_the_exposure_of_theory(focal_part: float) -> None:
    """1e-3 on both sides: an exchange with 1e-6 of the market moves it by that much at most."""
    critical = exposure_that_pays(focal_part)
    assert not turns_away(bench(world(focal_part, critical * 0.999)))
    assert turns_away(bench(world(focal_part, critical * 1.001)))


def test_without_liability_nobody_is_turned_away() -> None:
    assert not turns_away(bench(world(0.01, 1.0, moves={"liability": 0})))


def test_who_turns_away_keeps_foreign_users_and_the_part_of_focal_users_that_gets_round() -> None:
    """Shares are in equilibrium again after 300 days at 0.2 a day: e^-60."""
    run = history(world(0.1, 1.0))
    (told,) = run.told("turns-away", "goes")
    assert told.cause == "announced:rule"
    focal, foreign = run.share("goes", "offshore"), run.share("goes", "offshore", segment=1)
    assert focal[-1] / focal[0] == pytest.approx(RESIDUE, rel=1e-5)
    assert foreign[-1] == pytest.approx(foreign[0], rel=1e-9)


def test_it_serves_them_again_when_the_rule_is_lifted() -> None:
    run = history(world(0.1, 1.0, until=day(120)))
    assert [line.event for line in run.lines if line.event in ("turns-away", "serves-again")] == [
        "turns-away",
        "serves-again",
    ]


def test_exposure_fades_once_nothing_is_run_at_home() -> None:
    """x_0 e^(-fade t); 1e-12 of rounding. A desk at home brings all of it back."""
    one = bench(world(0.1, 0.8))
    one.state.market.now[0] = 730.0
    assert exposure(one.world, one.state, 0) == pytest.approx(0.8 / 4, rel=1e-12)
    one.state.venues.open[c.OTC] = True
    note_presence(one.state, 0, 730.0)
    assert exposure(one.world, one.state, 0) == 0.8


def test_a_shell_fears_the_liability_whatever_its_size() -> None:
    """At least liability x exposure x hazard of shells x announced factor; 1e-12 of rounding."""
    source = world(0.1, 0.5)
    source["exchanges"][0]["options"] = ["offshore", "disguised"]
    source["beliefs"]["size_exponent"] = {"disguised": 1.0}
    one = bench(source)
    turns_away(one)
    assert value_posture(one.world, one.state, 0, 1, c.DISGUISED)
    assert one.state.postures.hazard[c.DISGUISED] == pytest.approx(0.5 * HAZARD * 1.5, rel=1e-12)


def test_an_explanation_says_that_focal_users_are_turned_away() -> None:
    import sim
    from tests.kit import scenario

    explanation = sim.run(scenario(world(0.1, 1.0))).explain("goes")
    assert "turns focal users away" in str(explanation)
