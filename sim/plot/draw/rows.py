"""Figures in rows: names at the left, columns of words at the right, sentences below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.plot.draw.layout import line_points, reserve, write
from sim.plot.draw.places import text_width, wrap
from sim.plot.style import FAINT, INK, NORMAL, SMALL

NAME = 250.0
"""Most room for a name, in points; a longer one is cut in its middle."""
BETWEEN = 16.0
"""Room before a column, in points."""
LINE = 10.0
"""Height of a line of a caption, in points."""
AXIS = 34.0
"""Height of tick labels and the name of an axis below the Axes, in points."""


@dataclass(frozen=True)
class Column:
    """Words at the right of each row, under a heading."""

    head: str
    cells: tuple[str, ...]

    @property
    def width(self) -> float:
        """Width in points."""
        return max([text_width(self.head, SMALL), *(text_width(cell) for cell in self.cells)])


def shorten(name: str, width: float = NAME, size: float = NORMAL, weight: str = "normal") -> str:
    """A name of at most so many points, with an ellipsis in its middle if it is longer."""
    if text_width(name, size, weight) <= width:
        return name
    kept = len(name) - 1
    while kept > 2 and text_width(_cut(name, kept), size, weight) > width:
        kept -= 1
    return _cut(name, kept)


def lay_rows(ax: Axes, names: Sequence[str], columns: Sequence[Column] = (), bold: Sequence[bool] = ()) -> None:
    """Make one row per name, from top to bottom, in the middle of [i, i + 1], and write names and columns."""
    ax.set_ylim(max(len(names), 1), 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    short = [shorten(name) for name in names]
    heavy = list(bold) or [False] * len(names)
    widths = [text_width(name, NORMAL, "bold" if thick else "normal") for name, thick in zip(short, heavy, strict=True)]
    right = sum(BETWEEN + column.width for column in columns) + 14
    reserve(ax, left=max([30.0, *widths]) + 16, right=max(right, 24.0))
    across = ax.get_yaxis_transform()
    for i, (name, thick) in enumerate(zip(short, heavy, strict=True)):
        write(ax, name, (0, i + 0.5), (-8, 0), within=across, bold=thick, ha="right")
    start = BETWEEN
    for column in columns:
        write(ax, column.head, (1, 1), (start, 5), size=SMALL, colour=FAINT, va="bottom")
        for i, cell in enumerate(column.cells):
            write(ax, cell, (1, i + 0.5), (start, 0), within=across)
        start += column.width + BETWEEN


def caption(ax: Axes, sentences: Sequence[str], below: float = AXIS) -> None:
    """Write sentences in small print `below` the Axes, and make room for them; for rows, set the inner height last."""
    lines = [line for sentence in sentences for line in wrap(sentence, line_points(ax) - 4, SMALL)]
    if lines:
        write(ax, "\n".join(lines), (0, 0), (0, -below), size=SMALL, colour=FAINT, va="top", linespacing=1.25)
    reserve(ax, bottom=below + LINE * len(lines) + 6)


def name_axis(ax: Axes, words: str) -> None:
    """Say below the Axes what goes along them."""
    ax.set_xlabel(words, fontsize=NORMAL, color=INK, labelpad=3)


def _cut(name: str, kept: int) -> str:
    first = (kept + 1) // 2
    return f"{name[:first].rstrip()}\u2026{name[len(name) - (kept - first) :].lstrip()}"
