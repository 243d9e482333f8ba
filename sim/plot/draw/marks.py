"""Draws interventions as thin lines, with labels that stay readable however many there are.

A few labels stand beside their lines. Where they would run into each other, interventions become numbered
markers above the axes, near ones share a marker, and a key below the axes says what each number means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from sim.plot.draw.layout import TICKS, line_points, reserve, root, size_points, write
from sim.plot.draw.places import text_width, wrap
from sim.plot.gather.marks import Mark
from sim.plot.style import INK, SMALL, date_words

GAP = 13.0
"""Least distance of two numbered markers, in points."""
LINE = 9.5
"""Height of a line of the key, in points."""
NARROW = 330.0
"""On Axes narrower than this, in points, there is no room for names: the lines stay alone."""
STAGGER = 3
"""Most rows of labels written beside their lines."""
COLUMNS = 3


@dataclass(frozen=True)
class Group:
    """Interventions that share a marker: its position in points and the marks in order of time."""

    position: float
    marks: tuple[Mark, ...]


def draw_marks(ax: Axes, marks: Sequence[Mark], below: float = TICKS) -> float:
    """Mark interventions on Axes whose time limits are set; returns the points used above them.

    A key stands `below` the Axes, in points; room for it is reserved if the figure is one of ours.
    """
    low, high = ax.get_xlim()
    seen = [mark for mark in marks if low <= mark.effective <= high]
    if not seen:
        return 0.0
    width = size_points(ax)[0]
    positions = [(mark.effective - low) / (high - low) * width for mark in seen]
    dates = sorted({mark.effective for mark in seen})
    across = ax.get_xaxis_transform()
    ax.vlines(dates, 0, 1, transform=across, colors=INK, linewidth=0.6, alpha=0.45, zorder=3)
    if width < NARROW:
        return 0.0
    rows = stagger([text_width(mark.label, SMALL) for mark in seen], positions, line_points(ax))
    if rows is not None:
        return _draw_beside(ax, seen, rows)
    groups = cluster(seen, positions)
    _draw_numbers(ax, groups, low, (high - low) / width)
    reserve(ax, bottom=below + 6 + _draw_key(ax, groups, line_points(ax), below))
    return 16.0


def cluster(marks: Sequence[Mark], positions: Sequence[float], gap: float = GAP) -> list[Group]:
    """Marks, sorted by position, in groups with middles at least `gap` apart; the nearest two join first."""
    groups = [Group(position, (mark,)) for mark, position in zip(marks, positions, strict=True)]
    while len(groups) > 1:
        nearest = min(range(len(groups) - 1), key=lambda i: groups[i + 1].position - groups[i].position)
        left, right = groups[nearest], groups[nearest + 1]
        if right.position - left.position >= gap:
            break
        weight = len(right.marks) / (len(left.marks) + len(right.marks))
        middle = left.position + weight * (right.position - left.position)
        groups[nearest : nearest + 2] = [Group(middle, left.marks + right.marks)]
    return groups


def key_entry(group: Group) -> str:
    """What a marker stands for: "4 Sep 2017 ICO ban; 14 Sep closure order"."""
    parts, year = [], ""
    for mark in group.marks:
        date = date_words(mark.effective)
        short = date_words(mark.effective, year=False)
        parts.append(f"{short if date.endswith(year) and year else date} {mark.label}")
        year = date[-4:]
    return "; ".join(parts)


def stagger(widths: Sequence[float], positions: Sequence[float], limit: float) -> list[int] | None:
    """Rows (0 lowest) where labels right of their lines meet neither label nor line; None if there are none.

    `positions` ascend. The line of a later mark rises to its own row, so a label must stand above all rows
    that begin under it.
    """
    rows = [0] * len(widths)
    for i in range(len(widths) - 1, -1, -1):
        end = positions[i] + widths[i] + 6
        under = [rows[j] for j in range(i + 1, len(widths)) if positions[j] < end]
        rows[i] = max(under, default=-1) + 1
        if end > limit or rows[i] >= STAGGER:
            return None
    return rows


def _draw_beside(ax: Axes, marks: Sequence[Mark], rows: Sequence[int]) -> float:
    across = ax.get_xaxis_transform()
    pole = {"arrowstyle": "-", "linewidth": 0.6, "color": INK, "alpha": 0.45, "shrinkA": 0, "shrinkB": 0}
    for mark, row in zip(marks, rows, strict=True):
        foot = (mark.effective, 1.0)
        write(ax, mark.label, foot, (3, 3 + LINE * row), within=across, size=SMALL, va="bottom")
        write(ax, "", foot, (0, 2 + LINE * (row + 1)), within=across, arrowprops=pole)
    return LINE * (max(rows) + 1) + 3


def _draw_numbers(ax: Axes, groups: Sequence[Group], low: float, scale: float) -> None:
    """Draw the numbered markers; `low` is the left limit and `scale` the days in a point."""
    lifted = ax.get_xaxis_transform() + ScaledTranslation(0, 8 / 72, root(ax).dpi_scale_trans)
    dates = [low + group.position * scale for group in groups]
    ring: dict[str, Any] = {
        "color": "white",
        "markeredgecolor": INK,
        "markeredgewidth": 0.6,
        "markersize": 11,
    }
    ax.plot(dates, [1.0] * len(dates), "o", transform=lifted, clip_on=False, zorder=4, **ring)
    style: dict[str, Any] = {"fontsize": SMALL - 0.5, "color": INK, "ha": "center", "va": "center_baseline"}
    for number, date in enumerate(dates, start=1):
        ax.text(date, 1.0, str(number), transform=lifted, clip_on=False, zorder=5, **style)


def _draw_key(ax: Axes, groups: Sequence[Group], width: float, below: float) -> float:
    """Write the key in columns below the axes; returns its height in points."""
    across = width / COLUMNS
    entries = [wrap(key_entry(group), across - 26, SMALL) for group in groups]
    columns = split([len(entry) for entry in entries])
    for column, (first, last) in enumerate(columns):
        words = [line for entry in entries[first:last] for line in entry]
        starts = [("", str(n + 1))[i == 0] for n in range(first, last) for i in range(len(entries[n]))]
        for lines, shift, align in ((starts, 10, "right"), (words, 14, "left")):
            text, at, bold = "\n".join(lines), (column * across + shift, -below - 6), align == "right"
            write(ax, text, (0, 0), at, size=SMALL, bold=bold, va="top", ha=align, linespacing=1.2)
    return LINE * max(sum(len(entry) for entry in entries[first:last]) for first, last in columns) + 6


def split(heights: Sequence[int]) -> list[tuple[int, int]]:
    """Split entries of these heights, in order, into at most `COLUMNS` columns of the least height."""
    limit = max(max(heights), -(-sum(heights) // COLUMNS))
    while True:
        columns, first, filled = [], 0, 0
        for i, height in enumerate(heights):
            if filled + height > limit:
                columns.append((first, i))
                first, filled = i, 0
            filled += height
        columns.append((first, len(heights)))
        if len(columns) <= COLUMNS:
            return columns
        limit += 1
