"""Weights by real runs against posteriors that are known, and what they say of emulators that are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from sim.calibration.history_matching import Matching, MatchingPlan, match
from sim.calibration.real_runs import RealRuns, further
from sim.calibration.targets import Target, Targets
from sim.world.arrays import Floats

TARGETS = Targets((Target("a", 4.0, 0.5, 0.0), Target("b", 6.0, 0.5, 0.0)))
NAMES = ("first", "second")
RUNS = 20
COVARIANCE = np.array([[0.04, 0.03], [0.03, 0.04]])


def means(points: Floats) -> Floats:
    """Facts 10 u and 5 u + 5 v of two parameters."""
    return np.column_stack([10.0 * points[:, 0], 5.0 * points[:, 0] + 5.0 * points[:, 1]])


def runs_at(points: Floats, runs: int, off: float = 0.0, seed: int = 5) -> Floats:
    """Correlated runs, of a world in which the second fact is off by so much."""
    chance = np.random.default_rng(seed).multivariate_normal(np.zeros(2), COVARIANCE, (len(points), runs))
    return means(points)[:, None] + [0.0, off] + chance


@pytest.fixture(scope="module")
def matching() -> Matching:
    return match(TARGETS, 2, lambda points, first: runs_at(points, 3), MatchingPlan(2, 40, 3, 1000, 1))


def real_runs(matching: Matching, off: float = 0.0) -> RealRuns:
    points = matching.posterior()
    return RealRuns(matching, NAMES, points, TARGETS.scaled(runs_at(points, RUNS, off)))


def exact(off: float) -> tuple[Floats, Floats]:
    """Means and deviations of the posterior, by importance sampling of the exact likelihood at 200,000 points."""
    u = np.random.default_rng(0).random((200_000, 2))
    rest = means(u) - [4.0, 6.0 - off]
    weight = np.exp(-0.5 * np.einsum("nf,nf->n", rest, np.linalg.solve(0.25 * np.eye(2) + COVARIANCE, rest.T).T))
    part = weight / weight.sum()
    return part @ u, np.sqrt(part @ (u - part @ u) ** 2)


def test_where_emulators_are_right_nearly_all_points_count(matching: Matching) -> None:
    """With 20 runs luck takes some 2 %, and the correlation that emulators leave out a little more."""
    found = real_runs(matching)
    assert found.effective > 0.9
    assert 0.9 < found.luck <= 1.0
    assert found.reliable
    assert (found.parameters()["shift"].abs() < 0.15).all()
    assert (found.facts()["size"] < 0.3).all()
    assert "would with exact emulators" in str(found)


def test_chance_is_that_of_the_runs(matching: Matching) -> None:
    """19,000 degrees of freedom: within 5 %, but for what the scale takes away far from the record."""
    found = real_runs(matching)
    np.testing.assert_allclose(found._chance, COVARIANCE / (4.0 * 0.5) ** 2, rtol=0.15)


@pytest.mark.parametrize("off", [0.0, 0.5])
def test_the_weighted_posterior_is_the_exact_one(matching: Matching, off: float) -> None:
    """Also where emulators are off by a whole error.

    Three standard errors of some 500 points that count are 0.13; the scale of distances is not quite straight.
    """
    found = real_runs(matching, off)
    mean, deviation = exact(off)
    sample = found.resampled()
    assert len(sample) == len(found.points)
    np.testing.assert_allclose((sample.mean(axis=0) - mean) / deviation, 0.0, atol=0.2)
    np.testing.assert_allclose(sample.std(axis=0) / deviation, 1.0, atol=0.15)
    if off:
        unweighted = (found.points.mean(axis=0) - mean) / deviation
        assert np.abs(unweighted).max() > 0.4  # so the weights had something to do
        assert found.facts().index[0] == "b"
        assert found.facts().loc["b", "bias"] == pytest.approx(1.0, abs=0.1)
        table = found.parameters()
        assert table.index[0] == "second"
        assert table.loc["second", "shift"] == pytest.approx(-unweighted[1], abs=0.2)


def test_luck_says_how_many_points_few_runs_leave(matching: Matching) -> None:
    """Four runs leave fewer than forty, and emulators that are exact lose no more points than luck takes."""
    points = matching.posterior()
    noisy = 25.0 * COVARIANCE
    chance = np.random.default_rng(6).multivariate_normal(np.zeros(2), noisy, (len(points), 40)) / 2.0
    distances = TARGETS.scaled(means(points))[:, None] + chance / 4.0
    few, many = (RealRuns(matching, NAMES, points, distances[:, :r]) for r in (4, 40))
    assert few.luck < many.luck < 1.0
    assert few.effective < many.effective
    assert few.effective == pytest.approx(few.luck, abs=0.15)


def test_weights_that_rest_on_few_points_are_not_used(matching: Matching) -> None:
    found = real_runs(matching, off=8.0)
    assert not found.reliable
    assert found.effective < 0.1
    assert "this posterior is that of the emulators" in str(found)


def test_rounds_reach_what_weights_do_not(matching: Matching) -> None:
    """Emulators that are off by two errors: few points count, and rounds take them to the exact posterior.

    Three standard errors of some 500 points that count are 0.13; the scale of distances is not quite straight.
    """
    off = 1.0
    first = real_runs(matching, off)
    assert first.effective < 0.1
    found = further(first, lambda points, number: TARGETS.scaled(runs_at(points, RUNS, off, 10 + number)), 20)

    powers = [each.power for each in found.rounds]
    assert powers == sorted(powers)
    assert 1 < len(powers) < 20
    assert found.power == 1.0
    assert found.effective >= 0.5
    assert (found.weights == 1.0).all()
    assert all(each.accepted > 0.2 for each in found.rounds)
    mean, deviation = exact(off)
    np.testing.assert_allclose((found.resampled().mean(axis=0) - mean) / deviation, 0.0, atol=0.2)
    np.testing.assert_allclose(found.resampled().std(axis=0) / deviation, 1.0, atol=0.2)
    assert f"after {len(powers)} rounds of 20 real runs at each" in str(found)


def test_weights_make_up_for_rounds_that_are_left_out(matching: Matching) -> None:
    """After one round of several the rest of the way is weighed; 0.3 is three errors of some 100 points that count."""
    off = 1.0
    runs = further(
        real_runs(matching, off), lambda points, number: TARGETS.scaled(runs_at(points, RUNS, off, 10 + number)), 1
    )
    assert 0.0 < runs.power < 1.0
    mean, deviation = exact(off)
    np.testing.assert_allclose((runs.resampled().mean(axis=0) - mean) / deviation, 0.0, atol=0.3)
    assert runs.method == ", then moved in 1 round of 20 real runs at each point and weighed by them"
