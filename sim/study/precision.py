"""How many replications: as many as the interval of the difference needs.

A sequential fixed-width procedure (Chow & Robbins 1965, Annals of Mathematical Statistics 36(2); Law 2015, section
9.4; Hoad, Robinson & Davies 2010, Journal of the Operational Research Society 61(11)): look at the interval after a
number of replications, stop when it is narrow enough. Looking often and early stops too soon, at variances that happen
to be small. So the first look is at `minimum`, and each next one is a fifth further on.

When to look is fixed beforehand by what is asked. The result is the same for any way of running the replications.

Stopping when the variance looks small costs coverage if differences are skewed. Measured for intervals asked at 0.95
with 40 to 400 replications needed: 0.95 for normal differences, 0.92 to 0.94 for a skewness of 1.75, 0.88 to 0.93 for
one of 3.7. A larger `minimum` helps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.study.statistics.estimates import Array, Difference, check, difference

_FURTHER = 1.2  # ratio of successive numbers of replications: at most a fifth too many, some 30 looks per factor 200

Pairs = Mapping[tuple[str, str], tuple[Array, Array]]
"""By (policy, measure): the values under the policy and under the baseline in the same replications, (n,) each."""


@dataclass(frozen=True)
class Precision:
    """A half width, in the unit of the measure, that the interval of every paired difference shall have.

    `minimum`: replications in which the difference is defined before it can count as reached. `maximum`: replications
    after which it is given up. Each interval has the confidence by itself; with several comparisons, ask
    1 - (1 - confidence) / number for all of them together (Bonferroni).
    """

    measure: str
    half_width: float
    confidence: float = 0.95
    minimum: int = 30
    maximum: int = 10_000

    def __post_init__(self) -> None:
        if not 0.0 < self.half_width < np.inf:
            raise ValueError(f"half_width of {self.measure} must be a number above 0, got {self.half_width}")
        check(self.confidence)
        if not 2 <= self.minimum <= self.maximum:
            raise ValueError(f"2 <= minimum <= maximum is needed, got {self.minimum} and {self.maximum}")


@dataclass(frozen=True)
class Reached:
    """Whether a precision is reached for one policy, after `n` replications.

    `wanted` estimates how many are needed in all, from the variance so far: n (half_width / asked)^2, at least
    `n` + 1 if it is not reached; 0 if nothing can be said yet, because the difference was defined less than twice.
    """

    asked: Precision
    policy: str
    reached: bool
    half_width: float
    n: int
    wanted: int
    difference: Difference

    @property
    def given_up(self) -> bool:
        """Whether the most replications were made and it is not reached."""
        return not self.reached and self.n >= self.asked.maximum

    def __str__(self) -> str:
        what = f"{self.asked.measure} of {self.policy} against the baseline"
        known = f"{what}: ±{self.half_width:.3g} after {self.n} replications"
        if self.reached:
            return f"{known} (asked ±{self.asked.half_width:g})"
        if not self.wanted:
            return f"{what}: defined in {self.difference.n} of {self.n} replications, too few for an interval"
        end = ", given up" if self.given_up else ""
        return f"{known}, not yet ±{self.asked.half_width:g}, which takes about {self.wanted} replications{end}"


def looks(asked: Sequence[Precision]) -> tuple[int, ...]:
    """The numbers of replications at which to look: from the largest minimum to the largest maximum, growing by 1.2."""
    if not asked:
        raise ValueError("no precision was asked for")
    n = max(p.minimum for p in asked)
    last = max(p.maximum for p in asked)
    steps = [n]
    while n < last:
        n = min(int(np.ceil(n * _FURTHER)), last)
        steps.append(n)
    return tuple(steps)


def pairs_of(asked: Sequence[Precision], values: Mapping[str, Array], measures: Sequence[str]) -> Pairs:
    """The pairs that a precision is asked of, from the measures (n, M) of each policy, the baseline first."""
    columns = {p.measure: measures.index(p.measure) for p in asked}
    (_, base), *others = values.items()
    return {(policy, m): (each[:, c], base[:, c]) for policy, each in others for m, c in columns.items()}


def review(asked: Sequence[Precision], pairs: Pairs) -> tuple[Reached, ...]:
    """Every precision for every policy that has its measure, given the first n replications of each.

    Raises ValueError if a measure that is asked for is not among `pairs`.
    """
    measures = {measure for _, measure in pairs}
    for p in asked:
        if p.measure not in measures:
            from sim.suggest import did_you_mean

            raise ValueError(f"no measure {p.measure!r}{did_you_mean(p.measure, measures)}")
    return tuple(_reached(p, policy, *pairs[policy, m]) for p in asked for policy, m in pairs if m == p.measure)


def pursue(asked: Sequence[Precision], sample: Callable[[int], Pairs]) -> tuple[Reached, ...]:
    """Replicate until every precision is reached or given up, and report the last look.

    `sample(n)` returns the first n replications; it is asked for growing n.
    """
    return next(reports for n in looks(asked) if settled(reports := review(asked, sample(n))))


def settled(reports: Sequence[Reached]) -> bool:
    """Whether no more replications are needed: everything is reached or given up."""
    return all(r.reached or r.given_up for r in reports)


def _reached(asked: Precision, policy: str, a: Array, b: Array) -> Reached:
    d = difference(a, b, asked.confidence)
    n = len(a)
    reached = d.n >= asked.minimum and d.half_width <= asked.half_width
    return Reached(asked, policy, reached, d.half_width, n, _wanted(asked, d, n, reached), d)


def _wanted(asked: Precision, d: Difference, n: int, reached: bool) -> int:
    if d.n < 2:
        return 0
    least = np.ceil(asked.minimum * n / d.n)
    needed = max(np.ceil(n * (d.half_width / asked.half_width) ** 2), least)
    return int(needed if reached else max(needed, n + 1))
