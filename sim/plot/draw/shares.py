"""Draws focal market share by mode as a stacked area."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.plot.draw.layout import date_axis, plain, reserve, size_points, title, write
from sim.plot.draw.marks import draw_marks
from sim.plot.draw.places import spread, text_width
from sim.plot.gather.shares import Shares
from sim.plot.style import BANDS, COLOURS, NAMES, NORMAL, TEXT, capital, percent

RIGHT = 105.0
"""Margin in points for the labels at the end."""


def draw_shares(ax: Axes, data: Shares) -> Axes:
    """Draw the stacked area with a label on or beside every band, and the interventions."""
    colours = [COLOURS[name] for name in BANDS]
    ax.stackplot(data.time, data.share, colors=colours, linewidth=0, zorder=1)
    ax.set_ylim(0, 1)
    ax.set_yticks(np.linspace(0, 1, 6), [percent(tick) for tick in np.linspace(0, 1, 6)])
    ax.set_ylabel(f"share of focal volume ({data.place})")
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    reserve(ax, left=54, right=RIGHT)
    above = draw_marks(ax, data.marks)
    title(ax, data.title, above)
    _label_bands(ax, data)
    return ax


def _label_bands(ax: Axes, data: Shares) -> None:
    rows = range(len(BANDS))
    beside = [row for row in rows if data.share[row, -1] >= 0.005 or not _label_inside(ax, data, row)]
    upper = np.cumsum(data.share[:, -1])
    middles = [float(upper[row] - data.share[row, -1] / 2) for row in beside]
    height = size_points(ax)[1]
    for row, y in zip(beside, spread(middles, 11 / height, 0.0, 1.0), strict=True):
        name = BANDS[row]
        words = f"{NAMES[name]} {percent(float(data.share[row, -1]))}"
        write(ax, words, (1, y), (5, 0), colour=TEXT[name], bold=True)


def _label_inside(ax: Axes, data: Shares, row: int) -> bool:
    """Write the name of a band that is gone in the end where it was thickest; False if it never was thick."""
    width, height = size_points(ax)
    name = capital(NAMES[BANDS[row]])
    upper = np.cumsum(data.share, axis=0)[row]
    lower = upper - data.share[row]
    window = int(np.ceil((text_width(name, NORMAL, "bold") + 8) / width * len(data.time)))
    if window > len(data.time):
        return False
    floor = np.lib.stride_tricks.sliding_window_view(lower, window).max(axis=1)
    ceiling = np.lib.stride_tricks.sliding_window_view(upper, window).min(axis=1)
    room = ceiling - floor
    if room.max() * height < NORMAL + 3:
        return False
    thick = np.flatnonzero(room > 0.97 * room.max())
    at = int(thick[len(thick) // 2])
    x, y = data.time[at + window // 2], (ceiling[at] + floor[at]) / 2
    colour = TEXT["outside"] if BANDS[row] == "outside" else "white"
    ax.text(x, y, name, ha="center", va="center", fontsize=NORMAL, fontweight="bold", color=colour, zorder=4)
    return True
