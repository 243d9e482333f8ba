"""Where a policy fails against another: the limits of each box within the ranges of the parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import close_rows, lay_rows, name_axis
from sim.plot.page import notebook_axes, percent_format
from sim.plot.style import LINE_COLOURS, MINUS, percent
from sim.plot.wording import as_sentence, study_source
from sim.scenario.ranges import rounded
from sim.study.discovery.discover import Discovery

_ROW_HEIGHT = 20.0


@dataclass(frozen=True)
class LimitRow:
    """A parameter in a box: where it lies as a part of its range, in words, and how likely its ends are by chance."""

    box: int
    parameter: str
    low: float
    high: float
    words: str
    quasi_p: str


@dataclass(frozen=True)
class DiscoveryData:
    """Rows box by box, and `boxes` in words."""

    rows: tuple[LimitRow, ...]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_discovery(found: Discovery, *, ax: Axes | None = None) -> Axes:
    """The limits of each box of draws in which a policy fails."""
    return draw_discovery(ax or notebook_axes(), gather_discovery(found))


def gather_discovery(found: Discovery) -> DiscoveryData:
    """The limits as parts of the range that was drawn."""
    rows = []
    for number, box in enumerate(found.boxes, 1):
        for path, limit in box.limits.items():
            least, most = float(found.values[path].min()), float(found.values[path].max())
            ends = [least if np.isnan(limit.low) else limit.low, most if np.isnan(limit.high) else limit.high]
            low, high = ((end - least) / (most - least) for end in ends)
            words = [str(rounded(found.value(path, end))) for end in ends]
            side = f"{words[0]} to {words[1]}"
            side = f"below {words[1]}" if np.isnan(limit.low) else f"above {words[0]}" if np.isnan(limit.high) else side
            side = side.replace("-", MINUS)
            quasi_p = ", ".join(f"{p:.1g}" for p in (limit.p_low, limit.p_high) if not np.isnan(p))
            rows.append(LimitRow(number, path, low, high, side, quasi_p))
    notes = [
        f"Box {number}: {percent(box.density)} of {box.n} draws inside are failures, {percent(box.coverage)} of all "
        f"failures; among draws held out {percent(box.held_density)} of {box.held_n} and {percent(box.held_coverage)}."
        for number, box in enumerate(found.boxes, 1)
    ]
    base = float(found.cases.sum() / max(found.defined, 1))
    notes.append(f"Among all draws {percent(base)} are failures. Quasi-p: how likely an end is by chance (PRIM).")
    return DiscoveryData(
        tuple(rows), as_sentence(str(found), (found.a, found.b)), study_source(found.study), tuple(notes)
    )


def draw_discovery(ax: Axes, data: DiscoveryData) -> Axes:
    """Draw a bar per limited parameter within its range, in the colour of its box."""
    columns = {"limit": [row.words for row in data.rows], "quasi-p": [row.quasi_p for row in data.rows]}
    lay_rows(ax, [f"{row.parameter} ({row.box})" for row in data.rows], columns)
    for i, row in enumerate(data.rows):
        colour = LINE_COLOURS[(row.box - 1) % len(LINE_COLOURS)]
        ax.plot([0, 1], [i + 0.5] * 2, color="#DDDDDD", linewidth=7, solid_capstyle="butt", zorder=1)
        ax.plot([row.low, row.high], [i + 0.5] * 2, color=colour, linewidth=7, solid_capstyle="butt", zorder=2)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(percent_format())
    name_axis(ax, "from the least drawn value to the largest; in brackets the box")
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(data.rows), 1))
    return ax
