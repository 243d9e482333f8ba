"""History matching and posteriors against simulators whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.calibration.history_matching import CUTOFF, Matching, MatchingPlan, Wave, match
from sim.calibration.targets import Target, Targets
from sim.world.arrays import Floats

PLAN = MatchingPlan(waves=2, points=40, replications=3, population=600, seed=1)
NOISE = 0.1


def sums(points: Floats, first: int) -> Floats:
    """Two facts of three parameters, of which the third has no effect: 10 a and 5 a + 5 b, with chance."""
    means = np.column_stack([10.0 * points[:, 0], 5.0 * points[:, 0] + 5.0 * points[:, 1]])
    draws = [np.random.default_rng([7, first + p]).normal(size=(3, 2)) for p in range(len(points))]
    return means[:, None, :] + NOISE * np.array(draws)


def facts(errors: tuple[float, float] = (0.5, 0.5), record: tuple[float, float] = (4.0, 6.0)) -> Targets:
    return Targets(tuple(Target(f"f{i}", z, e, 0.0) for i, (z, e) in enumerate(zip(record, errors, strict=True))))


@pytest.fixture(scope="module")
def matching() -> Matching:
    return match(facts(), 3, sums, PLAN)


def test_what_is_left_has_the_volume_that_theory_says(matching: Matching) -> None:
    """By 200,000 points of the cube it is 0.20; three standard errors of the population and its levels are 0.06."""
    u = np.random.default_rng(0).random((200_000, 3))
    x = np.column_stack([10.0 * u[:, 0], 5.0 * u[:, 0] + 5.0 * u[:, 1]])
    y = np.arcsinh((x - [4.0, 6.0]) / (4 * 0.5))
    exact = (np.abs(y / np.hypot(0.25, NOISE / (4 * 0.5))) <= CUTOFF).all(axis=1).mean()
    assert matching.reports[-1].volume == pytest.approx(exact, abs=0.06)
    assert matching.reports[-1].cutoff == CUTOFF


def test_the_posterior_is_the_exact_one(matching: Matching) -> None:
    """Against importance sampling of the exact likelihood: medians within 0.03, widths of 90 % within a fifth."""
    rng = np.random.default_rng(0)
    u = rng.random((200_000, 3))
    x = np.column_stack([10.0 * u[:, 0], 5.0 * u[:, 0] + 5.0 * u[:, 1]])
    weight = np.exp(-0.5 * ((x - [4.0, 6.0]) ** 2 / (0.5**2 + NOISE**2)).sum(axis=1))
    exact = np.quantile(u[rng.choice(len(u), 20_000, p=weight / weight.sum())], [0.05, 0.5, 0.95], axis=0)
    found = np.quantile(matching.posterior(), [0.05, 0.5, 0.95], axis=0)
    np.testing.assert_allclose(found[1, :2], exact[1, :2], atol=0.03)
    np.testing.assert_allclose(found[2] - found[0], exact[2] - exact[0], rtol=0.2)


def test_a_fact_narrows_only_what_it_depends_on(matching: Matching) -> None:
    by_first = matching.posterior(facts=[0])
    width = np.ptp(np.quantile(by_first, [0.05, 0.95], axis=0), axis=0) / 0.9
    assert width[0] < 0.3
    assert width[1:] == pytest.approx(1.0, abs=0.1)  # a population of 600: three standard errors


def test_emulators_know_how_wrong_they_are(matching: Matching) -> None:
    """Of 80 errors at points that were not fitted, 95 % within two standard deviations: three errors of that are 7 %."""
    assert (np.abs(matching.surprise()) < 2.0).mean() > 0.85


def test_waves_that_are_stored_are_not_simulated_again(matching: Matching) -> None:
    def never(points: Floats, first: int) -> Floats:
        raise AssertionError

    kept: list[int] = []
    again = match(facts(), 3, never, PLAN, matching.waves, keep=lambda number, wave: kept.append(number))
    assert again.posterior().tobytes() == matching.posterior().tobytes()
    assert kept == []
    half = match(facts(), 3, sums, PLAN, matching.waves[:1])
    assert half.waves[1].points.tobytes() == matching.waves[1].points.tobytes()


def test_a_record_that_no_point_meets_is_told() -> None:
    """Facts that contradict each other leave a level above the cutoff, and all of them rule out."""
    found = match(facts(record=(0.0, 30.0), errors=(0.5, 0.5)), 3, sums, MatchingPlan(1, 40, 3, 300, 0))
    report = found.reports[-1]
    assert report.cutoff > CUTOFF
    assert report.volume < 0.1
    assert found.region is not None
    assert np.isfinite(found.region.points).all()


def test_what_is_not_defined_is_as_far_away_as_what_is_quite_wrong() -> None:
    undefined, wrong, hopeless = facts().scaled(np.array([[np.nan, 6.0], [14.0, 6.0], [np.inf, -np.inf]]))
    assert undefined.tolist() == wrong.tolist()
    assert hopeless[0] == -hopeless[1] > wrong[0]


def test_a_fact_that_never_varies_is_emulated_as_it_is() -> None:
    wave = Wave(np.random.default_rng(0).random((20, 2)), np.ones((20, 2, 1)))
    found = Matching(Targets((Target("f", 1.0, 0.1, 0.0),)), MatchingPlan(1, 20, 2, 100, 0), 2).after(wave)
    assert found.reports[0].volume == 1.0
    assert found.reports[0].ruled_out.tolist() == [0.0]
