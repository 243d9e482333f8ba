"""The first day as a file gives it: volumes by mode and exchange, for which attractions are solved."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.results.first_day import FirstDay, first_day_of
from tests.kit import Data, built, data, day, history, scenario, traders

STOCK = traders(
    volume=20_000, liquidity=0.3, rails={"bank": 1.0},
    first_day={"domestic": {"alpha": 9000, "beta": 3000, "small": 1500}, "otc": 400, "offshore": {"big": 1000, "ship": 100}},
)  # fmt: skip
"""A peer-to-peer share of 2 %, and a quarter of what could be traded is not."""
EXCHANGES = [
    {"id": "alpha", "home": "home"},
    {"id": "beta", "home": "home"},
    {"group": "small", "count": 5, "home": "home", "brand": {"normal": {"mean": -3, "sd": 1}}},
    {"id": "bazaar", "home": "home", "strategy": "otc", "brand": -1, "fixed": True},
    {"id": "market", "home": "home", "strategy": "otc", "brand": -3, "fixed": True},
    {"id": "big", "home": "abroad", "strategy": "offshore", "fixed": True},
    {"id": "ship", "home": "home", "strategy": "disguised", "host": "abroad", "local_page": 0.5, "fixed": True},
]


def stock(**fields: object) -> Data:
    """The segment above without tastes and outside option, which its first day tells."""
    without = {key: value for key, value in STOCK.items() if key not in ("outside", "taste")}
    return {**without, **fields}


def market(segments: list[Data] | None = None, **blocks: object) -> Data:
    return data(segments=segments or [stock()], exchanges=copy.deepcopy(EXCHANGES), **blocks)


def first_day(source: Data, replication: int = 0) -> tuple[FirstDay, dict[str, int]]:
    world, names, _, _ = built(source)
    return first_day_of(world, 1, replication), {name: f for f, name in enumerate(names.exchange_ids)}


@pytest.mark.parametrize("replication", range(3))
def test_the_solved_world_has_the_volumes_given(replication):
    """To 1e-9, whatever brands are drawn, with a friction in force from before, a shell and a desk as on-ramp."""
    block = {"id": "block", "kind": "payment-block", "announced": day(-30), "coverage": 0.6}
    found, index = first_day(market(baseline=[block], demand={"local_page": 0.7}), replication)
    volume = found.volume[0]
    assert volume[index["alpha"], 0] == pytest.approx(9000, rel=1e-9)
    assert volume[index["beta"], 0] == pytest.approx(3000, rel=1e-9)
    assert sum(volume[index[f"small-{n:02}"], 0] for n in range(1, 6)) == pytest.approx(1500, rel=1e-9)
    assert volume[:, 1].sum() == pytest.approx(400, rel=1e-9)
    assert volume[index["big"], 2] == pytest.approx(1000, rel=1e-9)
    assert volume[index["ship"], 2] == pytest.approx(100, rel=1e-9)
    assert found.untraded[0] == pytest.approx(5000, rel=1e-9)


def test_a_volume_of_a_whole_mode_is_divided_by_the_brands():
    found, index = first_day(market())
    ratio = found.volume[0, index["bazaar"], 1] / found.volume[0, index["market"], 1]
    assert ratio == pytest.approx(math.exp(2.0), rel=1e-9)


def test_the_home_market_is_one_and_a_brand_is_its_share():
    """So what opens later compares with it as in a file that gives shares: 9,000 of 13,500 is a brand of 2/3."""
    world, names, _, _ = built(market())
    assert world.segments.outside[0] == pytest.approx(5000 / 13_500)
    assert math.exp(world.exchanges.brand[names.exchange_ids.index("alpha"), 1]) == pytest.approx(9000 / 13_500)
    assert math.exp(world.exchanges.brand[names.exchange_ids.index("big"), 1]) == pytest.approx(1000 / 13_500)


def test_it_is_the_same_world_as_one_that_is_solved_by_hand():
    """Shares, tastes and outside option found with a pencil give the same history as the volumes."""
    exchanges = [{"id": "alpha", "home": "home"}, {"id": "desk", "home": "home", "strategy": "otc", "brand": -1}]
    volumes = {"domestic": {"alpha": 600}, "otc": 100}
    by_hand = traders(outside=0.5, taste={"domestic": 0, "otc": math.log(100 / 600) + 1, "offshore": -2})
    solved = {key: value for key, value in {**by_hand, "first_day": volumes}.items() if key != "outside"}
    solved["taste"] = {"domestic": 0, "offshore": -2}
    one = history(data(segments=[{**by_hand}], exchanges=[{**exchanges[0], "share": 1.0}, exchanges[1]]))
    two = history(data(segments=[solved], exchanges=exchanges))
    scale = {**by_hand, "volume": 1000}
    assert scale["volume"] == 1000
    np.testing.assert_allclose(one.result.frame.share, two.result.frame.share, atol=1e-9)
    assert [line[:4] for line in one.lines] == [line[:4] for line in two.lines]


VOLUMES = st.floats(0.5, 500.0)


@settings(max_examples=25)
@given(
    home=st.lists(VOLUMES, min_size=1, max_size=4), abroad=VOLUMES | st.lists(VOLUMES, min_size=2, max_size=2),
    otc=VOLUMES, idle=VOLUMES, sd=st.sampled_from([0.0, 2.0]), replication=st.integers(0, 3),
    nests=st.dictionaries(st.sampled_from(["domestic", "otc", "offshore", "books"]), st.floats(0.2, 1.0)),
)  # fmt: skip
def test_any_volumes_can_be_met(home, abroad, otc, idle, sd, replication, nests):
    exchanges = [{"id": f"h{n}", "home": "home"} for n in range(len(home))]
    exchanges += [{"id": f"o{n}", "home": "abroad", "strategy": "offshore"} for n in range(2)]
    exchanges += [
        {"group": "p", "count": 3, "home": "home", "strategy": "otc", "brand": {"normal": {"mean": 0, "sd": sd}}}
    ]
    by_exchange = isinstance(abroad, list)
    given_abroad = {f"o{n}": volume for n, volume in enumerate(abroad)} if by_exchange else abroad
    total = math.fsum([*home, otc, *(abroad if by_exchange else [abroad])])
    volumes = {"domestic": {f"h{n}": volume for n, volume in enumerate(home)}, "otc": otc, "offshore": given_abroad}
    found, _ = first_day(
        data(segments=[stock(volume=total + idle, first_day=volumes, nests=nests)], exchanges=exchanges), replication
    )
    volume = found.volume[0]
    np.testing.assert_allclose(volume[: len(home), 0], home, rtol=1e-9)
    assert volume[:, 1].sum() == pytest.approx(otc, rel=1e-9)
    if by_exchange:
        np.testing.assert_allclose(volume[len(home) : len(home) + 2, 2], abroad, rtol=1e-9)
    else:
        assert volume[:, 2].sum() == pytest.approx(abroad, rel=1e-9)
    assert found.untraded[0] == pytest.approx(idle, rel=1e-9, abs=1e-9 * total)


def test_a_percentage_is_a_part_of_the_focal_volume():
    volumes = {**STOCK["first_day"], "otc": "2 %"}
    found, _ = first_day(market([stock(first_day=volumes)]))
    assert found.volume[0, :, 1].sum() == pytest.approx(400, rel=1e-9)


@pytest.mark.parametrize(
    ("volumes", "message"),
    [
        ({"domestic": 9000, "otc": 400}, "first_day: says nothing of offshore, where big, ship trades on it"),
        ({"domestic": {"alpha": 9000}, "otc": 400, "offshore": 1},
         "first_day.domestic: says nothing of beta, small, which trades domestic on the first day"),
        ({"domestic": {"alpha": 1, "beta": 1, "small": 1, "big": 1}, "otc": 400, "offshore": 1},
         "first_day.domestic.big: big does not trade domestic with traders on the first day"),
        ({"domestic": {"alfa": 1, "beta": 1, "small": 1}, "otc": 400, "offshore": 1},
         "no exchange or group called alfa (did you mean alpha?)"),
        ({"domestic": 19_000, "otc": 900, "offshore": 200},
         "first_day: sums to 20100, and `volume`, which is what would be traded if all did, is 20000 on that day"),
        ({"domestic": -5, "otc": 400, "offshore": 1}, "-5 is negative: an amount must be 0 or more"),
        ({"domestic": 0, "otc": 400, "offshore": 1}, "must be more than 0"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told(volumes, message):
    taste = {"domestic": 0, "otc": 0, "offshore": 0}
    with pytest.raises(sim.ScenarioError) as error:
        scenario(market([stock(first_day=volumes, taste=taste)]))
    assert message in str(error.value)


def test_a_segment_without_a_first_day_needs_an_outside_option_and_tastes():
    with pytest.raises(sim.ScenarioError) as error:
        scenario(market([{key: value for key, value in stock().items() if key != "first_day"}]))
    assert "segments.traders.outside: is missing, the attraction of not trading; or give the volumes" in str(
        error.value
    )
    assert "segments.traders.taste: is missing" in str(error.value)
