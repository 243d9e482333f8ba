"""How policies differ from one of them in a measure: means of paired differences with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import close_rows, count_words, lay_rows, name_axis, signed_axis
from sim.plot.labels import shorten, text_width
from sim.plot.page import notebook_axes, size_points, write
from sim.plot.plotted_quantity import Quantity, decimals_for, finer_decimals, interval_words, number, quantity_of
from sim.plot.style import FAINT, INK, SMALL, capital, percent
from sim.plot.wording import BASELINE, policy_labels, policy_words, remark_notes, study_notes, study_source
from sim.study.statistics.confidence_intervals import Difference
from sim.study.study import Study

MAX_ROWS = 40
"""Rows at most; of more policies, those that differ most are shown."""
_ROW_HEIGHT = 19.0
"""In points."""
_DOT_COLOUR = "#0072B2"


@dataclass(frozen=True)
class DifferenceRow:
    """A policy's mean difference with its interval, in the unit of `Quantity.change`; NaN if it is not defined.

    `sign` is the share of replications in which the difference has the sign of the mean; `decimals` are those that its
    interval allows; `constant`: whether it is the same in all replications; `draws`: the ends of the middle 95 % of the
    draws of parameters, NaN if none were drawn.
    """

    policy: str
    mean: float
    low: float
    high: float
    sign: float
    n: int
    undefined: int
    decimals: int
    constant: bool = False
    draws: tuple[float, float] = (np.nan, np.nan)

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of zero, or the difference is the same in every replication."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True)
class DifferenceData:
    """Rows from the largest difference to the smallest, undefined ones last; `level` is that of `against`."""

    quantity: Quantity
    against: str
    level: str
    rows: tuple[DifferenceRow, ...]
    confidence: float
    title: str
    source: str
    notes: tuple[str, ...]


def plot_difference(
    study: Study, measure: str, against: str = "baseline", confidence: float = 0.95, *, ax: Axes | None = None
) -> Axes:
    """Mean paired differences of a measure with their intervals, one row per policy; at most 40 rows."""
    return draw_difference(ax or notebook_axes(), gather_difference(study, measure, against, confidence))


def gather_difference(study: Study, measure: str, against: str = BASELINE, confidence: float = 0.95) -> DifferenceData:
    """Paired differences of every other policy less `against`.

    Raises KeyError for a measure or policy that is not there.
    """
    quantity, base = quantity_of(measure, study.scenario.labels), study.level(measure, against, confidence)
    others = [policy for policy in study.policies if policy != against]
    differences = {policy: study.paired(measure, policy, against, confidence) for policy in others}
    decimals = decimals_for(quantity.factor * difference.half_width for difference in differences.values())
    labels = policy_labels(study.scenario, study.policies)
    rows = [
        difference_row(labels[policy], d, quantity.factor, decimals, study.draw_range(measure, policy, against))
        for policy, d in differences.items()
    ]
    rows.sort(key=lambda row: (np.isnan(row.mean), -row.mean))
    shown = _largest(rows)
    mean = quantity.factor * base.mean
    level = "undefined" if np.isnan(mean) else quantity.level(mean, decimals + (1 if quantity.factor == 1.0 else 0))
    sentence = finding(quantity, shown, policy_words(labels[against]))
    notes, source = _notes(study, measure, quantity, rows, shown), study_source(study)
    return DifferenceData(quantity, labels[against], level, shown, confidence, sentence, source, notes)


def finding(quantity: Quantity, rows: Sequence[DifferenceRow], against: str) -> str:
    """Which policy surely differs most, by how much, and how many do not."""
    name = capital(quantity.name)
    defined = [row for row in rows if not np.isnan(row.mean)]
    if not defined:
        return f"{name}: no policy has a defined difference from {against}"
    sure = [row for row in defined if row.excludes_zero]
    if not sure:
        return f"No policy can be told from {against} in {quantity.name}"
    largest = max(sure, key=lambda row: abs(row.mean))
    words = f"{name} is {difference_words(quantity, largest)} under {policy_words(largest.policy)} than under {against}"
    unsure = len(defined) - len(sure)
    more = f"; {unsure} of {len(defined)} policies cannot be told from it" if unsure else ""
    return f"{words} ({size_words(largest)}){more}"


def difference_words(quantity: Quantity, row: DifferenceRow) -> str:
    """A difference in words: "2.6 points lower"."""
    return f"{quantity.difference(row.mean, row.decimals)} {'higher' if row.mean > 0 else 'lower'}"


def size_words(row: DifferenceRow) -> str:
    """The interval of the size of a difference that is not zero: "2.4 to 2.8"."""
    low, high = sorted((abs(row.low), abs(row.high)))
    return number(low, row.decimals) if row.low == row.high else interval_words(low, high, row.decimals)


def difference_row(
    policy: str, d: Difference, factor: float, decimals: int, draws: tuple[float, float] = (np.nan, np.nan)
) -> DifferenceRow:
    """A row with at least so many decimals, and up to two more if its interval is that narrow."""
    own = finer_decimals(decimals, factor * d.half_width) if d.mean else 0
    scaled, drawn = (factor * d.mean, factor * d.low, factor * d.high), (factor * draws[0], factor * draws[1])
    return DifferenceRow(policy, *scaled, d.sign, d.n, d.undefined, own, d.constant, drawn)


def _largest(rows: Sequence[DifferenceRow]) -> tuple[DifferenceRow, ...]:
    by_size = sorted(range(len(rows)), key=lambda i: -np.nan_to_num(abs(rows[i].mean), nan=-1.0))
    return tuple(rows[i] for i in sorted(by_size[:MAX_ROWS]))


def _notes(
    study: Study, measure: str, quantity: Quantity, rows: Sequence[DifferenceRow], shown: Sequence[DifferenceRow]
) -> tuple[str, ...]:
    notes = [quantity.definition]
    partly = [row for row in shown if row.undefined and row.n]
    if partly:
        least = min(row.n / (row.n + row.undefined) for row in partly)
        notes.append(
            "A measure that is not defined in all replications speaks of those only in which it is, here of "
            f"{percent(least)} at the least; failed ones are among the others."
        )
    if len(rows) > len(shown):
        smaller = [abs(row.mean) for row in rows if row not in shown and not np.isnan(row.mean)]
        notes.append(f"{len(rows) - len(shown)} policies that differ less are not shown"
                     + (f" (at most {quantity.difference(max(smaller), 2)})." if smaller else "."))  # fmt: skip
    notes += [f"Undefined under {policy}: {reason}." for policy, reason in study.undefined(measure).items()]
    notes += remark_notes(study, measure)
    return (*notes, *study_notes(study))


def draw_difference(ax: Axes, data: DifferenceData) -> Axes:
    """Draw a point with its interval per policy about a line at zero, with the numbers at the right."""
    rows = data.rows
    columns = {
        f"difference ({100 * data.confidence:g} % interval)": [_mean_words(row) for row in rows],
        "95 % of draws": [_draw_words(row) for row in rows],
        "in replications": [_sign_words(row) for row in rows],
        "defined in": [count_words(row.n, row.undefined) for row in rows],
    }
    lay_rows(ax, [row.policy for row in rows], {head: cells for head, cells in columns.items() if any(cells)})
    signed_axis(ax, np.array([(row.low, row.mean, row.high, *row.draws) for row in rows]), margin=0.06)
    _draw_rows(ax, data)
    name_axis(ax, data.quantity.change_label("difference in"))
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(rows), 1))
    _name_zero(ax, data)
    return ax


def _mean_words(row: DifferenceRow) -> str:
    if np.isnan(row.mean):
        return "undefined"
    mean = number(row.mean, row.decimals, sign=True)
    if row.n < 2:
        return mean
    if row.low == row.high:
        return f"{mean} in all"
    return f"{mean} ({interval_words(row.low, row.high, row.decimals, sign=True)})"


def _draw_words(row: DifferenceRow) -> str:
    low, high = row.draws
    return "" if np.isnan(low) else interval_words(low, high, row.decimals, sign=True)


def _sign_words(row: DifferenceRow) -> str:
    if np.isnan(row.mean) or row.mean == 0:
        return ""
    return f"{'higher' if row.mean > 0 else 'lower'} in {percent(row.sign)}"


def _draw_rows(ax: Axes, data: DifferenceData) -> None:
    """Points filled where the interval leaves out zero, open where it does not; thin lines hold 95 % of the draws."""
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    for i, row in enumerate(data.rows):
        ax.axhline(i + 0.5, color=FAINT, linewidth=0.4, alpha=0.35, zorder=0)
        if not np.isnan(row.mean):
            ends = [row.low, row.high]
            ax.plot(row.draws, [i + 0.5] * 2, color=_DOT_COLOUR, linewidth=0.7, solid_capstyle="butt", zorder=2)
            ax.plot(ends, [i + 0.5] * 2, color=_DOT_COLOUR, linewidth=1.8, solid_capstyle="butt", zorder=2)
            fill = _DOT_COLOUR if row.excludes_zero else "white"
            ax.plot([row.mean], [i + 0.5], "o", color=_DOT_COLOUR, markerfacecolor=fill, markersize=5.5, zorder=3)


def _name_zero(ax: Axes, data: DifferenceData) -> None:
    """Write at the zero line whose it is, on the side where it fits."""
    low, high = ax.get_xlim()
    width, level = size_points(ax)[0], f": {data.level}"
    name = shorten(data.against, width - text_width(level, SMALL, "bold"), SMALL, "bold")
    words = name + level
    half = text_width(words, SMALL, "bold") / 2
    at = np.clip(-low / (high - low) * width, half, max(width - half, half)) / width
    write(ax, words, (float(at), 1), (0, 5), size=SMALL, va="bottom", ha="center", bold=True)
