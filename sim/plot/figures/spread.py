"""How a measure is spread over the replications of each policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from sim.plot.page import plain
from sim.plot.plotted_quantity import Quantity, between, digits, quantity
from sim.plot.style import INK, Floats, capital
from sim.plot.timeline_rows import Column, close_rows, lay_rows, name_axis
from sim.plot.wording import BASELINE, lost, shown, subject

if TYPE_CHECKING:
    from sim.study.study import Study


MOST = 30
"""Policies at most; of more, the first are shown."""
FENCE = 4.0
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Spread:
    """One policy: the values that are defined (n,), in the unit of the level, their quantiles (5,), and the rest."""

    policy: str
    values: Floats
    quantiles: Floats
    undefined: int


@dataclass(frozen=True)
class Spreads:
    """Spreads in the order of the study; the axis goes from `low` to `high`, single values may lie beyond."""

    quantity: Quantity
    spreads: tuple[Spread, ...]
    low: float
    high: float
    digits: int
    title: str
    notes: tuple[str, ...]


def gather_spread(study: Study, measure: str, policies: Sequence[str] | None = None) -> Spreads:
    """The replications of a measure under the policies named (default: all)."""
    what, every = quantity(measure), shown(study, policies)
    spreads = tuple(_spread(policy, what.factor * study.values(measure, policy)) for policy in every[:MOST])
    places = digits(np.ptp(each.quantiles[[1, 3]]) / 2 for each in spreads)
    notes = [f"{capital(what.name)}: {what.meaning[:1].lower()}{what.meaning[1:]}.",
             "Dots: replications. Thin lines hold nine tenths of them, thick ones half. Replications are paired, so "
             "differences between policies are better known than the overlap suggests."]  # fmt: skip
    low, high = _limits(spreads)
    beyond = sum(int(((each.values < low) | (each.values > high)).sum()) for each in spreads)
    if beyond:
        notes.append(f"Triangles: {beyond} value{'s' if beyond > 1 else ''} beyond the axis.")
    if len(every) > MOST:
        notes.append(f"{len(every) - MOST} more policies are not shown.")
    return Spreads(what, spreads, low, high, places, finding(what, spreads, places), (*notes, *lost(study)))


def finding(what: Quantity, spreads: Sequence[Spread], places: int) -> str:
    """Between what the medians lie."""
    middle = {each.policy: float(each.quantiles[2]) for each in spreads if len(each.values)}
    name = capital(what.name)
    if not middle:
        return f"{name} is undefined under every policy"
    told = {policy: f"{what.level(value, places)} under {subject(policy)}" for policy, value in middle.items()}
    low, high = min(middle, key=lambda policy: middle[policy]), max(middle, key=lambda policy: middle[policy])
    if round(middle[low], places) == round(middle[high], places):
        return f"Median of {what.name}: {told[high]}" + (" and under the others" if len(middle) > 1 else "")
    words = f"{name} has its highest median, {told[high]}, and its lowest, {told[low]}"
    return f"{words}; {told[BASELINE]}" if BASELINE in middle and BASELINE not in (low, high) else words


def _limits(spreads: Sequence[Spread]) -> tuple[float, float]:
    """Ends of an axis that holds all values but those more than `FENCE` interquartile ranges off the middle half."""
    ends = []
    for each in spreads:
        if len(each.values):
            low, lower, _, upper, high = each.quantiles
            fence = FENCE * max(upper - lower, 0.1 * (high - low))
            ends += [max(each.values.min(), lower - fence), min(each.values.max(), upper + fence)]
    if not ends:
        return 0.0, 1.0
    room = 0.04 * (max(ends) - min(ends)) or 0.5
    return float(min(ends) - room), float(max(ends) + room)


def _spread(policy: str, values: Floats) -> Spread:
    known = values[~np.isnan(values)]
    quantiles = np.quantile(known, QUANTILES) if len(known) else np.full(len(QUANTILES), np.nan)
    return Spread(policy, known, quantiles, len(values) - len(known))


ROW = 30.0
"""Height of a row in points."""
DOT = "#56B4E9"
GOLDEN = 0.6180339887


def draw_spread(ax: Axes, data: Spreads) -> Axes:
    """Draw a row of dots per policy, above them the ranges, with median and range at the right."""
    plain(ax)
    some = any(each.undefined for each in data.spreads)
    columns = [Column("median (nine tenths)", tuple(_words(data, each) for each in data.spreads))]
    if some:
        columns.append(Column("defined in", tuple(_count(each) for each in data.spreads)))
    lay_rows(ax, [each.policy for each in data.spreads], columns)
    ax.set_xlim(data.low, data.high)
    for i, each in enumerate(data.spreads):
        _draw_row(ax, i, each)
    name_axis(ax, data.quantity.axis(data.quantity.name))
    close_rows(ax, data.title, data.notes, ROW * max(len(data.spreads), 1))
    return ax


def _words(data: Spreads, each: Spread) -> str:
    if not len(each.values):
        return "undefined"
    low, _, middle, _, high = each.quantiles.tolist()
    return f"{data.quantity.level(middle, data.digits)} ({between(low, high, data.digits)})"


def _count(each: Spread) -> str:
    known = len(each.values)
    return f"{known:,} of {known + each.undefined:,}" if each.undefined else ""


def _draw_row(ax: Axes, i: int, each: Spread) -> None:
    """Dots are spread over the lower half of the row by a fixed sequence, so that none of them is chance."""
    if not len(each.values):
        return
    heights = i + 0.52 + 0.36 * (np.arange(len(each.values)) * GOLDEN % 1.0)
    alpha = float(np.clip(40 / len(each.values), 0.1, 0.6))
    low, high = ax.get_xlim()
    for mark, chosen, x in (
        ("o", (each.values >= low) & (each.values <= high), each.values),
        ("<", each.values < low, np.full(len(heights), low)),
        (">", each.values > high, np.full(len(heights), high)),
    ):
        style: dict[str, Any] = {"markersize": 3.5, "alpha": alpha, "markeredgewidth": 0, "clip_on": False}
        ax.plot(x[chosen], heights[chosen], mark, color=DOT, zorder=1, **style)
    low, lower, middle, upper, high = each.quantiles
    y = i + 0.3
    ax.plot([low, high], [y, y], color=INK, linewidth=0.9, zorder=2)
    ax.plot([lower, upper], [y, y], color=INK, linewidth=3.5, solid_capstyle="butt", zorder=2)
    ax.plot([middle], [y], "o", color="white", markeredgecolor=INK, markersize=5, zorder=3)
