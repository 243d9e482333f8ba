"""How policies differ from one of them in a measure: means of paired differences with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.quantity import Quantity, between, digits, finer, number, quantity
from sim.plot.gather.studied import lost, subject
from sim.plot.style import capital, percent

if TYPE_CHECKING:
    from sim.study.paired import Difference
    from sim.study.study import Study

MOST = 40
"""Rows at most; of more policies, those that differ most are shown."""


@dataclass(frozen=True)
class Row:
    """A policy's mean difference with its interval, in the unit of `Quantity.change`; NaN if it is not defined.

    `sign` is the share of replications in which the difference has the sign of the mean; `digits` are the decimals
    that its interval allows.
    """

    policy: str
    mean: float
    low: float
    high: float
    sign: float
    n: int
    undefined: int
    digits: int

    @property
    def surely(self) -> bool:
        """Whether the interval lies on one side of zero, or the difference is the same in every replication."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def everywhere(self) -> bool:
        """Whether the difference is the same in all replications."""
        return self.n > 1 and self.low == self.high


@dataclass(frozen=True)
class Forest:
    """Rows from the largest difference to the smallest, undefined ones last; `level` is that of `against`."""

    quantity: Quantity
    against: str
    level: str
    rows: tuple[Row, ...]
    confidence: float
    title: str
    notes: tuple[str, ...]


def gather_difference(study: Study, measure: str, against: str = "baseline", confidence: float = 0.95) -> Forest:
    """Paired differences of every other policy less `against`.

    Raises KeyError for a measure or policy that is not there.
    """
    what, base = quantity(measure), study.level(measure, against, confidence)
    found = {p: study.paired(measure, p, against, confidence) for p in study.policies if p != against}
    places = digits(what.factor * each.half_width for each in found.values())
    every = [row_of(policy, each, what.factor, places) for policy, each in found.items()]
    every.sort(key=lambda row: (np.isnan(row.mean), -row.mean))
    rows = farthest(every)
    level = what.factor * base.mean
    known = "undefined" if np.isnan(level) else what.level(level, places + (1 if what.factor == 1.0 else 0))
    title = finding(what, rows, subject(against))
    return Forest(what, against, known, rows, confidence, title, _notes(study, what, every, rows))


def finding(what: Quantity, rows: Sequence[Row], against: str) -> str:
    """Which policy surely differs most, by how much, and how many do not."""
    defined = [row for row in rows if not np.isnan(row.mean)]
    if not defined:
        return f"{capital(what.name)}: no policy has a defined difference from {against}"
    sure = [row for row in defined if row.surely]
    if not sure:
        return f"{capital(what.name)} under no policy can be told from that under {against}"
    most = max(sure, key=lambda row: abs(row.mean))
    words = f"{capital(what.name)} is {apart(what, most)} under {subject(most.policy)} than under {against}"
    others = len(defined) - len(sure)
    more = f"; {others} of {len(defined)} policies cannot be told from it" if others else ""
    return f"{words} ({size(most)}){more}"


def apart(what: Quantity, row: Row) -> str:
    """A difference in words: "2.6 points lower"."""
    return f"{what.moved(row.mean, row.digits)} {'higher' if row.mean > 0 else 'lower'}"


def size(row: Row) -> str:
    """The interval of the size of a difference that is not zero: "2.4 to 2.8"."""
    low, high = sorted((abs(row.low), abs(row.high)))
    return number(low, row.digits) if row.everywhere else between(low, high, row.digits)


def farthest(rows: Sequence[Row], most: int = MOST) -> tuple[Row, ...]:
    """The rows that differ most, in their order."""
    if len(rows) <= most:
        return tuple(rows)
    by_size = sorted(range(len(rows)), key=lambda i: -np.nan_to_num(abs(rows[i].mean), nan=-1.0))
    return tuple(rows[i] for i in sorted(by_size[:most]))


def row_of(policy: str, found: Difference, factor: float = 1.0, places: int = 0) -> Row:
    """A row with at least so many decimals, and up to two more if its interval is that narrow."""
    own = finer(places, factor * found.half_width) if found.mean else 0
    scaled = (factor * found.mean, factor * found.low, factor * found.high)
    return Row(policy, *scaled, found.sign, found.n, found.undefined, own)


def _notes(study: Study, what: Quantity, every: Sequence[Row], rows: Sequence[Row]) -> tuple[str, ...]:
    notes = [f"{capital(what.name)}: {what.meaning[:1].lower()}{what.meaning[1:]}."] if what.meaning else []
    partly = [row for row in rows if row.undefined and row.n]
    if partly:
        least = min(row.n / (row.n + row.undefined) for row in partly)
        notes.append(
            "A measure that is not defined in all replications speaks of those only in which it is, here of "
            f"{percent(least)} at the least; failed ones are among the others."
        )
    if len(every) > len(rows):
        smaller = [abs(row.mean) for row in every if row not in rows and not np.isnan(row.mean)]
        notes.append(f"{len(every) - len(rows)} policies that differ less are not shown"
                     + (f" (at most {what.moved(max(smaller), 2)})." if smaller else "."))  # fmt: skip
    return (*notes, *lost(study))
