"""Decomposition: the axioms of the Shapley value, games in closed form, and sums that come out exactly."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.study.decompose import shapley as game
from sim.study.decompose.decomposition import decompose_sampled, decompose_sets
from sim.study.statistics.confidence_intervals import estimate

EXACT = 1e-12  # relative to the largest value: rounding of at most 2**6 sums of 1e-16 each


def random_game(m: int, seed: int, n: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 2**m))


GAMES = st.builds(random_game, st.integers(1, 6), st.integers(0, 10_000))


@given(GAMES)
def test_shares_sum_to_the_total_in_every_replication(v: np.ndarray) -> None:
    assert np.abs(game.shapley(v).sum(axis=1) - (v[:, -1] - v[:, 0])).max() <= EXACT * np.abs(v).max()


@given(GAMES)
def test_shares_are_means_over_all_orders(v: np.ndarray) -> None:
    m = game.players(v)
    assume(m <= 4)
    orders = np.array(list(permutations(range(m))))
    assert len(orders) == factorial(m)
    every = np.broadcast_to(orders, (len(v), *orders.shape))
    along = np.take_along_axis(v[:, None, :], game.steps(every), axis=2)
    assert game.sampled(every, along) == pytest.approx(game.shapley(v), abs=1e-12)


@given(GAMES, st.data())
def test_interventions_that_do_the_same_get_the_same(v: np.ndarray, data: st.DataObject) -> None:
    m = game.players(v)
    i, j = data.draw(st.integers(0, m - 1)), data.draw(st.integers(0, m - 1))
    sets = np.arange(2**m)
    swapped = sets & ~(1 << i | 1 << j) | (sets >> i & 1) << j | (sets >> j & 1) << i
    share = game.shapley(v + v[:, swapped])
    assert share[:, i] == pytest.approx(share[:, j], abs=1e-12)


@given(GAMES, st.data())
def test_an_intervention_that_does_nothing_gets_nothing(v: np.ndarray, data: st.DataObject) -> None:
    m = game.players(v)
    i = data.draw(st.integers(0, m - 1))
    dull = v[:, np.arange(2**m) & ~(1 << i)]
    assert (game.shapley(dull)[:, i] == 0).all()
    assert game.interactions(dull)[:, i] == pytest.approx(0.0, abs=1e-12)


@given(st.integers(1, 6), st.integers(0, 1000), st.integers(0, 1000))
def test_shares_of_a_sum_are_sums_of_shares(m: int, one: int, other: int) -> None:
    v, w = random_game(m, one), random_game(m, other)
    assert game.shapley(v + 2 * w) == pytest.approx(game.shapley(v) + 2 * game.shapley(w), abs=1e-12)


@given(GAMES, st.floats(-1e3, 1e3))
def test_a_constant_changes_nothing(v: np.ndarray, constant: float) -> None:
    a, b = (decompose_sets(x, [*"abcdef"[: game.players(v)]]).table()["mean"] for x in (v, v + constant))
    assert b.to_numpy() == pytest.approx(a.to_numpy(), abs=1e-10)


def test_a_game_in_closed_form() -> None:
    # v = Σ a_i + b if 0 and 1 are both in force: b is shared by the two, and is their interaction and no one else's
    a, b = np.array([1.0, -2.0, 5.0]), 3.0
    sets = np.arange(8)
    v = ((sets[:, None] >> np.arange(3) & 1) @ a + b * (sets & 3 == 3))[None, :]
    assert game.shapley(v)[0] == pytest.approx([2.5, -0.5, 5.0])
    assert game.alone(v)[0] == pytest.approx(a)
    assert game.last(v)[0] == pytest.approx([4.0, 1.0, 5.0])
    assert game.interactions(v)[0] == pytest.approx(np.array([[0, b, 0], [b, 0, 0], [0, 0, 0]]))
    d = decompose_sets(np.repeat(v, 4, axis=0), ["close", "block", "license"])
    assert (d.total.mean, d.together and d.together.mean, d.order) == (7.0, pytest.approx(b), None)
    assert {(x, y): e.mean for x, y, e in d.interactions}["close", "block"] == pytest.approx(b)


def test_the_interaction_of_all_three_is_spread_over_the_pairs() -> None:
    # the glove game of unanimity: dividend 1 of the set of all three gives each pair 1 / (3 - 2 + 1) = 1/2
    v = np.zeros((1, 8))
    v[:, 7] = 1.0
    assert game.interactions(v)[0] == pytest.approx(0.5 * (1 - np.eye(3)))
    assert game.shapley(v)[0] == pytest.approx([1 / 3] * 3)


@given(st.integers(1, 4), st.integers(0, 1000))
def test_all_parts_add_up(m: int, seed: int) -> None:
    v = random_game(m, seed)
    orders = np.column_stack([v[:, -1], np.random.default_rng(seed).normal(size=(5, 3))])
    d = decompose_sets(v, [*"abcd"[:m]], orders)
    t = d.table()["mean"]
    assert d.residual <= EXACT * np.abs(v).max()
    assert t["share"].sum() == pytest.approx(d.total.mean, abs=1e-12)
    assert (t["single"] + t["interaction"]).to_numpy() == pytest.approx(t["share"].to_numpy(), abs=1e-12)
    assert t["single"].sum() + t["together"].sum() + t["order"].sum() == pytest.approx(d.total.mean, abs=1e-12)
    assert t["order"].iloc[0] == pytest.approx(np.mean(v[:, -1] - orders.mean(axis=1)))


def test_without_an_effect_of_order_there_is_no_order_part() -> None:
    v = random_game(3, 1)
    d = decompose_sets(v, [*"abc"], np.repeat(v[:, -1:], 6, axis=1))
    assert d.order
    assert (d.order.low, d.order.mean, d.order.high) == pytest.approx((0, 0, 0), abs=1e-15)
    assert d.together
    assert d.together.mean == pytest.approx(sum(e.mean for e in d.interaction), abs=1e-12)


def test_intervals_are_those_of_paired_differences_and_hold_the_truth() -> None:
    # 500 studies: binomial standard error 1 %
    rng = np.random.default_rng(2)
    truth = rng.normal(size=8)
    share = game.shapley(truth[None])[0]
    held = 0
    for _ in range(500):
        d = decompose_sets(truth + rng.normal(size=(20, 8)), [*"abc"])
        held += d.share[1].low <= share[1] <= d.share[1].high
    assert held / 500 == pytest.approx(0.95, abs=3 * 0.01)
    v = truth + rng.normal(size=(20, 8))
    assert decompose_sets(v, [*"abc"]).last[2] == estimate(v[:, 7] - v[:, 3])


def test_replications_that_are_not_defined_are_left_out_whole() -> None:
    v = random_game(2, 3, n=6)
    v[1, 2] = v[4, 0] = np.nan
    d = decompose_sets(v, [*"ab"])
    assert (d.total.n, d.total.undefined, d.share[0].undefined) == (4, 2, 2)
    assert sum(e.mean for e in d.share) == pytest.approx(d.total.mean, abs=1e-12)
    nothing = decompose_sets(np.full((2, 4), np.nan), [*"ab"])
    assert (nothing.total.n, nothing.residual) == (0, 0.0)
    assert np.isnan(nothing.total.mean)


def test_orders_belong_to_the_replication_and_come_with_their_reverse() -> None:
    whole = game.walks(12, 0, 10, seed=3, pairs=2)
    assert (np.concatenate([game.walks(12, 0, 4, 3, 2), game.walks(12, 4, 6, 3, 2)]) == whole).all()
    assert (np.sort(whole, axis=2) == np.arange(12)).all()
    assert (whole[:, 1::2] == whole[:, ::2, ::-1]).all()
    sets = game.steps(whole)
    assert (sets[..., 0] == 0).all()
    assert (sets[..., -1] == 2**12 - 1).all()
    assert (np.bitwise_count(sets) == np.arange(13)).all()


def test_sampled_shares_sum_exactly_and_hold_the_truth() -> None:
    # twelve interventions with pairwise synergies: share_i = a_i + Σ_j b_ij / 2. 12 x 40 intervals: even if those of one
    # study move together, 40 studies give a standard error of at most 3.4 %
    m, rng = 12, np.random.default_rng(4)
    a, b = rng.normal(size=m), np.triu(rng.normal(size=(m, m)), 1)
    truth = a + (b + b.T).sum(axis=1) / 2
    held = []
    for study in range(40):
        orders = game.walks(m, 0, 30, seed=study)
        on = game.steps(orders)[..., None] >> np.arange(m) & 1
        v = on @ a + np.einsum("...i,ij,...j->...", on, b, on) + rng.normal(size=(30, 1, 1)) * on.sum(axis=-1)
        d = decompose_sampled(orders, v, [f"i{i}" for i in range(m)])
        assert d.residual < EXACT * np.abs(v).max()
        held += [e.low - 1e-12 <= x <= e.high + 1e-12 for e, x in zip(d.share, truth, strict=True)]
    assert np.mean(held) == pytest.approx(0.95, abs=3 * 0.034)
    assert set(d.table().index.get_level_values("part")) == {"total", "share"}


def test_mistakes_get_a_message() -> None:
    with pytest.raises(ValueError, match="sets of m interventions"):
        decompose_sets(np.zeros((3, 6)), [*"ab"])
    with pytest.raises(ValueError, match="sample orders"):
        decompose_sets(np.zeros((1, 2**11)), [*"abcdefghijk"])
    with pytest.raises(ValueError, match="2 different names"):
        decompose_sets(np.zeros((3, 4)), [*"aa"])
    with pytest.raises(ValueError, match="3 replications"):
        decompose_sets(np.zeros((3, 4)), [*"ab"], np.zeros((2, 2)))
    with pytest.raises(ValueError, match="shapes"):
        decompose_sampled(game.walks(3, 0, 2), np.zeros((2, 2, 3)), [*"abc"])
