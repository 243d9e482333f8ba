"""The time until a licence is due: what it is worth, and that an end is announced no sooner than it must be."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.model.exchanges.expected_volume import survey_market
from sim.model.exchanges.posture_values import value_posture
from sim.world.codes import DOMESTIC
from tests.kit import Data, bench, data, day, history

TAKE, HORIZON, DEADLINE, APPROVAL = 0.004, 180.0, 60, 0.3


def regulated(kind: str = "licence-regime", notice: Any = None, hazard: float = 1.0, **office: Any) -> Data:
    """A country in which trade at home needs a licence, or is forbidden, from day 60 on; all of it is known before."""
    closing = {"notice": notice} if notice else {}
    return data(
        offices=[{"id": "desk", "officers": 1, "service": "500 d", "approval": APPROVAL, **office}],
        exchanges=[
            {"id": "stays", "home": "home", "share": 0.6, "fixed": True},
            {"id": "goes", "home": "home", "share": 0.4, "options": ["exit"], "reaction": "5 d"},
        ],
        decisions={"horizon": f"{HORIZON} d", "review": "1000000 d", "temperature": 0.0,
                   "economics": {"take": {"domestic": TAKE}}},
        closing=closing | {"minimum": "1 d"},
        baseline=[{
            "id": "law", "kind": kind, "announced": day(1), "effective": day(DEADLINE), "deadline": day(DEADLINE),
            "moves": {"hazard": hazard}, "enforcement": {"action": "closure", "rate": "0 /d"},
            **({"offices": ["desk"]} if kind == "licence-regime" else {}),
        }],
    )  # fmt: skip


@pytest.mark.parametrize("rate", [0.0, 0.01])
def test_an_open_venue_earns_until_its_licence_is_due_and_after_it_if_it_gets_one(rate: float) -> None:
    """T = L(g) + p (L(h) - L(g)) with L(t) = (1 - e^(-hazard t)) / hazard; the margin is take T."""
    source = regulated()
    source["policies"]["baseline"][0]["announced"] = "2019-12-01"
    one = bench(source | {"beliefs": {"prior": {"domestic": f"{rate} /d"}, "weight": "1 d"}})
    survey_market(one.world, one.state, 1, 0.0)
    assert value_posture(one.world, one.state, 1, -1, DOMESTIC)

    def life(days: float) -> float:
        return (1 - math.exp(-rate * days)) / rate if rate else days

    expected = life(DEADLINE) + APPROVAL * (life(HORIZON) - life(DEADLINE))
    assert one.state.postures.margin[DOMESTIC] == pytest.approx(TAKE * expected, rel=1e-12)
    one.state.venues.open[3 + DOMESTIC] = False
    value_posture(one.world, one.state, 1, -1, DOMESTIC)
    assert one.state.postures.margin[DOMESTIC] == pytest.approx(TAKE * APPROVAL * life(HORIZON), rel=1e-12)


def test_the_end_is_announced_so_long_before_the_licence_is_due() -> None:
    at_once, later = history(regulated()), history(regulated(notice="14 d"))
    assert at_once.days("wind-down") == [6.0]
    assert later.days("wind-down") == [DEADLINE - 14.0]
    assert later.days("decision") == at_once.days("decision")
    assert later.share("goes")[40] > 0.9 * later.share("goes")[0]


def test_a_notice_longer_than_what_is_left_is_given_at_once() -> None:
    assert history(regulated(notice="1000 d")).days("wind-down") == [6.0]


def test_what_is_forbidden_is_announced_at_once() -> None:
    assert history(regulated("closure-order", notice="14 d")).days("wind-down") == [6.0]


def test_who_decides_to_stay_announces_nothing() -> None:
    """The decision to leave is taken back by the next one, before the notice."""
    source = regulated(notice="14 d")
    source["exchanges"][1] |= {"options": ["domestic", "otc"], "reaction": "5 d"}
    source["policies"]["baseline"].append(
        {"id": "otc-ban", "kind": "relief", "announced": day(20), "target": {"modes": ["otc"]},
         "moves": {"permission": "forbidden"}, "deadline": day(300)})  # fmt: skip
    source["decisions"]["economics"]["take"]["otc"] = 0.9
    source["decisions"]["lead"] = {"otc": "1 d"}
    run = history(source)
    first, *_ = run.days("decision")
    assert first == 6.0
    assert "wind-down" not in {line.event for line in run.told("wind-down", "goes") if line.mode == "domestic"}
