"""Trade-offs: who is dominated, how sure that is, and where two means lie together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.statistics.pareto import efficient, efficient_share, region

POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=20)


def test_suppression_against_leakage() -> None:
    points = [(0.9, 0.5), (0.6, 0.1), (0.6, 0.2), (0.9, 0.5), (0.2, 0.1), (np.nan, 0.0)]
    assert efficient(points, (True, False)).tolist() == [True, True, False, True, False, False]


@given(POINTS)
def test_every_point_is_efficient_or_dominated_by_one_that_is(points: list[tuple[int, int]]) -> None:
    good = efficient(points, (True, False))
    front = [p for p, yes in zip(points, good, strict=True) if yes]
    assert front
    for (x, y), yes in zip(points, good, strict=True):
        beaten = any(u >= x and v <= y and (u, v) != (x, y) for u, v in front)
        assert beaten != yes


@given(POINTS)
def test_turning_a_measure_round_turns_what_is_better(points: list[tuple[int, int]]) -> None:
    x = np.array(points, dtype=float)
    assert (efficient(x, (True, False)) == efficient(x * [1, -1], (True, True))).all()


def test_how_sure_the_front_is() -> None:
    # policies 0 and 1 share one measure and differ by d in the other: 0 dominates where the mean of d is positive,
    # and the bootstrap probability of that is normal in mean / standard error. 1000 draws: standard error 1.6 %
    rng = np.random.default_rng(1)
    n = 100
    noise, d = rng.normal(size=(n, 2)), rng.normal(0.1, 1.0, n)
    values = np.stack([noise + np.column_stack([d, np.zeros(n)]), noise, noise - 9.0], axis=1)
    share = efficient_share(values, (True, True))
    sure = stats.norm.cdf(d.mean() / (d.std() / np.sqrt(n)))
    assert share == pytest.approx([sure, 1 - sure, 0.0], abs=3 * 0.016)
    values[7, 2, 1] = np.nan
    assert efficient_share(values, (True, True))[2] == 0.0
    assert np.isnan(efficient_share(np.full((2, 3, 2), np.nan), (True, True))).all()


def test_the_region_holds_both_means_as_often_as_it_says() -> None:
    # 1000 studies: binomial standard error 0.7 %
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(1000):
        x, y = rng.multivariate_normal([1.0, 2.0], [[1.0, 0.8], [0.8, 2.0]], 6).T
        r = region(x, y)
        off = np.array([1.0, 2.0]) - r.centre
        along = off @ [np.cos(r.angle), np.sin(r.angle)]
        across = off @ [-np.sin(r.angle), np.cos(r.angle)]
        held += (along / r.axes[0]) ** 2 + (across / r.axes[1]) ** 2 <= 1.0
    assert held / 1000 == pytest.approx(0.95, abs=3 * 0.007)


def test_the_region_lies_along_what_varies_together() -> None:
    t = np.linspace(-1.0, 1.0, 9)
    r = region(t, np.sqrt(3.0) * t)
    assert (r.angle, r.axes[1], r.n) == (pytest.approx(np.pi / 3), pytest.approx(0.0, abs=1e-7), 9)
    assert np.isnan(region([1.0, 2.0, np.nan], [1.0, 2.0, 3.0]).axes).all()


def test_mistakes_get_a_message() -> None:
    with pytest.raises(ValueError, match="2 measures"):
        efficient([[1.0, 2.0, 3.0]], (True, False))
    with pytest.raises(ValueError, match="confidence"):
        region([1.0], [1.0], 95)
