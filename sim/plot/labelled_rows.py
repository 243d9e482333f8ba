"""Figures in rows: names at the left, columns of words at the right, sentences below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plot import page
from sim.plot.labels import fit, push_apart, text_width, wrap
from sim.plot.style import FAINT, INK, NORMAL, SMALL, Floats

_COLUMN_GAP = 16.0
"""Room before a column, in points."""
_LINE_HEIGHT = 10.0
"""Height of a line of a caption, in points."""
AXIS_HEIGHT = 34.0
"""Height of tick labels and the name of an axis below the Axes, in points."""


def name_ends(
    ax: Axes, names: Sequence[tuple[str, float, float]], values: Sequence[float], colours: Iterable[str],
    shift: float, led: bool = False,
) -> None:  # fmt: skip
    """Write fitted names `shift` points right of the Axes at the values where their lines end, moved apart.

    With leader lines to the ends if `led`.
    """
    (low, high), height = ax.get_ylim(), page.size_points(ax)[1]
    ends = [(value - low) / (high - low) for value in values]
    apart = push_apart(ends, 11 / height, 0.0, 1.0)
    for (words, size, _), end, y, colour in zip(names, ends, apart, colours, strict=False):
        leader = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)}
        style: dict[str, Any] = {"size": size, "colour": colour, "bold": True, "arrowprops": leader if led else None}
        page.write(ax, words, (1, end), (shift, (y - end) * height), zorder=5, **style)


def lay_rows(ax: Axes, names: Sequence[str], columns: Mapping[str, Sequence[str]], bold: Sequence[bool] = ()) -> None:
    """Make one row per name, from top to bottom, in the middle of [i, i + 1], and write names and columns.

    `columns` are words at the right of each row, by heading.
    """
    page.plain_axes(ax)
    ax.set_ylim(max(len(names), 1), 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    weights = list(bold) or [False] * len(names)
    fitted = [fit(name, heavy) for name, heavy in zip(names, weights, strict=True)]
    widths = [max([text_width(head, SMALL), *map(text_width, cells)]) for head, cells in columns.items()]
    right = sum(_COLUMN_GAP + width for width in widths) + 14
    page.reserve(ax, left=max([30.0, *(width for *_, width in fitted)]) + 16, right=max(right, 24.0))
    across = ax.get_yaxis_transform()
    for i, ((name, size, _), heavy) in enumerate(zip(fitted, weights, strict=True)):
        page.write(ax, name, (0, i + 0.5), (-8, 0), within=across, size=size, bold=heavy, ha="right")
    start = _COLUMN_GAP
    for (head, cells), width in zip(columns.items(), widths, strict=True):
        page.write(ax, head, (1, 1), (start, 5), size=SMALL, colour=FAINT, va="bottom")
        for i, cell in enumerate(cells):
            page.write(ax, cell, (1, i + 0.5), (start, 0), within=across)
        start += width + _COLUMN_GAP


def lay_cells(ax: Axes, rows: Sequence[str], columns: int, widest: float, corner: str = "") -> None:
    """Make a grid of cells of size 1, columns at most `widest` points wide, and name the rows, under a `corner`."""
    page.plain_axes(ax)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(0, columns), ylim=(len(rows), 0), xticks=[], yticks=[])
    fitted = [fit(name) for name in rows]
    left = max([30.0, text_width(corner, SMALL), *(width for *_, width in fitted)]) + 16
    page.reserve(ax, left=left, right=max(24.0, 72 * page.WIDTH - left - widest * columns))
    page.write(ax, corner, (0, 1), (-8, 5), size=SMALL, colour=FAINT, va="bottom", ha="right")
    for i, (name, size, _) in enumerate(fitted):
        page.write(ax, name, (0, i + 0.5), (-8, 0), within=ax.get_yaxis_transform(), size=size, ha="right")


def close_rows(
    ax: Axes, finding: str, source: str, notes: Sequence[str], height: float, below: float = AXIS_HEIGHT
) -> None:
    """Write title, source and notes from the left edge, and give all rows together their height in points."""
    caption(ax, notes, below, page.indent(ax))
    page.title(ax, finding, source, 16, page.indent(ax))
    page.reserve(ax, inner=height)


def caption(ax: Axes, sentences: Sequence[str], below: float = AXIS_HEIGHT, before: float = 0.0) -> float:
    """Write sentences in small print `below` the Axes, make room for them, and return where they end."""
    width = page.line_points(ax) + before - 4
    lines = [line for sentence in sentences for line in wrap(sentence, width, SMALL)]
    if lines:
        words, shift = "\n".join(lines), (-before, -below)
        page.write(ax, words, (0, 0), shift, size=SMALL, colour=FAINT, va="top", linespacing=1.25)
    end = below + _LINE_HEIGHT * len(lines)
    page.reserve(ax, bottom=end + 6)
    return end


def name_axis(ax: Axes, words: str) -> None:
    """Say below the Axes what goes along them."""
    ax.set_xlabel(words, fontsize=NORMAL, color=INK, labelpad=3, **page.as_written(words))


def signed_axis(ax: Axes, values: Floats, margin: float) -> None:
    """An axis with signs that holds zero and all defined values, and on both sides this part of their range."""
    defined = values[np.isfinite(values)]
    low, high = float(defined.min(initial=0.0)), float(defined.max(initial=0.0))
    room = margin * (high - low) or 1.0
    ax.set_xlim(low - room, high + room)
    ax.xaxis.set_major_locator(page.round_ticks())
    ax.xaxis.set_major_formatter(page.signed_format())


def last_defined(values: Floats) -> float:
    """The last value that is defined, at which the name of a line stands; 0 if none is."""
    defined = values[~np.isnan(values)]
    return float(defined[-1]) if len(defined) else 0.0


def count_words(defined: int, undefined: int) -> str:
    """In how many replications something is defined, where that is not all of them: "35 of 40"."""
    return f"{defined:,} of {defined + undefined:,}" if undefined else ""
