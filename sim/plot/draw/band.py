"""Draws a paired difference over time with its bands."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.plot.draw.layout import TICKS, date_axis, plain, reserve, size_points, title, write
from sim.plot.draw.marks import draw_marks
from sim.plot.draw.places import spread
from sim.plot.draw.rows import caption, fit
from sim.plot.gather.band import PairedBand
from sim.plot.gather.quantity import MINUS, share_of
from sim.plot.style import INK

LINE = "#0072B2"
HEIGHT = 240.0
"""Height of the Axes in points."""
NAME = 150.0
"""Most room for a name, in points."""


def draw_band(ax: Axes, data: PairedBand) -> Axes:
    """Draw the mean and both bands about a line at zero, and mark what the two policies do differently."""
    for low, high, alpha in ((*data.simultaneous, 0.15), (*data.pointwise, 0.3)):
        ax.fill_between(data.time, low, high, color=LINE, alpha=alpha, linewidth=0, zorder=1)
    ax.plot(data.time, data.mean, color=LINE, linewidth=1.6, zorder=2)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}".replace("-", MINUS) if value else "0"))
    ax.set_ylabel(f"difference in {share_of(data.mode).name} (points)")
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    names = [fit(name, bold=True, width=NAME) for name in (data.against, data.policy)]
    reserve(ax, left=54, right=max(width for *_, width in names) + 16)
    _name(ax, data)
    title(ax, data.title, draw_marks(ax, data.marks, caption(ax, data.notes, TICKS + 8)))
    reserve(ax, inner=HEIGHT)
    return ax


def _name(ax: Axes, data: PairedBand) -> None:
    """Name the zero line and the line at their right ends, at least a line of text apart."""
    last = float(data.mean[-1])
    low, high = ax.get_ylim()
    places = [(y - low) / (high - low) for y in (0.0, last if np.isfinite(last) else 0.0)]
    height = size_points(ax)[1]
    for place, at, name, colour in zip(
        spread(places, 11 / height, 0.0, 1.0), places, (data.against, data.policy), (INK, LINE), strict=True
    ):
        words, size, _ = fit(name, bold=True, width=NAME)
        write(ax, words, (1, at), (8, (place - at) * height), size=size, colour=colour, bold=True)
