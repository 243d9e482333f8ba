"""Liquidity against the largest book of a mode: who is large gains more, and the first day stays as given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.model.traders.utility import book_liquidity
from sim.world import codes as c
from tests.kit import Data, bench, data, day, history, traders

FLOOR, GAMMA = 0.1, 0.6
VOLUMES = {"first": 500.0, "second": 300.0, "third": 60.0}


def world(relative_to: str = "largest", **blocks: object) -> Data:
    """Three books at home of given volumes, of which the first may be shut; nobody decides."""
    exchanges = [{"id": name, "home": "home", "strategy": "domestic", "fixed": True} for name in VOLUMES]
    segment = traders(volume=1000, switching="1 /d", liquidity=GAMMA, first_day={"domestic": VOLUMES}, taste={})
    return data(
        **{"segments": [segment], "exchanges": exchanges, **blocks},
        demand={"liquidity_floor": FLOOR, "liquidity_relative_to": relative_to},
    )


SHUT: Data = {
    "id": "shut", "kind": "closure-order", "announced": day(30), "deadline": day(35), "target": {"exchanges": ["first"]},
}  # fmt: skip


def test_the_first_day_is_as_given_and_stays() -> None:
    """Shares are the volumes of the file over what could be traded, and without a policy nothing moves; 1e-12."""
    share = history(world(), until=120.0).result.frame.share[:, 0, :, c.DOMESTIC]
    np.testing.assert_allclose(share, np.tile(np.array([0.5, 0.3, 0.06]), (121, 1)), rtol=0, atol=1e-12)


def test_liquidity_by_hand() -> None:
    """ln((l + eps) / (l_0 + eps)), l of the largest book that now is, l_0 on the first day; 0 for the largest itself."""
    one = bench(world())
    one.state.venues.volume[::3] = [0.0, 240.0, 90.0]
    one.state.venues.largest[c.DOMESTIC] = 240.0
    found = [book_liquidity(one.world, one.state, v) for v in (3, 6)]
    assert found == pytest.approx([math.log(1.1 / 0.7), math.log((90 / 240 + 0.1) / (0.12 + 0.1))], abs=1e-12)
    one.state.venues.volume[0], one.state.venues.largest[c.DOMESTIC] = 700.0, 700.0
    assert book_liquidity(one.world, one.state, 0) == 0.0


def gains(relative_to: str) -> np.ndarray:
    """By how much the two that are left multiply when the largest loses its home."""
    share = history(world(relative_to, baseline=[SHUT])).result.frame.share[:, 0, 1:, c.DOMESTIC]
    return share[-1] / share[0]


def test_the_larger_rival_gains_more() -> None:
    """Against its own book each gains by the same factor, blind to size; against the largest, the larger gains more."""
    own, largest = gains("own"), gains("largest")
    assert own[0] == pytest.approx(own[1], rel=1e-9)
    assert own[0] > 1.2
    assert largest[0] > 1.05 * largest[1] > 1.05


def test_the_end_is_an_equilibrium_of_the_books_as_they_are() -> None:
    """s_v / s_0 = B_v ((l_v + eps) / (l_v0 + eps))^gamma; weekly readings settle within 1e-6 in a year."""
    share = history(world(baseline=[SHUT])).result.frame
    end, outside = share.share[-1, 0, 1:, c.DOMESTIC], share.outside[-1, 0]
    brand = np.array([0.3, 0.06]) / 0.14
    part, first = end / end.max(), np.array([0.6, 0.12])
    np.testing.assert_allclose(end / outside, brand * ((part + FLOOR) / (first + FLOOR)) ** GAMMA, rtol=1e-6)


def test_a_small_newcomer_grows_in_the_shadow_of_the_largest() -> None:
    """It opens as an empty book and matures; what it will be is taken against the largest book as it comes.

    That is then (0.1 / 1.56) / (0.5 / 1.46), by brands and the outside option of 0.6; a year settles within 1e-4.
    """
    late = {
        "id": "late",
        "home": "home",
        "strategy": "domestic",
        "brand": math.log(0.1),
        "enters": day(10),
        "fixed": True,
    }
    source = world(segments=[traders(volume=1000, switching="1 /d", liquidity=GAMMA, taste={"domestic": 0.0})])
    source["exchanges"] = [{**each, "share": VOLUMES[each["id"]] / 1000} for each in source["exchanges"]] + [late]
    run = history(source)
    share = run.share("late")
    relative = share / run.share("first")
    assert 0.0 < relative[12] < relative[60] < relative[-1]
    grown = ((relative[-1] + FLOOR) / ((0.1 / 1.56) / (0.5 / 1.46) + FLOOR)) ** GAMMA
    assert relative[-1] == pytest.approx(0.1 / 0.5 * grown, rel=1e-4)
