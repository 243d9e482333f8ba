"""Exchanges that have left: what opening again costs, and when they return."""

from __future__ import annotations

import math

import pytest

from sim.model.exchanges.expected_volume import survey_market
from sim.model.exchanges.posture_values import value_postures
from sim.world import codes as c
from tests.kit import Data, bench, data, day, history

REOPEN, FADE = 0.3, 1 / 365
BAN: Data = {
    "id": "ban", "kind": "closure-order", "announced": day(30), "deadline": day(60),
    "enforcement": {"action": "closure", "rate": "0.0001 /d"},
}  # fmt: skip


def world(*interventions: Data, **blocks: Data) -> Data:
    """Two exchanges at home, one of which decides without noise; all that it can do is to stay or to leave."""
    decisions = {
        "reopen": REOPEN, "temperature": 0, "fresh": 0, "review": "20 d",
        "economics": {"launch": {"domestic": {"fixed": 2.0, "revenue_days": 10.0}}},
        **blocks.pop("decisions", {}),
    }  # fmt: skip
    return data(
        baseline=list(interventions),
        exchanges=[
            {"id": "stays", "home": "home", "share": 0.5, "fixed": True},
            {"id": "goes", "home": "home", "share": 0.5, "options": ["domestic"]},
        ],
        decisions=decisions,
        demand={"awareness_fade": f"{FADE} /d"},
        **blocks,
    )


def moves(source: Data) -> list[tuple[str, str]]:
    """What the exchange chose when it changed its strategy, and why."""
    chosen, before = [], "domestic"
    for line in history(source).told("decision", "goes"):
        choice = c.STRATEGIES[int(line.value)]
        if choice != before:
            chosen.append((choice, line.cause.split(":")[0]))
        before = choice
    return chosen


@pytest.mark.parametrize("away", [0.0, 100.0, 3650.0])
def test_opening_again_costs_less_the_sooner_it_is(away: float) -> None:
    """Launch cost x (1 - (1 - reopen) e^(-d t)); 1e-12 of rounding."""
    one, f = bench(world()), 1
    one.state.venues.open[3 * f], one.state.venues.closed_day[3 * f] = False, 10.0
    one.state.exchanges.strategy[f], one.state.market.now[0] = c.S_EXIT, 10.0 + away
    survey_market(one.world, one.state, f, one.state.market.now[0])
    value_postures(one.world, one.state, f, -1, -1)
    full = 2.0 + 10.0 * one.state.exchanges.revenue[f]
    expected = full * (1 - (1 - REOPEN) * math.exp(-FADE * away))
    assert one.state.postures.launch[c.DOMESTIC] == pytest.approx(expected, rel=1e-12)


def test_who_has_left_comes_back_when_the_ban_is_lifted() -> None:
    lifted = {**BAN, "until": day(200)}
    assert moves(world(lifted)) == [("exit", "announced"), ("domestic", "lifted")]
    assert moves(world(BAN)) == [("exit", "announced")]


def test_unless_leaving_is_for_ever() -> None:
    assert moves(world({**BAN, "until": day(200)}, decisions={"reopen": None})) == [("exit", "announced")]


def test_who_stays_out_is_told_of_once() -> None:
    run = history(world(BAN))
    assert len(run.told("exited", "goes")) == 1
    assert len(run.told("decision", "goes")) > 5
    assert not run.told("launch-started", "goes")
