"""Nests: like venues replace each other. Closed forms, limits, and what exchanges expect."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.model.exchanges.expected_volume import expected_volume, survey_market
from sim.model.traders.demand import nest_factor
from sim.world import codes as c
from tests.kit import Bench, Data, bench, data, day, history, traders
from tests.model import probes

PULLS = {"a": 0.6, "b": 0.4}
OUTSIDE = 0.6
BLOCK = {"id": "block", "kind": "payment-block", "announced": day(30), "coverage": 0.5, "attention": 1.0}
"""Half of all payments are cut off, and everybody looks around at once."""
LAMBDA = st.sampled_from([1.0, 0.2, 0.5, 0.8])
NESTS = st.fixed_dictionaries({"domestic": LAMBDA, "otc": LAMBDA, "offshore": LAMBDA, "books": LAMBDA})


def books(item: Data, **nests: float) -> Data:
    """Two books at home and one abroad; payments count for home books alone."""
    return data(
        segments=[traders(rails={"bank": 1.0}, nests=nests)],
        exchanges=[
            *({"id": name, "home": "home", "share": pull, "fixed": True} for name, pull in PULLS.items()),
            {"id": "x", "home": "abroad", "strategy": "offshore", "brand": 2.0, "fixed": True},
        ],
        demand={"payment_reach": {"offshore": 0.0}},
        baseline=[item],
    )


def shares(source: Data, engine=reference) -> dict[str, float]:
    """Shares of the books, and of not trading, on the day of the block."""
    run = history(source, engine=engine, until=31.0)
    found = {"a": run.share("a")[30], "b": run.share("b")[30], "x": run.share("x", "offshore")[30]}
    return {name: float(share) for name, share in found.items()} | {"outside": float(run.result.frame.outside[30, 0])}


@pytest.mark.parametrize("engine", [reference, compiled])
@pytest.mark.parametrize("nests", [{}, {"domestic": 0.5}, {"domestic": 0.5, "books": 0.7}, {"books": 0.7}])
def test_a_lever_on_all_venues_of_a_nest_is_felt_as_without_it(nests, engine):
    """Half of the friction on both home books halves the attraction of the home market, whatever its dissimilarity.

    Within order books it acts to the power 1 / lambda of these. 1e-13, for powers of sums.
    """
    above = nests.get("books", 1.0)
    home, abroad = 0.5 ** (1.0 / above), 1.0  # relative to the first day, on which both are 1
    both = 2.0 * ((home + abroad) / 2.0) ** above
    found = shares(books(BLOCK, **nests), engine)
    total = both + OUTSIDE
    assert found["a"] + found["b"] == pytest.approx(both * home / (home + abroad) / total, abs=1e-13)
    assert found["a"] / found["b"] == pytest.approx(1.5, rel=1e-12)
    assert found["x"] == pytest.approx(both * abroad / (home + abroad) / total, abs=1e-13)


@pytest.mark.parametrize("alike", [1.0, 0.5, 0.2])
def test_a_lever_on_one_venue_acts_within_its_nest_to_the_power_of_one_over_lambda(alike):
    found = shares(books(BLOCK | {"target": {"exchanges": ["a"]}}, domestic=alike))
    a, b = 0.6 * 0.5 ** (1.0 / alike), 0.4
    home = (a + b) ** alike
    assert found["a"] / found["b"] == pytest.approx(a / b, rel=1e-12)
    assert found["a"] + found["b"] == pytest.approx(home / (home + 1.0 + OUTSIDE), abs=1e-13)


def test_a_lost_venue_is_replaced_by_its_like_alone_as_lambda_falls():
    """Of what one home book loses, the other gains a fifth without nests, and four fifths at the least lambda."""
    closed = {"id": "ban", "kind": "closure-order", "announced": day(10), "deadline": day(20), "attention": 0,
              "target": {"exchanges": ["a"]}}  # fmt: skip
    gains = []
    for alike in (1.0, 0.7, 0.5, 0.2):
        source = books(closed, domestic=alike)
        source["segments"][0]["switching"] = "30 /d"
        run = history(source, until=30.0)
        gains.append((run.share("b")[-1] - run.share("b")[0]) / run.share("a")[0])
        alone = 0.4**alike / (0.4**alike + 1.0 + OUTSIDE)
        assert gains[-1] == pytest.approx((alone - 0.4 / 2.6) / (0.6 / 2.6), abs=1e-12)
    assert gains == sorted(gains)
    assert gains[0] == pytest.approx(0.2, abs=1e-3)
    assert gains[-1] == pytest.approx(0.82, abs=0.01)


def test_those_who_leave_at_an_event_choose_within_the_nest_first():
    """Nobody else moves on that day, and the home market keeps all that it had."""
    stop = {"id": "stop", "kind": "deposit-stop", "announced": day(30), "target": {"exchanges": ["a"]}, "leave": 0.8}
    source = books(stop, domestic=0.5)
    source["segments"][0]["switching"] = "0 /d"
    run = history(source, until=31.0)
    a, b, x = run.share("a")[[29, 30]], run.share("b")[[29, 30]], run.share("x", "offshore")[[29, 30]]
    assert a[1] + b[1] == pytest.approx(a[0] + b[0], abs=1e-15)
    assert x[1] == x[0]
    assert b[1] - b[0] == pytest.approx(0.8 * a[0], abs=1e-14)  # a's deposits are cut off, it draws nobody


@given(NESTS, st.floats(0.0, 3.0))
@settings(max_examples=25)
def test_the_first_day_is_an_equilibrium_of_the_configured_brands_whatever_the_nests(nests, weight):
    """A = B: shares are those of the plain logit, and nothing moves by itself, habit included. 1e-14 and 1e-12."""
    habit = {"weight": weight, "adopt": "0.3 /d", "forget": "0.1 /d"}
    source = books({"id": "nothing", "kind": "relief"}, **nests)
    source["segments"][0] |= {"habit": habit, "liquidity": 0.3}
    run = history(source, until=60.0)
    frame, pulls = run.result.frame, np.array([0.6, 0.4, 1.0])
    first = np.array([run.share("a")[0], run.share("b")[0], run.share("x", "offshore")[0]])
    np.testing.assert_allclose(first, pulls / (pulls.sum() + OUTSIDE), rtol=0, atol=1e-14)
    np.testing.assert_allclose(frame.share, np.broadcast_to(frame.share[0], frame.share.shape), rtol=0, atol=1e-12)


@pytest.mark.parametrize("alike", [0.25, 0.5, 0.6, 0.75])
def test_a_factor_by_roots_is_that_by_powers(alike):
    """Two roots and a division are off by half a unit in the last place each, and a power by one."""
    for part in np.geomspace(1e-30, 1e6, 200):
        found = nest_factor(3.0 * part, 3.0, alike, np.zeros(2))
        assert found == pytest.approx((3.0 * part / 3.0) ** (alike - 1.0), rel=5e-16)


@pytest.mark.parametrize("engine", [reference, compiled])
def test_of_many_venues_of_nests_moved_at_once_each_is_as_if_it_were_alone(engine):
    """Factors are set once for all: a block on all books, or two on a book each, in segments with nests."""
    nests = {"domestic": 0.5, "books": 0.7}
    first, second = ({**BLOCK, "id": f"block-{name}", "target": {"exchanges": [name]}} for name in PULLS)
    apart = books(first, **nests)
    apart["policies"]["baseline"].append(second)
    all_books = shares(books(BLOCK, **nests), engine)
    for name, share in shares(apart, engine).items():
        assert share == pytest.approx(all_books[name], rel=1e-14)


def test_a_nest_that_has_lost_all_its_venues_is_worth_nothing():
    """Sums that should be zero are zero: a power would make a hundred millionth of what rounding leaves of them."""
    lazy = bench(data(
        segments=[traders(nests={"domestic": 0.3, "books": 0.5})],
        exchanges=[{"id": f"x{n}", "home": "home", "share": 0.1, "fixed": True} for n in range(6)],
    ))  # fmt: skip
    market, rng = lazy.state.market, np.random.default_rng(1)
    market.attraction[:] = np.exp(rng.normal(-1.0, 3.0, market.attraction.shape))
    probes.settle(lazy.world, lazy.state)
    for v in rng.permutation(np.arange(0, 18, 3)):
        probes.strand(lazy.world, lazy.state, 0, int(v))
    assert market.mode_attraction[0, c.DOMESTIC] == 0.0
    probes.jump(lazy.world, lazy.state, 0, 1.0)
    found = probes.shares(lazy.state)[0]
    assert np.all(found[:18:3] == 0.0)
    assert found.sum() == pytest.approx(1.0, abs=1e-14)


def test_the_first_venue_of_a_nest_without_any_counts_from_the_size_of_the_home_market():
    """Its attraction B weighs B^lambda: as much as without nests if it is 1."""
    source = data(segments=[traders(nests={"domestic": 0.5}, taste={"domestic": 0, "offshore": 0}, switching="30 /d")],
                  exchanges=[{"id": "x", "home": "abroad", "strategy": "offshore", "brand": 0.0, "fixed": True},
                             {"id": "a", "home": "home", "share": 0.25, "fixed": True, "enters": day(10)}])  # fmt: skip
    run = history(source, until=30.0)
    assert run.share("a")[-1] == pytest.approx(0.5 / (0.5 + 1.0 + OUTSIDE), abs=1e-12)


def random_market(rng: np.random.Generator) -> Bench:
    """Four exchanges in a random state of their venues, with habit, far from their first day."""
    nests = {nest: float(rng.choice([1.0, *rng.uniform(0.2, 1.0, 3)])) for nest in c.NESTS}
    lazy = bench(data(
        segments=[traders(nests=nests)],
        exchanges=[{"id": f"x{n}", "home": "home", "share": 0.2, "fixed": True} for n in range(4)],
    ))  # fmt: skip
    market = lazy.state.market
    market.attraction[:, 0] = np.exp(rng.normal(-1.0, 2.0, 12))
    probes.settle(lazy.world, lazy.state)
    for m in range(3):
        probes.factor(lazy.world, lazy.state, 0, m, float(np.exp(rng.normal(0.0, 0.5))))
    for v in range(12):
        value = 0.0 if rng.random() < 0.3 else float(np.exp(rng.normal(-1.0, 2.0)))
        probes.pull(lazy.world, lazy.state, 0, v, value)
    return lazy


@pytest.mark.parametrize("seed", range(20))
def test_what_an_exchange_expects_is_what_the_market_gives_it_when_it_settles(seed):
    """Its slots changed, everyone else as they are, and time for all to choose; parts of all that is traded, 1e-14."""
    rng = np.random.default_rng(seed)
    lazy = random_market(rng)
    market, postures, f = lazy.state.market, lazy.state.postures, int(rng.integers(4))
    slots = np.array([m if rng.random() < 0.7 else -1 for m in range(3)])
    pulls = np.exp(rng.normal(-1.0, 2.0, 3))
    postures.attraction[:3, 0] = pulls * market.habit_factor[0]
    expected = np.zeros(3)
    survey_market(lazy.world, lazy.state, f, 0.0)
    expected_volume(lazy.world, lazy.state, slots, expected)
    pulls[c.OFFSHORE] *= 1.0 + lazy.world.settings.onramp if slots[c.OTC] >= 0 else 1.0
    for m in range(3):
        probes.pull(lazy.world, lazy.state, 0, 3 * f + m, float(pulls[m]) if slots[m] >= 0 else 0.0)
    probes.jump(lazy.world, lazy.state, 0, 1.0)
    np.testing.assert_allclose(probes.shares(lazy.state)[0, 3 * f : 3 * f + 3], expected / 1000.0, rtol=0, atol=1e-14)


def test_a_monopolist_knows_that_it_is_alone():
    """Others are the difference of two sums that are the same: it is formed anew."""
    lazy = bench(data(segments=[traders(nests={"domestic": 0.2})],
                      exchanges=[{"id": "a", "home": "home", "share": 0.3, "fixed": True}]))  # fmt: skip
    market = lazy.state.market
    for pull in (7.0, 1e-9, 3e5, 0.1 + 0.2):
        probes.pull(lazy.world, lazy.state, 0, 0, pull)
    expected = np.zeros(3)
    lazy.state.postures.attraction[:3, 0] = 0.3
    survey_market(lazy.world, lazy.state, 0, 0.0)
    assert lazy.state.scratch.rivals_by_mode[0].tolist() == [0.0, 0.0, 0.0]
    expected_volume(lazy.world, lazy.state, np.array([c.DOMESTIC, -1, -1]), expected)
    assert expected[c.DOMESTIC] == pytest.approx(1000.0 * 0.3 / 0.9, rel=1e-13)
    assert math.isfinite(market.denominator[0])
