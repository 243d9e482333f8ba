"""Draws the replications of each policy as dots with the ranges that hold most of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plot.draw.layout import plain
from sim.plot.draw.rows import Column, close_rows, lay_rows, name_axis
from sim.plot.gather.quantity import between
from sim.plot.gather.spread import Spread, Spreads
from sim.plot.style import INK

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
