"""Coins that wait to be moved: they last as long as others trade at home, and are worked off afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world import codes as c
from tests.kit import Data, data, day, history, traders

PART, HALF_LIFE = 0.8, 56.0
HOME_ENDS: Data = {"id": "ends", "kind": "closure-order", "announced": day(0), "deadline": day(34)}


def world(*baseline: Data, part: float = PART, **fields: object) -> Data:
    """Traders at home, and movers on a peer-to-peer site that nothing closes."""
    movers = traders(
        id="movers", volume=100, taste={"otc": 0.0}, switching="30 /d", rails={"bank": 1.0}, outside=0.01,
        backlog={"part": part, "half_life": f"{HALF_LIFE} d"},
    )  # fmt: skip
    return data(
        segments=[traders(switching="30 /d", **fields), movers],
        exchanges=[
            {"id": "book", "home": "home", "share": 1.0, "fixed": True},
            {"id": "site", "home": "abroad", "strategy": "otc", "brand": 0.0, "fixed": True},
        ],
        baseline=list(baseline),
    )


def moved(*baseline: Data, **fields: object) -> np.ndarray:
    """What movers would trade, day by day."""
    return history(world(*baseline, **fields)).result.frame.segment_volume[:, 1]  # type: ignore[arg-type]


def test_it_is_worked_off_with_its_half_life_once_home_is_closed() -> None:
    """W (1 - part + part 2^(-t / half-life)) from the reading before the end, in weeks; 1e-9 of shares left at home."""
    volume, weeks = moved(HOME_ENDS), np.arange(0, 40)
    assert np.all(volume[:35] == 100.0)
    expected = 100.0 * (1.0 - PART + PART * 2.0 ** (-7.0 * (weeks + 1) / HALF_LIFE))
    np.testing.assert_allclose(volume[35:][7 * weeks], expected, rtol=1e-9)


def test_blocked_rails_do_not_end_it() -> None:
    """While home trades as it did nothing is worked off, however hard the peer-to-peer rails are hit."""
    block: Data = {"id": "block", "kind": "payment-block", "announced": day(20), "target": {"segments": ["movers"]}}
    run = history(world(block))
    assert np.all(run.result.frame.segment_volume[:, 1] == 100.0)
    assert run.share("site", "otc", 1)[-1] < run.share("site", "otc", 1)[0] - 0.001


def test_it_comes_back_when_home_does() -> None:
    """A block of all trade at home for half a year: down to 1 - part + part x, and up again."""
    block: Data = {
        "id": "block", "kind": "payment-block", "announced": day(20), "until": day(200), "coverage": 1.0, "efficacy": 1.0,
        "target": {"segments": ["traders"]},
    }  # fmt: skip
    volume = moved(block, rails={"bank": 1.0})
    assert volume[:14] == pytest.approx(100.0, abs=1e-9)
    assert volume[200] < 50.0
    assert volume[-1] > 80.0


def test_of_no_part_nothing_is_worked_off() -> None:
    assert np.all(moved(HOME_ENDS, part=0.0) == 100.0)


def test_growth_from_outside_is_not_counted_twice() -> None:
    """Home volume that doubles while shares stay brings no more coins per unit of the movers' own path."""
    grown = moved(volume={"points": {day(0): 1000.0, day(60): 2000.0}})
    np.testing.assert_allclose(grown, 100.0, rtol=1e-12)


def test_a_world_without_home_trade_keeps_what_it_has() -> None:
    """With nothing at home on the first day there is nothing to compare with."""
    source = world(HOME_ENDS)
    source["exchanges"][0]["strategy"] = "offshore"
    source["exchanges"][0]["host"] = "abroad"
    frame = history(source).result.frame
    assert not frame.share[0, 0, 0, c.DOMESTIC]
    assert np.all(frame.segment_volume[:, 1] == 100.0)
