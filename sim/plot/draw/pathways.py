"""Draws when the steps of adaptive rules came, as a small histogram in each row."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from sim.plot.draw.layout import TICKS, date_axis, plain, write
from sim.plot.draw.rows import Column, close_rows, lay_rows
from sim.plot.gather.pathways import Pathways, Rung
from sim.plot.style import FAINT, INK, SERIES, date_words, percent

ROW = 34.0
"""Height of a row in points."""
BINS = 90


def draw_pathways(ax: Axes, data: Pathways) -> Axes:
    """Draw a row per step, its bars as high as the share of replications, with shares and dates at the right."""
    plain(ax)
    columns = [
        Column("came in", tuple(percent(rung.share) for rung in data.rungs)),
        Column("median (nine tenths)", tuple(_dates(rung) for rung in data.rungs)),
    ]
    lay_rows(ax, [f"{rung.step + 1}  {rung.words}" for rung in data.rungs], columns)
    date_axis(ax, data.start, data.end)
    rules = list(dict.fromkeys((rung.policy, rung.rule) for rung in data.rungs))
    colours = dict(zip(rules, SERIES * len(rules), strict=False))
    edges = np.linspace(data.start, data.end, BINS + 1)
    for i, rung in enumerate(data.rungs):
        colour = colours[rung.policy, rung.rule]
        _draw_row(ax, i, rung, edges, colour)
        if rung.step == 0:
            name = f"{rung.rule} ({rung.policy})" if len({policy for policy, _ in rules}) > 1 else rung.rule
            write(ax, name, (0, i), (4, -7), within=ax.get_yaxis_transform(), colour=colour, bold=True)
            ax.axhline(i, color=FAINT, linewidth=0.5, zorder=0)
    close_rows(ax, data.title, data.notes, ROW * len(data.rungs), below=TICKS + 8)
    return ax


def _draw_row(ax: Axes, i: int, rung: Rung, edges: np.ndarray, colour: str) -> None:
    """Bars that rise to 0.6 of the row for all replications, and the median as a tick below."""
    ax.axhline(i + 0.86, color=FAINT, linewidth=0.4, alpha=0.6, zorder=0)
    if not len(rung.days):
        return
    counts, _ = np.histogram(rung.days, edges)
    heights = 0.6 * counts / rung.n
    base = i + 0.86
    bars = [
        [(low, base), (low, base - height), (high, base - height), (high, base)]
        for low, high, height in zip(edges, edges[1:], heights, strict=False)
        if height
    ]
    ax.add_collection(PolyCollection(bars, facecolors=colour, alpha=0.75, linewidths=0, zorder=2), autolim=False)
    ax.plot([rung.middle], [base], "^", color=INK, markersize=4, zorder=3)


def _dates(rung: Rung) -> str:
    if not len(rung.days):
        return ""
    low, high = (date_words(float(day)) for day in np.quantile(rung.days, (0.05, 0.95), method="nearest"))
    middle = date_words(rung.middle)
    return middle if low == high else f"{middle} ({low} to {high})"
