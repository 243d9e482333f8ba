"""Draws volume over time on a logarithmic axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.plot.draw.layout import date_axis, plain, reserve, title, write
from sim.plot.draw.marks import draw_marks
from sim.plot.gather.volume import Volume
from sim.plot.style import COLOURS, INK, NAMES, TEXT, amount

RIGHT = 80.0
"""Margin in points for the labels at the end."""


def draw_volume(ax: Axes, data: Volume) -> Axes:
    """Draw the volume on a logarithmic axis, observations as open circles."""
    colour, text = (COLOURS[data.mode], TEXT[data.mode]) if data.mode else (INK, INK)
    shown = np.where(data.volume > 0, data.volume, np.nan)
    ax.plot(data.time, shown, color=colour, linewidth=1.6, zorder=3)
    if len(data.observed):
        rings: dict[str, Any] = {"color": INK, "markerfacecolor": "none", "markersize": 3.5}
        ax.plot(data.observed_time, data.observed, "o", zorder=2, **rings)
    _scale(ax, data)
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    reserve(ax, left=60, right=RIGHT)
    title(ax, data.title, draw_marks(ax, data.marks))
    _label(ax, data, text)
    return ax


def _scale(ax: Axes, data: Volume) -> None:
    ax.set_yscale("log")
    positive = np.concatenate([data.volume[data.volume > 0], data.observed])
    low, high = (positive.min() / 1.3, positive.max() * 1.3) if len(positive) else (0.1, 10.0)
    ax.set_ylim(low, high)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high / low > 300 else (1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value)))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_ylabel(f"{NAMES[data.mode] if data.mode else 'all'} volume ({data.unit}, logarithmic)")


def _label(ax: Axes, data: Volume, colour: str) -> None:
    ends = [("model", data.time, data.volume, colour), ("record", data.observed_time, data.observed, INK)]
    for name, time, value, shade in ends:
        there = np.flatnonzero(value > 0)
        if len(there):
            at = (float(time[there[-1]]), float(value[there[-1]]))
            write(ax, name, at, (6, 0), within="data", colour=shade, bold=True)
