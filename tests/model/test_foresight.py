"""Announced frictions: exchanges may count on them before they bite, at their own venues and at all others."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.exchanges.expected_volume import count_rivals, expected_volume
from sim.model.exchanges.posture_values import value_postures
from sim.model.regulators.lever_totals import lever_moved
from sim.model.traders.attraction import refresh_venue
from sim.world import codes as c
from tests.kit import Bench, Data, bench, data, day, history, traders

LEVERS: list[Data] = [
    {"id": "block", "kind": "payment-block", "announced": day(10), "effective": day(60), "coverage": 0.9},
    {"id": "fee", "kind": "relief", "announced": day(10), "effective": day(60), "moves": {"fee": 0.01},
     "target": {"exchanges": ["a"]}},
]  # fmt: skip


def world(foresight: float, nests: dict[str, float], **fields: object) -> Data:
    """Three exchanges with books at home; the second could go abroad."""
    segment = traders(
        rails={"bank": 1.0}, fee=50.0, nests=nests, habit={"weight": 1.0, "adopt": "1 /d", "forget": "1 /d"}
    )
    return data(
        segments=[segment, traders(id="others", home="abroad", volume=300)],
        exchanges=[
            {"id": "a", "home": "home", "share": 0.5, "fixed": True},
            {"id": "b", "home": "home", "share": 0.3, "hosts": ["abroad"], **fields},
            {"id": "c", "home": "abroad", "strategy": "offshore", "host": "abroad", "share": 0.4, "fixed": True},
        ],
        decisions={"foresight": foresight},
        baseline=LEVERS,
    )


def strengthen(one: Bench, announced: float, effective: float) -> None:
    """Put both interventions where they are, at all venues."""
    for i in range(2):
        one.state.in_force.strength[i, c.ANNOUNCED], one.state.in_force.strength[i, c.EFFECTIVE] = announced, effective
        lever_moved(one.world, one.state, i)
    for v in range(9):
        refresh_venue(one.world, one.state, v)


def expected(one: Bench, strategy: str) -> np.ndarray:
    """Volume that b expects of a strategy when it decides."""
    one.state.scratch.foresight[0] = one.world.settings.foresight
    count_rivals(one.world, one.state, 1, 0.0)
    value_postures(one.world, one.state, 1, 1, -1)
    volume = np.zeros(3)
    expected_volume(one.world, one.state, one.world.strategy_postures[c.STRATEGIES.index(strategy)], volume)
    one.state.scratch.foresight[0] = 0.0
    return volume


@pytest.mark.parametrize("nests", [{}, {"domestic": 0.5, "books": 0.7}], ids=["plain", "nested"])
@pytest.mark.parametrize("strategy", ["domestic", "otc", "offshore"])
def test_who_foresees_all_expects_what_will_be(nests: dict[str, float], strategy: str) -> None:
    """Announced alone, with foresight 1, as in effect: for its own venue and its rivals'; 1e-12 of rounding."""
    ahead, there, blind = bench(world(1.0, nests)), bench(world(0.0, nests)), bench(world(0.0, nests))
    strengthen(ahead, 1.0, 0.0)
    strengthen(there, 1.0, 1.0)
    strengthen(blind, 1.0, 0.0)
    assert expected(ahead, strategy) == pytest.approx(expected(there, strategy), rel=1e-12)
    assert expected(ahead, strategy) != pytest.approx(expected(blind, strategy), rel=1e-3)


def test_who_foresees_a_part_expects_that_part() -> None:
    """The strength max(effective, foresight x announced); a ramp that has gone further counts as it is."""
    half, there = bench(world(0.5, {})), bench(world(0.0, {}))
    for effective, felt in ((0.0, 0.5), (0.25, 0.5), (0.75, 0.75)):
        strengthen(half, 1.0, effective)
        strengthen(there, 1.0, felt)
        assert expected(half, "domestic") == pytest.approx(expected(there, "domestic"), rel=1e-12)


def test_traders_do_not_act_on_what_exchanges_foresee() -> None:
    """Nobody decides: shares are the same to the last bit."""
    runs = [history(world(foresight, {}, fixed=True), until=100.0).result.frame.share for foresight in (0.0, 1.0)]
    assert runs[0].tobytes() == runs[1].tobytes()


def test_who_foresees_a_friction_leaves_before_it_bites() -> None:
    """Without noise and with a venue abroad at hand: at the announcement, not at the effect."""

    def first_change(foresight: float) -> float:
        source = world(foresight, {}, strategy="domestic", options=["domestic", "offshore"])
        source["decisions"] |= {
            "temperature": 0.0, "fresh": 0.0, "reaction": "1 d", "review": "1000 y",
            "economics": {
                "take": {"domestic": 0.004, "otc": 0.004, "offshore": 0.004},
                "launch": {"offshore": {"fixed": 0.0, "revenue_days": 0.0}},
                "running": {"offshore": {"fixed": 0.0, "of_reference": 0.0}},
            },
        }  # fmt: skip
        source["segments"][0]["taste"] = {"domestic": 0.0, "otc": -3.0, "offshore": -0.5}
        decisions = history(source, until=100.0).result.decisions
        return min(d.day for d in decisions if d.exchange == 1 and d.choice != d.before)

    assert first_change(1.0) == 11.0
    assert first_change(0.0) == 61.0
