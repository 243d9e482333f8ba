"""Liquidity above a part of the largest book of a mode: who is large gains more, and the first day stays as given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.model.traders.utility import book_liquidity
from sim.world import codes as c
from tests.kit import Data, bench, data, day, history, traders

FLOOR, GAMMA = 0.1, 0.6
VOLUMES = {"first": 500.0, "second": 300.0, "third": 60.0}


def world(floor_of: str = "largest", **blocks: object) -> Data:
    """Three books at home of given volumes, of which the first may be shut; nobody decides."""
    exchanges = [{"id": name, "home": "home", "strategy": "domestic", "fixed": True} for name in VOLUMES]
    segment = traders(volume=1000, switching="1 /d", liquidity=GAMMA, first_day={"domestic": VOLUMES}, taste={})
    return data(
        **{"segments": [segment], "exchanges": exchanges, **blocks},
        demand={"liquidity_floor": FLOOR, "liquidity_floor_of": floor_of},
    )


SHUT: Data = {
    "id": "shut", "kind": "closure-order", "announced": day(30), "deadline": day(35), "target": {"exchanges": ["first"]},
}  # fmt: skip


def test_the_first_day_is_as_given_and_stays() -> None:
    """Shares are the volumes of the file over what could be traded, and without a policy nothing moves; 1e-12."""
    share = history(world(), until=120.0).result.frame.share[:, 0, :, c.DOMESTIC]
    np.testing.assert_allclose(share, np.tile(np.array([0.5, 0.3, 0.06]), (121, 1)), rtol=0, atol=1e-12)


def test_liquidity_by_hand() -> None:
    """ln((L + eps M) / (L_0 + eps M_0)), M the largest book, now and on the first day; for the largest as by default."""
    one = bench(world())
    one.state.venues.volume[::3] = [0.0, 240.0, 90.0]
    one.state.venues.largest[c.DOMESTIC] = 240.0
    found = [book_liquidity(one.world, one.state, v) for v in (0, 3, 6)]
    expected = [math.log(24 / 550), math.log((240 + 24) / (300 + 50)), math.log((90 + 24) / (60 + 50))]
    assert found == pytest.approx(expected, abs=1e-12)
    one.state.venues.volume[0], one.state.venues.largest[c.DOMESTIC] = 700.0, 700.0
    assert book_liquidity(one.world, one.state, 0) == pytest.approx(math.log(700 / 500), abs=1e-12)


def gains(floor_of: str) -> np.ndarray:
    """By how much the two that are left multiply when the largest loses its home."""
    share = history(world(floor_of, baseline=[SHUT])).result.frame.share[:, 0, 1:, c.DOMESTIC]
    return share[-1] / share[0]


def test_the_larger_rival_gains_more() -> None:
    """With floors of their own each gains by the same factor, blind to size; with a common one the larger gains more."""
    own, largest = gains("own"), gains("largest")
    assert own[0] == pytest.approx(own[1], rel=1e-9)
    assert own[0] > 1.2
    assert largest[0] > 1.05 * largest[1] > 1.05


def test_the_end_is_an_equilibrium_of_the_books_as_they_are() -> None:
    """s_v / s_0 = B_v ((L_v + eps M) / (L_v0 + eps M_0))^gamma; weekly readings settle within 1e-6 in a year."""
    share = history(world(baseline=[SHUT])).result.frame
    end, outside = share.share[-1, 0, 1:, c.DOMESTIC], share.outside[-1, 0]
    brand, first = np.array([0.3, 0.06]) / 0.14, np.array([0.3, 0.06])
    liquidity = (end + FLOOR * end.max()) / (first + FLOOR * 0.5)
    np.testing.assert_allclose(end / outside, brand * liquidity**GAMMA, rtol=1e-6)


@pytest.mark.parametrize("old", [True, False], ids=["beside others", "in an empty mode"])
def test_a_newcomer_opens_with_an_empty_book(old: bool) -> None:
    """Its liquidity is ln(eps M / (L* + eps M*)) and grows; alone in its mode it starts as by default."""
    late = {
        "id": "late",
        "home": "home",
        "strategy": "domestic",
        "brand": math.log(0.1),
        "enters": day(10),
        "fixed": True,
    }
    source = world(
        segments=[traders(volume=1000, switching="1 /d", liquidity=GAMMA, taste={"domestic": 0.0, "otc": 0.0})]
    )
    present = [{**each, "share": VOLUMES[each["id"]] / 1000} for each in source["exchanges"]]
    source["exchanges"] = [*present, late if old else {**late, "strategy": "otc"}]
    run = history(source)
    share = run.share("late", "domestic" if old else "otc")
    relative = share / run.share("first")
    mature, largest = 0.1 / 1.56, 0.5 / 1.46 if old else 0.1 / 1.56
    first = 0.5 / 1.46
    empty = FLOOR * largest / (mature + FLOOR * largest)
    slow = history(source, until=11.0).share("late", "domestic" if old else "otc")[11]
    day_later = (1.0 - math.exp(-1.0)) * 0.1 * empty**GAMMA / (1.46 + 0.1 * empty**GAMMA)
    assert slow == pytest.approx(day_later, rel=1e-12)
    assert relative[12] < relative[60] < relative[-1]
    end = share[-1], run.share("first")[-1]
    top = end[1] if old else end[0]
    grown = (end[0] + FLOOR * top) / (mature + FLOOR * largest) * (first * (1 + FLOOR)) / (end[1] * (1 + FLOOR))
    assert relative[-1] == pytest.approx(0.1 / 0.5 * grown**GAMMA, rel=1e-4)
