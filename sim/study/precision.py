"""When a precision is reached: replications are added until the interval of each difference is narrow enough.

A sequential fixed-width procedure (Chow & Robbins 1965, Annals of Mathematical Statistics 36(2); Law 2015, section
9.4; Hoad, Robinson & Davies 2010, Journal of the Operational Research Society 61(11)): check the interval at some
numbers of replications and stop when it is narrow enough. Checking often and early stops too soon, at variances that
happen to be small. So the first checkpoint is `minimum`, and each next one is a fifth further on.

A difference that is the same in most replications may hide a rare event, for which intervals allow
(`sim.study.statistics.confidence_intervals`). If a measure has not varied under any policy so far, the event counts as
one unit of the measure: a part of everything, an exchange, a case, a day.

The checkpoints are fixed in advance. So the result does not depend on which worker finishes first.

Stopping when the estimated variance is small costs coverage if differences are skewed. Measured at a confidence of 0.95
with 40 to 400 replications needed: 0.95 for normal differences, 0.92 to 0.94 for a skewness of 1.75, 0.88 to 0.93 for
one of 3.7. A larger `minimum` helps. If something of one size happens with a probability of 0.005 to 0.5, it is 0.94 or
more; if its size varies with a skewness of 1.75, 0.88 or more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.arguments import whole
from sim.model.outcomes.measures import why_undefined
from sim.study.statistics.confidence_intervals import Array, Difference, check_confidence, difference
from sim.suggest import check_known

_CHECKPOINT_RATIO = 1.2  # of successive checkpoints: at most a fifth too many replications, some 30 per factor 200

Pairs = Mapping[tuple[str, str], tuple[Array, Array]]
"""By (policy, measure): the values under the policy and under the baseline in the same replications, (n,) each."""


@dataclass(frozen=True)
class Precision:
    """The half width, in the unit of the measure, that the interval of every paired difference is to have.

    `minimum`: replications in which the difference must be defined before the precision counts as reached. `maximum`:
    replications after which it is given up. The confidence is that of each interval by itself; for `number` intervals
    to hold together, ask for 1 - (1 - confidence) / number (Bonferroni).
    """

    measure: str
    half_width: float
    confidence: float = 0.95
    minimum: int = 30
    maximum: int = 10_000

    def __post_init__(self) -> None:
        if not 0.0 < self.half_width < np.inf:
            raise ValueError(f"half_width of {self.measure} must be a number above 0, got {self.half_width}")
        check_confidence(self.confidence)
        for name in ("minimum", "maximum"):
            whole(name, getattr(self, name))
        if not 2 <= self.minimum <= self.maximum:
            raise ValueError(f"2 <= minimum <= maximum is needed, got {self.minimum} and {self.maximum}")


@dataclass(frozen=True)
class PrecisionReport:
    """Whether a precision, `target`, is reached for one policy after `n` replications.

    `needed` estimates the replications needed in all, from the variance so far: n (half_width / target)^2, at least
    `n` + 1 if it is not reached; 0 if nothing can be said yet, because the difference was defined less than twice.
    """

    target: Precision
    policy: str
    reached: bool
    half_width: float
    n: int
    needed: int
    difference: Difference

    @property
    def given_up(self) -> bool:
        """Whether it is not reached after the maximum of replications, or because the difference is never defined."""
        return not self.reached and (self.n >= self.target.maximum or self.difference.n == 0)

    def __str__(self) -> str:
        what = f"{self.target.measure} of {self.policy} against the baseline"
        so_far = f"{what}: ±{self.half_width:.3g} after {self.n} replications"
        if self.reached:
            return f"{so_far} (asked ±{self.target.half_width:g})"
        end = ", given up" if self.given_up else ""
        if self.difference.n == 0:
            reason = why_undefined(self.target.measure)
            return f"{what}: not defined in any of {self.n} replications ({reason}), given up"
        if not self.needed:
            return f"{what}: defined in {self.difference.n} of {self.n} replications, too few for an interval{end}"
        return f"{so_far}, not yet ±{self.target.half_width:g}, which takes about {self.needed} replications{end}"


def checkpoints(targets: Sequence[Precision]) -> tuple[int, ...]:
    """The numbers of replications at which precisions are checked.

    From the largest minimum to the largest maximum, each 1.2 times the one before. Raises ValueError without targets.
    """
    if not targets:
        raise ValueError("no precision was asked for")
    n = max(target.minimum for target in targets)
    last = max(target.maximum for target in targets)
    numbers = [n]
    while n < last:
        n = min(int(np.ceil(n * _CHECKPOINT_RATIO)), last)
        numbers.append(n)
    return tuple(numbers)


def within(targets: Iterable[Precision], draws: int | None) -> tuple[Precision, ...]:
    """Precisions that are given up, at the latest, when each of so many draws of parameters has had a replication.

    Further ones would share their draws, and so narrow nothing. Raises ValueError for fewer draws than a minimum.
    """
    asked = tuple(targets)
    if draws is None:
        return asked
    for target in asked:
        if draws < target.minimum:
            raise ValueError(
                f"a precision is checked from {target.minimum:,} replications on, which need as many draws, and there "
                f"are {draws:,}"
            )
    return tuple(replace(target, maximum=min(target.maximum, draws)) for target in asked)


def pairs_of(targets: Sequence[Precision], policies: Sequence[str], values: Callable[[str, str], Array]) -> Pairs:
    """The pairs that precisions are asked of: `values` has a measure of a policy, the baseline is the first policy."""
    pairs: dict[tuple[str, str], tuple[Array, Array]] = {}
    for measure in dict.fromkeys(target.measure for target in targets):
        base = values(measure, policies[0])
        pairs |= {(policy, measure): (values(measure, policy), base) for policy in policies[1:]}
    return pairs


def check(targets: Sequence[Precision], pairs: Pairs) -> tuple[PrecisionReport, ...]:
    """A report on every precision for every policy, given the first n replications of each.

    Raises ValueError if the measure of a precision is not among `pairs`.
    """
    measures = {measure for _, measure in pairs}
    for target in targets:
        check_known(target.measure, measures, "measure")
    return tuple(
        _report(target, policy, *pairs[policy, m]) for target in targets for policy, m in pairs if m == target.measure
    )


def all_settled(reports: Sequence[PrecisionReport]) -> bool:
    """Whether no more replications are needed: every precision is reached or given up."""
    return all(report.reached or report.given_up for report in reports)


def _report(target: Precision, policy: str, a: Array, b: Array) -> PrecisionReport:
    d = difference(a, b, target.confidence, unseen=1.0)
    n = len(a)
    reached = d.n >= target.minimum and d.half_width <= target.half_width
    return PrecisionReport(target, policy, reached, d.half_width, n, _replications_needed(target, d, n, reached), d)


def _replications_needed(target: Precision, d: Difference, n: int, reached: bool) -> int:
    if d.n < 2:
        return 0
    least = np.ceil(target.minimum * n / d.n)
    needed = max(np.ceil(n * (d.half_width / target.half_width) ** 2), least)
    return int(needed if reached else max(needed, n + 1))
