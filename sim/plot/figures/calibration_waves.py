"""How far simulations were from the record, fact by fact, in the first wave of a calibration and in the last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.calibration.calibrate import Calibration
from sim.calibration.targets import NINE_TENTHS
from sim.plot.labelled_rows import close_rows, lay_rows, name_axis
from sim.plot.page import notebook_axes
from sim.plot.style import INK, LINE_COLOURS, MINUS, Floats
from sim.plurals import counted

_ROW_HEIGHT = 17.0
_TICKS = (-20, -10, -5, -2, 0, 2, 5, 10, 20)
"""Errors of record and model."""
_OUTER = (0.05, 0.5, 0.95)
_FIRST, _LAST = "#9A9A9A", LINE_COLOURS[0]


@dataclass(frozen=True)
class FactRow:
    """A fact: quantiles (3,) of the distance of runs from the record, in errors, in the first and the last wave.

    `met` is the part of the runs of the last wave within the error of the record and of the model.
    """

    fact: str
    first: Floats
    last: Floats
    met: float


@dataclass(frozen=True)
class WavesData:
    """Rows from the fact that is met best to that met worst."""

    rows: tuple[FactRow, ...]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_waves(calibration: Calibration, *, ax: Axes | None = None) -> Axes:
    """Distances of simulations from each fact, in the first wave and in the last."""
    return draw_waves(ax or notebook_axes(), gather_waves(calibration))


def gather_waves(calibration: Calibration) -> WavesData:
    """The distances of all runs of the first and the last wave."""
    matching = calibration.matching
    targets = matching.targets.targets
    record = np.array([target.record for target in targets])
    error = np.array([target.error for target in targets])
    distances = [
        (wave.values.reshape(-1, len(targets)) - record) / error for wave in (matching.waves[0], matching.waves[-1])
    ]
    quantiles = [np.nanquantile(each, _OUTER, axis=0) for each in distances]
    met = (np.abs(distances[1]) <= NINE_TENTHS).mean(axis=0)
    rows = [
        FactRow(target.name, quantiles[0][:, j], quantiles[1][:, j], float(met[j])) for j, target in enumerate(targets)
    ]
    rows.sort(key=lambda row: -row.met)
    half = sum(row.met >= 0.5 for row in rows)
    left = matching.reports[-1].volume
    waves = counted(len(matching.waves), "wave")
    sentence = (
        f"{waves} of runs leave {left:.2g} of the prior; there most runs meet {half} of {counted(len(rows), 'fact')}"
    )
    runs = sum(report.points * report.replications for report in matching.reports)
    source = f"{', '.join(calibration.scenarios)}, {counted(len(calibration.space), 'parameter')}, {runs:,} runs"
    notes = (
        "Lines hold nine tenths of the runs of a wave: grey of the first, over the prior; blue of the last, where the "
        "record leaves room. Shaded: the record, with nine tenths of its error and of the model's.",
    )
    return WavesData(tuple(rows), sentence, source, notes)


def draw_waves(ax: Axes, data: WavesData) -> Axes:
    """Draw two lines per fact about the record; the axis is linear near it and logarithmic far away."""
    columns = {"runs that meet it": [f"{row.met:.0%}" for row in data.rows]}
    lay_rows(ax, [row.fact for row in data.rows], columns)
    ax.axvspan(*_scaled(np.array([-NINE_TENTHS, NINE_TENTHS])), color="#E6EEF5", linewidth=0, zorder=0)
    ax.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    for i, row in enumerate(data.rows):
        for quantiles, colour, y, width in ((row.first, _FIRST, 0.34, 1.0), (row.last, _LAST, 0.66, 2.0)):
            low, middle, high = _scaled(quantiles)
            ax.plot([low, high], [i + y] * 2, color=colour, linewidth=width, solid_capstyle="butt", zorder=2)
            ax.plot([middle], [i + y], "o", color=colour, markersize=3.5, zorder=3)
    ax.set_xlim(*_scaled(np.array([-40.0, 40.0])))
    labels = [f"{tick:+d}".replace("-", MINUS) if tick else "0" for tick in _TICKS]
    ax.set_xticks(_scaled(np.array(_TICKS, dtype=float)), labels)
    name_axis(ax, "simulation less record, in standard deviations of the errors of record and model")
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(data.rows), 1))
    return ax


def _scaled(distance: Floats) -> Floats:
    return np.arcsinh(np.clip(distance, -40.0, 40.0) / 2.0)
