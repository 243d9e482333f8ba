"""Draws interventions lightly, behind what a study shows: thin lines, and their names where all of them fit."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.plot.draw.layout import line_points, size_points, write
from sim.plot.draw.marks import LINE, NARROW, stagger
from sim.plot.draw.places import text_width
from sim.plot.gather.marks import Mark
from sim.plot.style import FAINT, SMALL


def draw_faint(ax: Axes, marks: Sequence[Mark]) -> float:
    """Mark interventions on Axes whose time limits are set; returns the points used above them.

    Names stand above if none would run into another.
    """
    low, high = ax.get_xlim()
    seen = [mark for mark in marks if low <= mark.effective <= high]
    across, width = ax.get_xaxis_transform(), size_points(ax)[0]
    dates = sorted({mark.effective for mark in seen})
    ax.vlines(dates, 0, 1, transform=across, colors=FAINT, linewidth=0.5, alpha=0.45, zorder=0)
    positions = [(mark.effective - low) / (high - low) * width for mark in seen]
    rows = stagger([text_width(mark.label, SMALL) for mark in seen], positions, line_points(ax))
    if not seen or rows is None or width < NARROW:
        return 0.0
    pole = {"arrowstyle": "-", "linewidth": 0.5, "color": FAINT, "alpha": 0.45, "shrinkA": 0, "shrinkB": 0}
    for mark, row in zip(seen, rows, strict=True):
        foot = (mark.effective, 1.0)
        write(ax, mark.label, foot, (3, 3 + LINE * row), within=across, size=SMALL, colour=FAINT, va="bottom")
        write(ax, "", foot, (0, 2 + LINE * (row + 1)), within=across, arrowprops=pole)
    return LINE * (max(rows) + 1) + 3
