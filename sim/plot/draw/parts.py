"""Draws the parts of an effect as bars that begin where the part above ends."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.plot.draw.difference import signed_axis
from sim.plot.draw.layout import plain
from sim.plot.draw.rows import Column, close_rows, lay_rows, name_axis
from sim.plot.gather.parts import Bar, Parts
from sim.plot.gather.quantity import between, number
from sim.plot.style import FAINT, INK

ROW = 24.0
"""Height of a row in points."""
COLOURS = {"single": "#56B4E9", "together": "#E69F00", "order": "#CC79A7", "total": "#666666"}


def draw_parts(ax: Axes, data: Parts) -> Axes:
    """Draw a bar per part with its interval, the total last, and the numbers at the right."""
    plain(ax)
    head = "share (Shapley)" if data.shared else "by itself"
    columns = [Column(head, tuple(_words(bar) for bar in data.bars))]
    if any(bar.share for bar in data.bars):
        columns.append(Column("share (Shapley)", tuple(bar.share for bar in data.bars)))
    lay_rows(ax, [bar.name for bar in data.bars], columns, [bar.kind == "total" for bar in data.bars])
    _limits(ax, data)
    for i, bar in enumerate(data.bars):
        _draw_bar(ax, i, bar, last=i == len(data.bars) - 1)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    unit = f" ({data.quantity.change})" if data.quantity.change else ""
    name_axis(ax, f"effect on {data.quantity.name}{unit}")
    close_rows(ax, data.title, data.notes, ROW * len(data.bars))
    return ax


def _words(bar: Bar) -> str:
    if np.isnan(bar.mean):
        return "undefined"
    mean = number(bar.mean, bar.digits, sign=True)
    return mean if bar.low == bar.high else f"{mean} ({between(bar.low, bar.high, bar.digits, sign=True)})"


def _limits(ax: Axes, data: Parts) -> None:
    ends = np.array([(bar.start, bar.start + bar.low, bar.start + bar.high) for bar in data.bars])
    known = ends[np.isfinite(ends)]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    room = 0.05 * (high - low) or 1.0
    ax.set_xlim(low - room, high + room)
    signed_axis(ax)


def _draw_bar(ax: Axes, i: int, bar: Bar, last: bool) -> None:
    """The bar, its interval at its end, and a line down to where the next one begins."""
    if np.isnan(bar.mean):
        return
    end = bar.start + bar.mean
    ax.barh(i + 0.5, bar.mean, 0.62, left=bar.start, color=COLOURS[bar.kind], linewidth=0, zorder=2)
    ax.plot([bar.start + bar.low, bar.start + bar.high], [i + 0.5] * 2, color=INK, linewidth=1.2, zorder=3)
    if not last:
        ax.plot([end, end], [i + 0.19, i + 1.81], color=FAINT, linewidth=0.7, zorder=1)
