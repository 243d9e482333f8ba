"""Precision: it stops where it should, says so, and still holds the truth."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.study.precision import Pairs, Precision, PrecisionReport, all_settled, check, checkpoints

ASKED = Precision("leakage", half_width=0.1)


def sampler(x: np.ndarray, measure: str = "leakage") -> Callable[[int], Pairs]:
    return lambda n: {("late", measure): (x[:n], np.zeros(n))}


def pursue(targets: Sequence[Precision], sample: Callable[[int], Pairs]) -> tuple[PrecisionReport, ...]:
    """Add replications until every precision is reached or given up; the reports of the last checkpoint."""
    return next(reports for n in checkpoints(targets) if all_settled(reports := check(targets, sample(n))))


def normal(seed: int, sd: float = 1.0, n: int = 10_000) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, sd, n)


@given(st.integers(2, 500), st.integers(0, 20_000))
def test_checkpoints_grow_by_a_fifth_from_the_least_to_the_most(minimum: int, more: int) -> None:
    at = checkpoints([Precision("leakage", 1.0, minimum=minimum, maximum=minimum + more)])
    assert (at[0], at[-1]) == (minimum, minimum + more)
    assert all(n == min(np.ceil(1.2 * m), at[-1]) for m, n in pairwise(at))


def test_it_stops_at_the_first_checkpoint_that_is_narrow_enough() -> None:
    x = normal(1)
    (report,) = pursue([ASKED], sampler(x))
    at = checkpoints([ASKED])
    assert report.reached
    assert report.half_width <= 0.1
    before = at[: at.index(report.n)]
    assert before
    assert all(not check([ASKED], sampler(x)(n))[0].reached for n in before)


def test_it_takes_as_many_replications_as_theory_says() -> None:
    # (1.96 / 0.1)^2 = 384 for unit variance; a checkpoint may come a fifth late, and the estimated sd is off by
    # 1 / sqrt(2 384) = 3.6 %, so n by 7.2 %: on average over 100 studies between 384 - 3 se and 1.2 384 + 3 se
    n = [pursue([ASKED], sampler(normal(seed, n=2000)))[0].n for seed in range(100)]
    error = 384 * 0.072 / np.sqrt(100)
    assert 384 - 3 * error < np.mean(n) < 1.2 * 384 + 3 * error


def test_needed_predicts_the_number_of_replications() -> None:
    # from 30 replications the variance is known to sqrt(2 / 29) = 26 %
    first = [check([ASKED], sampler(normal(seed))(30))[0].needed for seed in range(200)]
    t_to_z = (2.045 / 1.960) ** 2
    assert np.mean(first) == pytest.approx(384 * t_to_z, rel=3 * 0.26 / np.sqrt(200))


@pytest.mark.parametrize(("shape", "least"), [("normal", 0.95), ("skewed", 0.92)])
def test_stopping_does_not_cost_much_coverage(shape: str, least: float) -> None:
    # 300 studies: binomial standard error 1.3 %. Normal differences keep the stated 95 %. With a skewness of 1.75
    # the mean and the variance are small together, and stopping prefers small variances: 92 % is what it costs.
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(300):
        x = rng.normal(1.0, 0.6, 1000) if shape == "normal" else rng.lognormal(0.0, 0.5, 1000) - np.exp(0.125) + 1.0
        (report,) = pursue([ASKED], sampler(x))
        held += report.difference.low <= 1.0 <= report.difference.high
    assert least - 3 * 0.013 < held / 300 < 0.95 + 3 * 0.013


@pytest.mark.parametrize(("p", "half_width"), [(0.005, 0.02), (0.02, 0.02), (0.02, 0.05), (0.05, 0.02), (0.2, 0.05)])
def test_rare_differences_do_not_stop_it_too_soon(p: float, half_width: float) -> None:
    """100 studies: 95 % within three binomial standard errors, 6.5 points. Without allowance for what is not seen yet,
    a probability of 0.02 would be held by 47 %, for most studies would end at +-0 after 30 replications."""
    rng = np.random.default_rng(20170904)
    held = 0
    for _ in range(100):
        (report,) = pursue([Precision("leakage", half_width)], sampler((rng.random(10_000) < p).astype(float)))
        held += report.difference.low <= p <= report.difference.high
        assert report.reached
        assert 0.0 < report.half_width <= half_width
    assert held / 100 > 0.95 - 0.065


def test_what_is_never_defined_ends_at_the_first_look() -> None:
    (report,) = pursue([ASKED], sampler(np.full(10_000, np.nan)))
    assert (report.n, report.reached, report.given_up) == (30, False, True)
    assert "leakage of late against the baseline: not defined in any of 30 replications (domestic" in str(report)


def test_several_at_once_stop_together() -> None:
    x, y = normal(5, sd=0.2), normal(6, sd=1.0)
    asked = [ASKED, Precision("suppression", half_width=0.1, minimum=40)]

    def sample(n: int) -> Pairs:
        zero = np.zeros(n)
        return {
            ("late", "leakage"): (x[:n], zero),
            ("soft", "leakage"): (y[:n], zero),
            ("late", "suppression"): (x[:n], zero),
        }

    reports = pursue(asked, sample)
    assert [(r.policy, r.target.measure) for r in reports] == [
        ("late", "leakage"),
        ("soft", "leakage"),
        ("late", "suppression"),
    ]
    assert all(r.reached for r in reports)
    (alone,) = pursue([Precision("leakage", 0.1, minimum=40)], sampler(y))
    assert {r.n for r in reports} == {alone.n}


def test_what_cannot_be_reached_is_given_up() -> None:
    asked = Precision("leakage", half_width=0.01, maximum=50)
    (report,) = pursue([asked], sampler(normal(7)))
    assert (report.reached, report.given_up, report.n) == (False, True, 50)
    assert report.needed > 10_000
    assert "given up" in str(report)
    assert f"about {report.needed} replications" in str(report)


def test_undefined_replications_do_not_count() -> None:
    x = normal(8, sd=0.01, n=400)
    x[::2] = np.nan
    asked = Precision("leakage", half_width=0.1, maximum=400)
    (first,) = check([asked], sampler(x)(30))
    assert (first.reached, first.difference.n, first.needed) == (False, 15, 60)
    (report,) = pursue([asked], sampler(x))
    assert report.reached
    assert report.difference.n >= 30
    (never,) = check([asked], sampler(np.full(30, np.nan))(30))
    assert (never.reached, never.needed) == (False, 0)
    assert "not defined in any of 30 replications" in str(never)
    (once,) = check([asked], sampler(np.where(np.arange(30) == 3, 0.2, np.nan))(30))
    assert (once.given_up, once.needed) == (False, 0)
    assert "defined in 1 of 30 replications, too few for an interval" in str(once)


def test_mistakes_get_a_message() -> None:
    with pytest.raises(ValueError, match="did you mean leakage"):
        check([Precision("leakge", 0.1)], sampler(normal(9))(30))
    with pytest.raises(ValueError, match="half_width of leakage"):
        Precision("leakage", 0.0)
    with pytest.raises(ValueError, match="minimum"):
        Precision("leakage", 0.1, minimum=50, maximum=40)
    with pytest.raises(ValueError, match="confidence"):
        Precision("leakage", 0.1, confidence=95)
    with pytest.raises(ValueError, match="no precision"):
        checkpoints([])
