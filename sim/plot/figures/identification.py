"""What the record tells of each parameter: its posterior within its range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.calibration.calibrate import Calibration
from sim.plot.labelled_rows import close_rows, lay_rows, name_axis
from sim.plot.page import notebook_axes, percent_format
from sim.plot.plotted_quantity import QUANTILES
from sim.plot.style import FAINT, INK, LINE_COLOURS, Floats
from sim.plurals import counted

_ROW_HEIGHT = 17.0
_NARROW = 0.8
"""Part of the width of the prior below which a parameter counts as narrowed."""


@dataclass(frozen=True)
class ParameterRow:
    """A parameter: quantiles 5, 25, 50, 75 and 95 % of the posterior (5,) as parts of its range, and words for them."""

    name: str
    range: str
    quantiles: Floats
    words: str
    width: float


@dataclass(frozen=True)
class IdentificationData:
    """Rows from the parameter that the record narrows most to that of which it says least."""

    rows: tuple[ParameterRow, ...]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_identification(calibration: Calibration, *, ax: Axes | None = None) -> Axes:
    """The posterior of each parameter within its range, the narrowest first."""
    return draw_identification(ax or notebook_axes(), gather_identification(calibration))


def gather_identification(calibration: Calibration) -> IdentificationData:
    """Quantiles of the posterior."""
    quantiles = np.quantile(calibration.sample, QUANTILES, axis=0)
    rows = [
        ParameterRow(
            row["parameter"], f"{row['low']} to {row['high']}", quantiles[:, i],
            f"{row['posterior_low']} to {row['posterior_high']}", row["width"],
        )
        for i, row in enumerate(calibration.parameters().to_dict("records"))
    ]  # fmt: skip
    rows.sort(key=lambda row: row.width)
    narrowed = sum(row.width < _NARROW for row in rows)
    sentence = f"The record narrows {narrowed} of {counted(len(rows), 'parameter')} by a fifth or more"
    if rows and rows[0].width < _NARROW:
        sentence += f", most {rows[0].name}, to {rows[0].width:.0%} of its prior width"
    facts = counted(len(calibration.matching.targets), "fact")
    source = f"{', '.join(calibration.scenarios)}, {facts}"
    notes = ("Thin lines hold nine tenths of the posterior, thick ones half; the dot is its median. Grey: the range.",)
    return IdentificationData(tuple(rows), sentence, source, notes)


def draw_identification(ax: Axes, data: IdentificationData) -> Axes:
    """Draw a row per parameter from the low end of its range to the high one."""
    columns = {
        "range": [row.range for row in data.rows],
        "90 % of the posterior": [row.words for row in data.rows],
        "width left": [f"{row.width:.0%}" for row in data.rows],
    }
    lay_rows(ax, [row.name for row in data.rows], columns)
    for i, row in enumerate(data.rows):
        y = i + 0.5
        low, lower, median, upper, high = row.quantiles
        colour = LINE_COLOURS[0] if row.width < _NARROW else FAINT
        ax.plot([0, 1], [y, y], color="#DDDDDD", linewidth=5, solid_capstyle="butt", zorder=0)
        ax.plot([low, high], [y, y], color=colour, linewidth=1.2, solid_capstyle="butt", zorder=1)
        ax.plot([lower, upper], [y, y], color=colour, linewidth=4, solid_capstyle="butt", zorder=2)
        ax.plot([median], [y], "o", color="white", markeredgecolor=INK, markersize=4.5, zorder=3)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(percent_format())
    name_axis(ax, "from the low end of the range to the high one")
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(data.rows), 1))
    return ax
