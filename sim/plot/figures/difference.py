"""How policies differ from one of them in a measure: means of paired differences with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.plot.labels import text_width
from sim.plot.page import plain, size_points, write
from sim.plot.plotted_quantity import MINUS, Quantity, between, digits, finer, number, quantity
from sim.plot.style import FAINT, INK, SMALL, capital, percent
from sim.plot.timeline_rows import Column, close_rows, lay_rows, name_axis, shorten
from sim.plot.wording import lost, subject

if TYPE_CHECKING:
    from sim.study.statistics.confidence_intervals import Difference
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


ROW = 19.0
"""Height of a row in points."""
DOT = "#0072B2"


def draw_difference(ax: Axes, data: Forest) -> Axes:
    """Draw a point with its interval per policy about a line at zero, with the numbers at the right."""
    plain(ax)
    rows = data.rows
    words = [[_difference(row) for row in rows], [_sign(row) for row in rows], [_count(row) for row in rows]]
    heads = (f"difference ({100 * data.confidence:g} % interval)", "in replications", "defined in")
    columns = [Column(head, tuple(cells)) for head, cells in zip(heads, words, strict=True) if any(cells)]
    lay_rows(ax, [row.policy for row in rows], columns)
    _limits(ax, rows)
    _draw_rows(ax, data)
    unit = f" ({data.quantity.change})" if data.quantity.change else ""
    name_axis(ax, f"difference in {data.quantity.name}{unit}")
    close_rows(ax, data.title, data.notes, ROW * max(len(rows), 1))
    _name_zero(ax, data)
    return ax


def signed_axis(ax: Axes) -> None:
    """Ticks with a plus or a true minus."""
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}".replace("-", MINUS) if value else "0"))


def _difference(row: Row) -> str:
    if np.isnan(row.mean):
        return "undefined"
    mean = number(row.mean, row.digits, sign=True)
    if row.n < 2:
        return mean
    return f"{mean} in all" if row.everywhere else f"{mean} ({between(row.low, row.high, row.digits, sign=True)})"


def _sign(row: Row) -> str:
    if np.isnan(row.mean) or row.mean == 0:
        return ""
    return f"{'higher' if row.mean > 0 else 'lower'} in {percent(row.sign)}"


def _count(row: Row) -> str:
    """How many replications it speaks of, where that is not all."""
    return f"{row.n:,} of {row.n + row.undefined:,}" if row.undefined else ""


def _limits(ax: Axes, rows: tuple[Row, ...]) -> None:
    ends = np.array([(row.low, row.mean, row.high) for row in rows] or [(np.nan,) * 3])
    known = ends[np.isfinite(ends)]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    room = 0.06 * (high - low) or 1.0
    ax.set_xlim(low - room, high + room)
    signed_axis(ax)


def _draw_rows(ax: Axes, data: Forest) -> None:
    """Points filled where the interval leaves out zero, open where it does not."""
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    for i, row in enumerate(data.rows):
        ax.axhline(i + 0.5, color=FAINT, linewidth=0.4, alpha=0.35, zorder=0)
        if not np.isnan(row.mean):
            ax.plot([row.low, row.high], [i + 0.5] * 2, color=DOT, linewidth=1.8, solid_capstyle="butt", zorder=2)
            fill = DOT if row.surely else "white"
            ax.plot([row.mean], [i + 0.5], "o", color=DOT, markerfacecolor=fill, markersize=5.5, zorder=3)


def _name_zero(ax: Axes, data: Forest) -> None:
    """Write at the zero line whose it is, on the side where it fits."""
    low, high = ax.get_xlim()
    width, level = size_points(ax)[0], f": {data.level}"
    name = shorten(data.against, width - text_width(level, SMALL, "bold"), SMALL, "bold")
    words = name + level
    room = text_width(words, SMALL, "bold") / 2
    at = np.clip(-low / (high - low) * width, room, max(width - room, room)) / width
    write(ax, words, (float(at), 1), (0, 5), size=SMALL, va="bottom", ha="center", bold=True)
