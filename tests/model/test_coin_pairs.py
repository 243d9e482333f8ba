"""Focal trade in coin pairs abroad: an audience of its own that no measure of the home market sees."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.scenario.volumes import focal_volume
from tests.kit import Data, data, day, scenario, traders

COINS: Data = {
    "id": "coins", "home": "home", "pairs": "coins", "volume": 7000, "switching": "0.1 /d", "outside": 0.5,
    "taste": {"offshore": 0.0},
}  # fmt: skip
HIDING = 1.3


def world(*more: Data) -> Data:
    """A book at home that a ban ends, a desk, and two books abroad, an honest one and a shell; nobody decides."""
    fed = traders(id="fed", volume=100, taste={"otc": 0.0}, derived=0.5)
    return data(
        segments=[traders(), fed, *more],
        exchanges=[
            {"id": "home-book", "home": "home", "share": 0.6},
            {"id": "desk", "home": "home", "share": 0.3, "strategy": "otc", "fixed": True},
            {"id": "honest", "home": "abroad", "share": 0.4, "strategy": "offshore", "host": "abroad", "fixed": True},
            {"id": "shell", "home": "home", "share": 0.4, "strategy": "disguised", "host": "abroad", "fixed": True},
        ],
        baseline=[{"id": "ban", "kind": "closure-order", "announced": day(60), "deadline": day(80)}],
        demand={"onramp": 0.0, "disguise": {"focal": 0.5, "foreign": 0.0}},
        decisions={"options": ["domestic", "exit"]},
        end="2020-06-01",
    )  # fmt: skip


def run(source: Data) -> sim.Run:
    return sim.run(scenario(source))


def test_the_home_market_is_measured_as_without_it():
    """To the last bit: measures, focal volume, derived demand; only the volume of books abroad holds it besides."""
    without, with_coins = run(world()), run(world(COINS))
    assert without.measures["leakage"] > 0
    assert [*with_coins.measures] == [*without.measures]
    np.testing.assert_array_equal([*with_coins.measures.values()], [*without.measures.values()])
    assert (with_coins.data.focal_volume == without.data.focal_volume).all()
    assert (with_coins.data.segment_volume[:, :2] == without.data.segment_volume[:, :2]).all()
    more = (with_coins.data.volume - without.data.volume).sel(mode="offshore").sum("exchange")
    weight = 0.4 + 0.4 * math.exp(0.5)
    assert more.values == pytest.approx(7000 * weight / (weight + 0.5), rel=1e-12)


def test_amounts_relate_to_the_home_market():
    """A part of the focal volume is the same amount with and without trade in coin pairs."""
    assert focal_volume(scenario(world(COINS))) == focal_volume(scenario(world())) == 1100


def test_each_segment_may_see_a_shell_its_own_way():
    """Logit: the shell's share over that of the honest book, of one brand, is the exponential of what hiding is worth."""
    share = run(world({**COINS, "disguise": HIDING})).data.share.isel(time=0).sel(mode="offshore")
    ratio = share.sel(exchange="shell") / share.sel(exchange="honest")
    assert ratio.sel(segment="traders") == pytest.approx(math.exp(0.5), rel=1e-12)
    assert ratio.sel(segment="coins") == pytest.approx(math.exp(HIDING), rel=1e-12)
