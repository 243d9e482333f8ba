"""Draws a race as bars as long as each policy was in it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.plot.draw.layout import plain
from sim.plot.draw.rows import Column, close_rows, lay_rows, name_axis
from sim.plot.gather.race import Course

ROW = 16.0
"""Height of a row in points."""
COLOURS = {"best": "#D55E00", "close": "#E69F00", "beaten": "#A9C9DE"}
WORDS = {"best": "wins", "close": "not told from the winner", "beaten": "out after {:,}"}


def draw_race(ax: Axes, data: Course) -> Axes:
    """Draw a bar per policy, the winner on top, with means and ends at the right."""
    plain(ax)
    columns = [
        Column("mean", tuple(runner.mean for runner in data.runners)),
        Column("from the winner", tuple(runner.behind for runner in data.runners)),
        Column("", tuple(WORDS[runner.end].format(runner.replications) for runner in data.runners)),
    ]
    columns = [column for column in columns if any(column.cells)]
    lay_rows(ax, [runner.policy for runner in data.runners], columns, [runner.end == "best" for runner in data.runners])
    for i, runner in enumerate(data.runners):
        ax.barh(i + 0.5, runner.replications, 0.62, color=COLOURS[runner.end], linewidth=0, zorder=2)
    ax.set_xlim(0, 1.03 * max(runner.replications for runner in data.runners))
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    name_axis(ax, "replications")
    close_rows(ax, data.title, data.notes, ROW * len(data.runners))
    return ax
