"""Draws paired differences as points with intervals, one row per policy."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.plot.draw.layout import plain, size_points, write
from sim.plot.draw.places import text_width
from sim.plot.draw.rows import Column, close_rows, lay_rows, name_axis, shorten
from sim.plot.gather.difference import Forest, Row
from sim.plot.gather.quantity import MINUS, between, number
from sim.plot.style import FAINT, INK, SMALL, percent

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
