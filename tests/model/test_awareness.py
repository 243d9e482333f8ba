"""Awareness of venues abroad: growth and fading against their closed forms, and what exchanges count on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.model.traders.awareness import advance_awareness, expected_awareness
from sim.world.codes import OFFSHORE
from tests.kit import Bench, Data, bench, data, history, traders

GROWTH, FADE, FIRST, HORIZON = 1 / 120, 1 / 365, 0.05, 180.0


def emigrant(**fields: object) -> Data:
    """A world with an exchange at home whose only way is abroad, and traders there; switching is as good as instant."""
    foreign = traders(id="foreign", home="abroad", switching="1000 /d", taste={"offshore": 0.0})
    cheap = {"running": {"offshore": {"fixed": 0.0}}, "launch": {"offshore": {"fixed": 0.0}}}
    return data(
        segments=[traders(), foreign],
        demand={"awareness_growth": f"{GROWTH} /d", "awareness_fade": f"{FADE} /d"},
        decisions={"horizon": f"{HORIZON} d", "review": "20 d", "economics": cheap},
        exchanges=[
            {"id": "stays", "home": "home", "share": 0.9, "fixed": True},
            {"id": "goes", "home": "home", "share": 0.1, "options": ["offshore"], "awareness": FIRST, **fields},
        ],
    )


def world(**fields: object) -> Bench:
    return bench(emigrant(**fields))


def test_it_grows_while_open_and_fades_while_closed() -> None:
    """dA/dt = g (1 - A), then dA/dt = - d (A - A_0): 1e-14 of rounding."""
    one, f = world(), 1
    v = 3 * f + OFFSHORE
    advance_awareness(one.world, one.state, f, 30.0)
    assert one.state.exchanges.awareness[f] == FIRST
    one.state.venues.open[v] = True
    for now in (40.0, 90.0, 130.0):
        advance_awareness(one.world, one.state, f, now)
        expected = 1 - (1 - FIRST) * math.exp(-GROWTH * (now - 30))
        assert one.state.exchanges.awareness[f] == pytest.approx(expected, abs=1e-14)
    one.state.venues.open[v] = False
    advance_awareness(one.world, one.state, f, 500.0)
    faded = FIRST + (expected - FIRST) * math.exp(-FADE * 370)
    assert one.state.exchanges.awareness[f] == pytest.approx(faded, abs=1e-14)


def test_an_exchange_counts_on_the_mean_over_its_horizon() -> None:
    """Against the integral by the midpoint rule on 10^5 intervals, whose error is (h g)^2 / 24 n^2, some 1e-11."""
    one = world()
    days = (np.arange(100_000) + 0.5) * HORIZON / 100_000
    mean = float(np.mean(1 - (1 - FIRST) * np.exp(-GROWTH * days)))
    assert expected_awareness(one.world, one.state, 1) == pytest.approx(mean, abs=1e-10)


def test_who_is_abroad_from_the_start_is_known() -> None:
    one = world(strategy="offshore", host="abroad")
    assert one.state.exchanges.awareness.tolist() == [1.0, 1.0]


def test_foreign_users_come_as_they_hear_of_it_and_focal_users_at_once() -> None:
    """Share of foreign users A B / (A B + A_0), A being that of the last weekly reading or of the opening; 1e-9, since
    what remains of the share before a reading has decayed by e^-1000 at the next record."""
    run = history(emigrant())
    (opened,) = run.days("launched")
    brand, foreign = 0.1, run.share("goes", "offshore", segment=1)
    first = math.ceil(opened) + 1
    for t in range(first, len(foreign), 13):
        read = max(opened, 7 * math.floor((t - 0.5) / 7))
        known = 1 - (1 - FIRST) * math.exp(-GROWTH * (read - opened))
        assert foreign[t] == pytest.approx(known * brand / (known * brand + 0.6), rel=1e-9)
    known_to_all = history(emigrant(awareness=1.0))
    assert known_to_all.share("goes", "offshore", segment=1)[-1] > foreign[-1]
    same = opened == known_to_all.days("launched")[0]
    assert same
    np.testing.assert_array_equal(
        run.share("goes", "offshore")[: first + 1], known_to_all.share("goes", "offshore")[: first + 1]
    )
