"""Exchanges that have left: what opening again costs, when they return, and whether they learn that nobody looks."""

from __future__ import annotations

import math

import pytest

from sim.model.exchanges.beliefs import note_pursuit, perceived_hazard
from sim.model.exchanges.posture_values import value_postures
from sim.model.regulators.lever_totals import lever_moved
from sim.world import codes as c
from tests.kit import Data, bench, data, day, history

REOPEN, FADE, FLOOR = 0.3, 1 / 365, 0.1
BAN: Data = {
    "id": "ban", "kind": "closure-order", "announced": day(30), "deadline": day(60),
    "enforcement": {"action": "closure", "rate": "0.0001 /d"},
}  # fmt: skip
SEARCH: Data = {
    "id": "search", "kind": "shell-hunt", "announced": day(10), "until": day(150),
    "target": {"modes": ["domestic"]}, "enforcement": {"action": "closure", "rate": "0.2 /d"}, "moves": {},
}  # fmt: skip


def world(*interventions: Data, options: tuple[str, ...] = ("domestic",), **blocks: Data) -> Data:
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
            {"id": "goes", "home": "home", "share": 0.5, "options": list(options)},
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


def test_the_prior_follows_how_hard_the_regulator_looks_against_the_peak() -> None:
    """prior x max(floor, s / peak), s the sum of the rates in force; 1e-12 of rounding."""
    other = {**SEARCH, "id": "other", "enforcement": {"action": "fine", "rate": "0.1 /d"}}
    one, f = bench(world(SEARCH, other, beliefs={"pursuit_floor": FLOOR, "prior": {"defy": "0.2 /d"}})), 1
    strength, caution = one.state.in_force.strength, one.state.exchanges.hazard_multiplier[f, c.DEFY]

    def expect(first: float, second: float, part: float) -> None:
        strength[0, c.ENFORCED], strength[1, c.ENFORCED] = first, second
        lever_moved(one.world, one.state, 0)
        note_pursuit(one.world, one.state)
        found = perceived_hazard(one.world, one.state, f, c.DEFY, -1, 1.0)
        assert found == pytest.approx(0.2 * part * caution, rel=1e-12)

    expect(0.0, 0.0, 1.0)  # nobody has looked yet: the prior as it stands
    expect(0.5, 0.0, 1.0)
    expect(1.0, 1.0, 1.0)
    expect(1.0, 0.0, 2 / 3)
    expect(0.0, 0.5, 0.05 / 0.3)
    expect(0.0, 0.0, FLOOR)


def test_only_with_both_does_anybody_return_covertly_when_the_search_ends() -> None:
    """A prohibition that stays, and a search for venues that defy it, which ends."""

    def chosen(**blocks: Data) -> list[str]:
        return [choice for choice, _ in moves(world(BAN, SEARCH, options=("domestic", "defy"), **blocks))]

    weak: Data = {"pursuit_floor": 0.01}
    assert chosen(beliefs=weak) == ["exit", "defy"]
    assert chosen() == ["exit"]
    assert chosen(beliefs=weak, decisions={"reopen": None}) == ["exit"]
