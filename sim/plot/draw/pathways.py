"""Draws when the steps of adaptive rules came, as a small histogram in each row."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.plot.draw.layout import TICKS, date_axis, plain, reserve, write
from sim.plot.draw.rows import Column, close_rows, fit, lay_rows
from sim.plot.gather.pathways import Pathways, Rung
from sim.plot.style import FAINT, INK, SERIES, date_words, percent

ROW = 34.0
"""Height of a row in points."""
RISE = 0.6
"""Height of the tallest bar, in rows."""


def draw_pathways(ax: Axes, data: Pathways) -> Axes:
    """Draw a row per step, its bars as high as the share of replications, with shares and dates at the right."""
    plain(ax)
    columns = [
        Column("came in", tuple(percent(rung.share) for rung in data.rungs)),
        Column("median (nine tenths)", tuple(_dates(rung) for rung in data.rungs)),
    ]
    lay_rows(ax, [_step(rung) for rung in data.rungs], columns)
    date_axis(ax, data.start, data.end)
    rules = list(dict.fromkeys((rung.policy, rung.rule) for rung in data.rungs))
    colours = dict(zip(rules, SERIES * len(rules), strict=False))
    _name_rules(ax, data, colours)
    for i, rung in enumerate(data.rungs):
        _draw_row(ax, i, rung, data, colours[rung.policy, rung.rule])
    close_rows(ax, data.title, data.notes, ROW * len(data.rungs), below=TICKS + 8)
    return ax


def _name_rules(ax: Axes, data: Pathways, colours: dict[tuple[str, str], str]) -> None:
    """The rule above its first step, with the policy if there are several."""
    several = len({policy for policy, _ in colours}) > 1
    names = {key: fit(f"{key[1]} ({key[0]})" if several else key[1], bold=True) for key in colours}
    steps = max(fit(_step(rung))[2] for rung in data.rungs)
    reserve(ax, left=max(steps, *(width for *_, width in names.values())) + 16)
    across = ax.get_yaxis_transform()
    for i, rung in enumerate(data.rungs):
        if rung.step == 0:
            key = rung.policy, rung.rule
            name, size, _ = names[key]
            write(
                ax, name, (0, i + 0.14), (-8, 0), within=across, size=size, colour=colours[key], bold=True, ha="right"
            )
            ax.axhline(i, color=FAINT, linewidth=0.5, zorder=0)


def _draw_row(ax: Axes, i: int, rung: Rung, data: Pathways, colour: str) -> None:
    """Bars, the tallest of all rows as high as its row allows, and the median."""
    base = i + 0.8
    ax.axhline(base, color=FAINT, linewidth=0.4, alpha=0.6, zorder=0)
    if not len(rung.days):
        return
    heights = -RISE * rung.bars[:, 1] / data.tallest
    ax.bar(rung.bars[:, 0], heights, 0.8 * data.width, bottom=base, color=colour, linewidth=0, zorder=2)
    ax.plot([rung.middle], [base + 0.08], "^", color=INK, markersize=3.5, zorder=3)


def _step(rung: Rung) -> str:
    return f"{rung.step + 1}  {rung.words}"


def _dates(rung: Rung) -> str:
    if not len(rung.days):
        return ""
    low, high = (date_words(float(day)) for day in np.quantile(rung.days, (0.05, 0.95), method="nearest"))
    middle = date_words(rung.middle)
    return middle if low == high else f"{middle} ({low} to {high})"
