"""Draws a grid of differences as coloured cells with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from sim.plot.draw.layout import WIDTH, plain, reserve, size_points, write
from sim.plot.draw.places import text_width, wrap
from sim.plot.draw.rows import NAME, close_rows, fit, name_axis
from sim.plot.gather.difference import Row
from sim.plot.gather.heatmap import Grid
from sim.plot.gather.quantity import number
from sim.plot.style import FAINT, INK, NORMAL, SMALL

SCALE = LinearSegmentedColormap.from_list("differences", ["#0072B2", "#FFFFFF", "#D55E00"])
"""Blue for less and vermilion for more, told apart by all."""
ROW = 36.0
"""Height of a row in points."""
CELL = 110.0
"""Most width of a cell in points."""


def draw_heatmap(ax: Axes, data: Grid) -> Axes:
    """Draw the cells, hatched where the difference may be none, with the names of rows and columns.

    Numbers are left out where columns are so many that they would not fit.
    """
    plain(ax)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(0, len(data.columns)), ylim=(len(data.rows), 0), xticks=[], yticks=[])
    fitted = [fit(name) for name in data.rows]
    left = max([30.0, text_width(data.down, SMALL), *(width for *_, width in fitted)]) + 16
    reserve(ax, left=left, right=max(24.0, 72 * WIDTH - left - CELL * len(data.columns)))
    reach = max((abs(row.mean) for row in data.cells.values() if np.isfinite(row.mean)), default=0.0) or 1.0
    for (i, j), row in data.cells.items():
        _draw_cell(ax, i, j, row, reach)
    across = ax.get_yaxis_transform()
    for i, (name, size, _) in enumerate(fitted):
        write(ax, name, (0, i + 0.5), (-8, 0), within=across, size=size, ha="right")
    write(ax, data.down, (0, 1), (-8, 5), size=SMALL, colour=FAINT, va="bottom", ha="right")
    lines = _name_columns(ax, data)
    name_axis(ax, data.across)
    ax.xaxis.labelpad = 8 + 10.0 * lines
    below = 28.0 + 10 * lines
    close_rows(ax, data.title, data.notes, ROW * len(data.rows), below=below)
    return ax


def _draw_cell(ax: Axes, i: int, j: int, row: Row, reach: float) -> None:
    box = [[(j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1)]]
    known = np.isfinite(row.mean)
    colour = SCALE(0.5 + 0.5 * row.mean / reach) if known else "#EEEEEE"
    hatch = "///" if known and not row.surely and row.mean else None
    cell = PolyCollection(box, facecolors=[colour], edgecolors="#BBBBBB", hatch=hatch, linewidths=0.0, zorder=1)
    ax.add_collection(cell, autolim=False)
    ax.add_collection(
        PolyCollection(box, facecolors="none", edgecolors="#DDDDDD", linewidths=0.8, zorder=2), autolim=False
    )
    words = (number(row.mean, row.digits, sign=True) if known else "undef.") + ("°" if row.undefined and row.n else "")
    room = size_points(ax)[0] / ax.get_xlim()[1] - 4
    font = next((size for size in (NORMAL, SMALL) if text_width(words, size) <= room), None)
    if font is None:
        return
    dark = known and abs(row.mean) > 0.62 * reach
    back = {"boxstyle": "round,pad=0.15", "facecolor": colour, "edgecolor": "none"} if hatch else None
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": font, "zorder": 3, "bbox": back}
    ax.text(j + 0.5, i + 0.5, words, color="white" if dark else INK, **style)


def _name_columns(ax: Axes, data: Grid) -> int:
    """Write the names below the columns, broken at spaces; returns the lines of the longest."""
    width = min(NAME, size_points(ax)[0] / max(len(data.columns), 1) - 6)
    names = [wrap(fit(name, width=3 * width)[0], width, SMALL) for name in data.columns]
    across = ax.get_xaxis_transform()
    for j, lines in enumerate(names):
        write(ax, "\n".join(lines), (j + 0.5, 0), (0, -5), within=across, size=SMALL, va="top", ha="center")
    return max((len(lines) for lines in names), default=0)
