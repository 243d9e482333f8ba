"""Bands around mean series: pointwise as for single values, and simultaneous for the whole curve."""

import numpy as np
import pytest

from sim.study.statistics.bands import bands, level_bands
from sim.study.statistics.confidence_intervals import difference, estimate


def paths(studies: int, n: int, times: int, seed: int) -> np.ndarray:
    """Random walks with mean zero, (studies, n, times)."""
    return np.random.default_rng(seed).standard_normal((studies, n, times)).cumsum(axis=2)


def test_at_each_time_it_is_the_interval_of_a_single_value() -> None:
    a, b = paths(2, 25, 6, 1)
    a[3, 2] = b[7, 2] = b[7, 5] = np.nan
    band = bands(a, b, 0.9)
    for t in range(6):
        d = difference(a[:, t], b[:, t], 0.9)
        assert (band.mean[t], band.low[t], band.high[t]) == pytest.approx((d.mean, d.low, d.high), rel=1e-10)
        assert band.n[t] == d.n
    assert level_bands(a).high[2] == pytest.approx(estimate(a[:, 2]).high, rel=1e-10)


def test_too_few_replications_have_no_band() -> None:
    band = level_bands([[1.0, np.nan, 2.0], [3.0, np.nan, np.nan]])
    assert band.n.tolist() == [2, 0, 1]
    assert np.isnan(band.mean).tolist() == [False, True, False]
    assert np.isnan(band.low).tolist() == [False, True, True]


@pytest.mark.parametrize("simultaneous", [False, True])
def test_where_nothing_differs_the_band_has_no_width(simultaneous: bool) -> None:
    a, b = paths(2, 25, 6, 2)
    b[:, :3] = a[:, :3]
    a[:, 3], b[:, 3] = 0.3, 0.1
    band = bands(a, b, simultaneous=simultaneous)
    assert (band.low[:4] == band.high[:4]).all()
    assert (band.low[4:] < band.high[4:]).all()


def test_for_a_single_time_the_simultaneous_band_is_students() -> None:
    # the bootstrap quantile, 2.20, has a standard error of sqrt(0.95 0.05 / 4000) / (2 f) = 0.04, f the t density there
    a, b = paths(2, 12, 1, 3)
    one, all_ = bands(a, b), bands(a, b, simultaneous=True)
    assert (all_.high - all_.mean) / (one.high - one.mean) == pytest.approx(1.0, abs=3 * 0.04 / 2.2)


def test_perfectly_dependent_times_need_no_more_than_one() -> None:
    a, b = paths(2, 200, 1, 4)
    single, many = bands(a, b, simultaneous=True), bands(np.tile(a, 9), np.tile(b, 9), simultaneous=True)
    assert many.high == pytest.approx(np.tile(single.high, 9))


def test_the_simultaneous_band_holds_the_whole_curve_as_often_as_it_says() -> None:
    # 400 studies: binomial standard error 1.1 %; pointwise bands miss somewhere far more often
    whole, pointwise = 0, 0
    for walks in paths(400, 25, 20, 5):
        band, narrow = level_bands(walks, simultaneous=True), level_bands(walks)
        whole += bool(((band.low <= 0) & (band.high >= 0)).all())
        pointwise += bool(((narrow.low <= 0) & (narrow.high >= 0)).all())
    assert whole / 400 == pytest.approx(0.95, abs=3 * 0.011)
    assert pointwise / 400 < 0.90


def test_the_same_data_give_the_same_band() -> None:
    a, b = paths(2, 25, 6, 6)
    assert (bands(a, b, simultaneous=True).high == bands(a, b, simultaneous=True).high).all()
