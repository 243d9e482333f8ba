"""Paired differences: closed forms, invariants, and how often the interval holds the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.statistics.confidence_intervals import Difference, difference, estimate

WHOLE = st.integers(-1000, 1000).map(float)  # sums and differences of whole numbers are exact
PAIRS = st.lists(st.tuples(WHOLE, WHOLE), min_size=2, max_size=30).map(np.array)


def fields(d: Difference) -> list[float]:
    return [d.mean, d.low, d.high, d.n, d.undefined, d.sign, d.variance_ratio]


def test_the_interval_is_that_of_the_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(1.0, 2.0, 40), rng.normal(0.0, 1.0, 40)
    theirs = stats.ttest_rel(a, b).confidence_interval(0.9)
    ours = difference(a, b, 0.9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=1e-12)
    assert ours.mean == pytest.approx(np.mean(a - b), rel=1e-12)
    assert ours.half_width == pytest.approx(ours.high - ours.mean, rel=1e-12)


def test_pairs_that_are_not_defined_are_left_out_and_counted() -> None:
    a, b = [1.0, np.nan, 3.0, 7.0, np.nan], [0.0, 1.0, np.nan, 3.0, np.nan]
    d = difference(a, b)
    assert (d.n, d.undefined, d.mean) == (2, 3, 2.5)
    assert fields(d)[:4] == fields(difference([1.0, 7.0], [0.0, 3.0]))[:4]
    assert (estimate(a).n, estimate(a).undefined, estimate(a).mean) == (3, 2, pytest.approx(11 / 3))


def test_degenerate_cases_are_as_documented() -> None:
    none, one = difference([np.nan], [1.0]), difference([3.0], [1.0])
    assert none.n == 0
    assert np.isnan([none.mean, none.low, none.high, none.sign, none.variance_ratio]).all()
    assert (one.n, one.mean, one.sign) == (1, 2.0, 1.0)
    assert np.isnan([one.low, one.high, one.variance_ratio]).all()
    same = difference([1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    assert (same.mean, same.sign, same.variance_ratio, same.constant) == (0.0, 0.5, np.inf, True)
    still = difference([0.1] * 3, [0.3] * 3)  # no sum of 0.1 is exact, yet nothing varies
    assert (still.low, still.high, still.variance_ratio, still.constant) == (0.1 - 0.3, 0.1 - 0.3, 1.0, True)
    assert not difference([1.0, 2.0, 4.0], [1.0, 2.0, 3.0]).constant


def test_what_was_not_seen_is_in_the_interval() -> None:
    """A difference that never was in n replications of a measure that varies by 2: the rule of three, 3 / n of that."""
    for n in (30, 100, 1000):
        varying = np.linspace(0.0, 2.0, n)
        d = difference(varying, varying)
        assert (d.mean, d.low) == (0.0, -d.high)
        assert d.high == pytest.approx(3.0 / n * 2.0, rel=0.05)
        once = difference(varying + np.eye(n)[0], varying)
        student = stats.ttest_1samp(np.eye(n)[0], 0.0).confidence_interval()
        assert once.low < student.low < student.high < once.high
        assert difference(np.zeros(n), np.zeros(n), unseen=2.0).high == d.high


@pytest.mark.parametrize("p", [0.002, 0.01, 0.02, 0.05, 0.2, 0.6])
@pytest.mark.parametrize("n", [30, 100, 400])
def test_an_interval_holds_a_rare_difference_as_often_as_it_says(p: float, n: int) -> None:
    """Exact: how often it holds the probability of an event, over all numbers of events. Student's: 0.45 at 0.02, 30.

    Where more than half have the event or it is even, intervals are Student's, whose worst is 0.93 here.
    """
    held = 0.0
    for k in range(n + 1):
        d = difference((np.arange(n) < k).astype(float), np.zeros(n), unseen=1.0)
        held += stats.binom.pmf(k, n, p) * (d.low <= p <= d.high)
    assert held >= 0.93


def test_it_reads_as_one_writes_it() -> None:
    assert str(estimate([1.0, 2.0, 3.0, 4.0])) == "2.5 [0.4457, 4.554] (95 %, n = 4)"


def test_sign_counts_a_tie_half() -> None:
    assert difference([1.0, 2.0, 0.0, -1.0], [0.0] * 4).sign == (2 + 0.5) / 4
    assert difference([1.0, -1.0], [0.0, 0.0]).sign == 0.5


@given(PAIRS, WHOLE)
def test_adding_a_constant_to_both_changes_nothing(pairs: np.ndarray, constant: float) -> None:
    a, b = pairs.T
    assert fields(difference(a + constant, b + constant)) == fields(difference(a, b))


@given(PAIRS)
def test_swapping_the_policies_negates(pairs: np.ndarray) -> None:
    a, b = pairs.T
    one, other = difference(a, b), difference(b, a)
    assert (one.mean, one.low, one.high) == (-other.mean, -other.high, -other.low)
    assert (one.sign, one.variance_ratio) == (other.sign, other.variance_ratio)


@given(PAIRS, st.integers(0, 2**32 - 1))
def test_the_order_of_replications_does_not_matter(pairs: np.ndarray, seed: int) -> None:
    mixed = np.random.default_rng(seed).permutation(pairs)
    assert fields(difference(*mixed.T)) == pytest.approx(fields(difference(*pairs.T)), rel=1e-9, abs=1e-9)


def test_the_variance_ratio_is_that_of_correlated_normals() -> None:
    # (1 + 1) / (2 - 2 rho) = 1 / (1 - rho); its estimate has a relative standard error of about 2 / sqrt(n)
    n, rho = 40_000, 0.8
    a, b = np.random.default_rng(2).multivariate_normal([0, 0], [[1, rho], [rho, 1]], n).T
    assert difference(a, b).variance_ratio == pytest.approx(1 / (1 - rho), rel=4 * 2 / np.sqrt(n))


@pytest.mark.parametrize("skewed", [False, True])
def test_an_interval_holds_the_truth_as_often_as_it_says(skewed: bool) -> None:
    # of 1000 studies 950 are expected to hold, with a binomial standard error of 0.7 %; 2 % are three of them
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.5, 1.0, (1000, 60)), np.zeros((1000, 60))
    if skewed:
        a = rng.lognormal(0.0, 0.5, a.shape) - np.exp(0.125) + 0.5  # skewness 1.75
    found = [difference(x, y) for x, y in zip(a, b, strict=True)]
    assert np.mean([d.low <= 0.5 <= d.high for d in found]) == pytest.approx(0.95, abs=0.02)


def test_mistakes_get_a_message() -> None:
    with pytest.raises(ValueError, match="same replications"):
        difference([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match=r"did you mean 0\.95"):
        difference([1.0], [1.0], 95)
    with pytest.raises(ValueError, match="infinite"):
        estimate([1.0, np.inf])
    with pytest.raises(ValueError, match="dimension"):
        estimate(3.0)
