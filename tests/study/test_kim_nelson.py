"""Races: the probability of finding the best, under correlation as common random numbers make it, and what is saved."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.race.kim_nelson import RaceOptions, RaceOutcome, Sample, continuation_limits, run_race

DELTA = 0.3
ASKED = RaceOptions(DELTA, confidence=0.95, n0=20, maximum=3000)
STUDIES = 150
SHORT = 3 * np.sqrt(0.95 * 0.05 / STUDIES)  # three binomial standard errors
SLIPPAGE = (DELTA, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # the hardest case: all others as good as may be
SPACED = tuple(-DELTA * i for i in range(8))


def table(means: Sequence[float], correlation: float, seed: int, skewed: bool = False) -> np.ndarray:
    """Normal measures (or shifted lognormal ones) of standard deviation 1 with common random numbers, (3000, k)."""
    rng = np.random.default_rng(seed)
    common, own = rng.standard_normal((3000, 1)), rng.standard_normal((3000, len(means)))
    z = np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own
    if skewed:
        z = (np.exp(0.5 * z) - np.exp(0.125)) / np.sqrt(np.exp(0.25) * (np.exp(0.25) - 1.0))
    return z + np.array(means)


def reader(x: np.ndarray) -> Sample:
    return lambda systems, first, count: x[first : first + count, list(systems)]


def run(x: np.ndarray, options: RaceOptions = ASKED, batch: int = 50) -> RaceOutcome:
    return run_race(reader(x), x.shape[1], options, batch)


def same(a: RaceOutcome, b: RaceOutcome) -> bool:
    return all(np.array_equal(getattr(a, f), getattr(b, f)) for f in RaceOutcome.__dataclass_fields__)


@pytest.mark.parametrize("means", [SLIPPAGE, SPACED], ids=["slippage", "spaced"])
@pytest.mark.parametrize(("correlation", "skewed"), [(0.0, False), (0.7, False), (0.7, True)])
def test_the_best_wins_as_often_as_promised(means: tuple[float, ...], correlation: float, skewed: bool) -> None:
    # promised for normal measures; that moderately skewed ones (skewness 1.75 each) do as well is found, not proven
    wins = [run(table(means, correlation, seed, skewed)).best == 0 for seed in range(STUDIES)]
    assert np.mean(wins) >= 0.95 - SHORT


def test_with_several_good_ones_the_winner_is_one_of_them() -> None:
    # 0.1, 0.2 and 0.3 below the best are within delta; found, not proven: Kim and Nelson promise for a single best
    means = [-DELTA / 3 * i for i in range(8)]
    assert np.mean([run(table(means, 0.5, seed)).best <= 3 for seed in range(STUDIES)]) >= 0.95 - SHORT


def test_it_costs_less_than_running_all_equally_long_with_the_same_promise() -> None:
    # Clark & Yang (1986): two stages, Bonferroni, valid for correlated systems, but every system runs to the end
    spent, equal = 0.0, 0.0
    for seed in range(50):
        x = table(SPACED, 0.7, seed)
        spent += run(x).replications.sum()
        pilot = x[: ASKED.n0]
        t = stats.t.ppf(1 - 0.05 / 7, ASKED.n0 - 1)
        worst = max(np.var(pilot[:, [i]] - pilot, axis=0, ddof=1).max() for i in range(8))
        equal += 8 * max(ASKED.n0, np.ceil(t**2 * worst / DELTA**2))
    assert spent < 0.5 * equal
    assert run(table(SPACED, 0.0, 1)).saving > 0.3


def test_common_random_numbers_shorten_the_race() -> None:
    # the triangle is as long as the variance of the difference, here 2 (1 - correlation)
    lengths = [continuation_limits(table(SLIPPAGE, r, 1)[:500], DELTA, 0.95)[0, 1] for r in (0.0, 0.8)]
    assert lengths[1] / lengths[0] == pytest.approx(0.2, rel=4 * np.sqrt(2 * 2 / 500))


def test_the_triangle_is_that_of_the_paper() -> None:
    # eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2, h^2 = 2 eta (n0 - 1)
    pilot = table(SPACED, 0.5, 1)[:10]
    h2 = ((2 * 0.05 / 7) ** (-2 / 9) - 1) * 9
    assert continuation_limits(pilot, DELTA, 0.95)[2, 5] == pytest.approx(
        h2 * np.var(pilot[:, 2] - pilot[:, 5], ddof=1) / DELTA**2
    )


@given(st.integers(0, 1000), st.integers(1, 200))
def test_batches_change_nothing(seed: int, batch: int) -> None:
    x = table(SPACED[:4], 0.5, seed)
    assert same(run(x), run(x, batch=batch))


@given(st.integers(0, 1000), st.permutations(range(5)))
def test_systems_have_no_order(seed: int, order: list[int]) -> None:
    x = table(SPACED[:5], 0.5, seed)
    a, b = run(x), run(x[:, order])
    assert order[b.best] == a.best
    assert b.eliminated_at.tolist() == a.eliminated_at[order].tolist()


@given(st.integers(0, 1000))
def test_the_smallest_is_best_of_what_is_turned_round(seed: int) -> None:
    x = table(SPACED[:5], 0.5, seed)
    a, b = run(x), run(-x, replace(ASKED, larger_is_better=False))
    assert (a.best, a.survivors, a.stopped) == (b.best, b.survivors, b.stopped)
    assert a.eliminated_at.tolist() == b.eliminated_at.tolist()


def test_the_outcome_tells_what_happened() -> None:
    x = table((0.0, 0.1, 2.0, 0.2), 0.5, 1)
    o = run(x)
    assert (o.best, o.survivors, o.stopped, o.confidence) == (2, (2,), "best known", 0.95)
    assert o.eliminated_at[2] == 0
    assert (o.eliminated_at[[0, 1, 3]] >= ASKED.n0).all()
    assert o.history[-1] == (o.replications.max(), 1)
    assert [left for _, left in o.history] == sorted({left for _, left in o.history}, reverse=True)
    for i, n in enumerate(o.replications):
        assert o.mean[i] == pytest.approx(x[:n, i].mean(), rel=1e-12)
    assert o.saving == 1 - o.replications.sum() / (4 * o.replications.max())


def test_systems_that_never_differ_are_named_together() -> None:
    x = table((0.0, 2.0), 0.5, 1)[:, [0, 1, 1]]
    o = run(x)
    assert (o.best, o.survivors, o.stopped) == (1, (1, 2), "within indifference zone")
    assert o.replications[2] == ASKED.n0  # one of them is enough to go on with


def test_losers_that_never_differ_leave_no_doubt_about_the_winner() -> None:
    o = run(table((0.0, 0.4), 0.5, 1)[:, [0, 0, 1]])
    assert o.eliminated_at[1] == ASKED.n0 < o.eliminated_at[0]
    assert (o.best, o.survivors, o.stopped) == (2, (2,), "best known")


def test_at_the_cap_it_names_who_leads_and_who_is_left() -> None:
    x = table((0.0, 0.0, -5.0), 0.0, 1)
    o = run(x, replace(ASKED, maximum=30))
    assert (o.stopped, o.survivors) == ("cap", (0, 1))
    assert o.best == int(np.argmax(x[:30, :2].mean(axis=0)))
    assert o.replications.tolist() == [30, 30, 20]


def test_it_asks_only_for_those_that_are_left() -> None:
    x = table(SPACED, 0.7, 2)
    asked: list[tuple[tuple[int, ...], int, int]] = []

    def sample(systems: tuple[int, ...], first: int, count: int) -> np.ndarray:
        asked.append((systems, first, count))
        return reader(x)(systems, first, count)

    o = run_race(sample, 8, ASKED, batch=7)
    assert asked[0] == (tuple(range(8)), 0, 20)
    for systems, first, _ in asked[1:]:
        assert systems == tuple(i for i in range(8) if o.eliminated_at[i] == 0 or o.eliminated_at[i] > first)


def test_mistakes_get_a_message() -> None:
    x = table(SPACED, 0.7, 2)
    x[23, 0] = np.nan
    with pytest.raises(ValueError, match="system 0 is not defined in replication 23"):
        run(x)
    with pytest.raises(ValueError, match="two systems"):
        run(x[:, :1])
    with pytest.raises(ValueError, match="shape"):
        run_race(lambda systems, first, count: x[:count], 3, ASKED)
    with pytest.raises(ValueError, match="delta"):
        RaceOptions(0.0)
    with pytest.raises(ValueError, match="confidence"):
        RaceOptions(1.0, confidence=95)
    with pytest.raises(ValueError, match="n0"):
        RaceOptions(1.0, n0=1)


def test_who_is_far_behind_is_beaten_even_where_the_triangle_closes_at_once():
    """A lead of 30 deltas with hardly any noise: the first look settles it, and nobody was merely not told apart."""

    def sample(systems, first, count):
        noise = np.random.default_rng(first).normal(0.0, 1e-6, (count, 1))
        return noise + np.array([0.0, -0.3, -0.004])[list(systems)]

    found = run_race(sample, 3, RaceOptions(delta=0.01, n0=10))
    assert found.best == 0
    assert found.eliminated_at.tolist() == [0, 10, 10]
    assert found.survivors == (0, 2)
    assert found.stopped == "within indifference zone"
    assert run_race(lambda s, f, n: sample(s, f, n)[:, :2], 2, RaceOptions(delta=0.01, n0=10)).stopped == "best known"
