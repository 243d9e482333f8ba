"""A price of money: what costs are worth in the unit of volume follows it, and volumes do not."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.model.exchanges.costs import price_on
from sim.model.exchanges.expected_volume import survey_market
from sim.model.exchanges.option_values import choice_scale
from sim.model.exchanges.posture_values import value_postures
from tests.engine.test_scaling import in_unit
from tests.kit import Data, bench, data, day, history, traders

MOVES: list[Data] = [
    {"id": "block", "kind": "payment-block", "announced": day(20), "effective": day(30)},
    {"id": "ban", "kind": "closure-order", "announced": day(40), "deadline": day(70)},
]


def world(factor: float = 1.0, **blocks: Any) -> Data:
    """Exchanges that decide, whose costs are amounts times a factor."""
    economics = {
        "running": {"domestic": {"fixed": 0.05 * factor}, "otc": {"fixed": 0.03 * factor}, "offshore": {"fixed": 0.2 * factor}},
        "launch": {"otc": {"fixed": 1.5 * factor, "revenue_days": 3.0}, "offshore": {"fixed": 60.0 * factor}},
        "loss": {"otc": {"fixed": 3.0 * factor}, "disguised": {"fixed": 20.0 * factor}},
        "exit": {"fixed": 0.7 * factor},
    }  # fmt: skip
    return data(
        segments=[traders(rails={"bank": 1.0}, liquidity=0.3)],
        jurisdictions=[{"id": "home"}, {"id": "abroad", "entry_cost": 5.0 * factor}],
        exchanges=[
            {"id": name, "home": "home", "share": share, "hosts": ["abroad"], "capital": 100.0 * factor}
            for name, share in (("a", 0.4), ("b", 0.3), ("c", 0.2), ("d", 0.1))
        ],
        decisions={"constant": 10.0 * factor, "temperature": 0.5, "economics": economics},
        enforcement={"fine": {"fixed": 5.0 * factor}},
        baseline=MOVES,
        **blocks,
    )


def same_run(one: Data, other: Data) -> None:
    """The same journal and shares to the last bit, in which somebody decides."""
    a, b = history(one, until=200.0).result, history(other, until=200.0).result
    assert len(a.decisions) > 8
    assert len({decision.choice for decision in a.decisions}) > 1
    assert a.codes.tobytes() == b.codes.tobytes()
    assert a.frame.share.tobytes() == b.frame.share.tobytes()


def test_at_a_price_of_two_costs_are_half() -> None:
    same_run(world(price=2.0), world(0.5))
    with pytest.raises(AssertionError):
        same_run(world(price=200.0), world())


@pytest.mark.parametrize("power", [2.0**-7, 2.0**10])
def test_a_price_is_a_unit_of_volume(power: float) -> None:
    """Volumes in money at price 1, or in a unit that costs a power of two: no bit differs."""
    in_money = world()
    in_coins = in_unit(copy.deepcopy(in_money), 1.0 / power)
    dear = {**in_coins, **{name: in_money[name] for name in ("decisions", "jurisdictions")}, "price": power}
    dear["exchanges"] = in_money["exchanges"]
    same_run(in_money, dear)


def test_what_is_relative_has_no_price() -> None:
    """Percents of the focal volume and days of revenue are the same at any constant price."""
    relative = world()
    relative["decisions"] |= {
        "constant": "1 %",
        "economics": {"launch": {"offshore": {"fixed": "6 %", "revenue_days": 20.0}}},
    }
    relative["jurisdictions"] = [{"id": "home"}, {"id": "abroad", "entry_cost": "0.5 %"}]
    relative["exchanges"] = [{**each, "capital": "10 %"} for each in relative["exchanges"]]
    same_run(relative, {**relative, "price": 64.0})


@pytest.mark.parametrize(("interpolation", "price"), [("step", 1000.0), ("linear", 2500.0)])
def test_costs_fall_as_the_price_rises(interpolation: str, price: float) -> None:
    """Each cost times p(0) / p(t), and the floor of the error scale as well; 1e-12 of rounding."""
    path = {"points": {day(0): 1000.0, day(100): 4000.0}, "interpolation": interpolation}
    one, f = bench(world(price=path)), 0
    assert price_on(one.world, 50.0) == pytest.approx(price / 1000.0, rel=1e-15)
    found = []
    for now in (0.0, 50.0):
        one.state.market.now[0] = now
        survey_market(one.world, one.state, f, now)
        value_postures(one.world, one.state, f, 1, -1)
        postures = one.state.postures
        scale = choice_scale(one.world, one.state, f, 1.0) - one.world.settings.horizon * one.state.exchanges.revenue[f]
        found.append([*postures.launch, *postures.running_cost, *postures.penalty, scale])
    np.testing.assert_allclose(found[1], np.array(found[0]) * 1000.0 / price, rtol=1e-11)
    assert max(found[0]) > 60.0 / 1000.0
