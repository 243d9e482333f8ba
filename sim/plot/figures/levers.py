"""Levers over time, and the interventions that move them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from sim.plot.labels import text_width
from sim.plot.marks import Mark, gather_marks
from sim.plot.page import date_axis, notebook_axes, plain_axes, reserve, size_points, title, write
from sim.plot.plotted_dates import date_words
from sim.plot.run_series import days
from sim.plot.style import FAINT, INK, NORMAL, SMALL, Floats, amount, readable
from sim.plot.wording import run_source
from sim.plurals import counted
from sim.results.run import Run
from sim.schedule.expand import expand
from sim.schedule.levers import PERMISSIONS

_FILL_COLOUR, _LINE_COLOUR = "#56B4E9", "#0072B2"
_PARTS = {"announced": "#F7DCC6", "in force": "#D55E00", "fading": "#EFAF82"}
"""Parts of an intervention's bar, and their colours."""
_SPAN_HEIGHT, _LEVER_HEIGHT = 9.5, 17.0
"""Heights of the rows of interventions and of levers, in points."""
_MAX_RIGHT = 170.0
"""Most room for words at the right, in points."""


@dataclass(frozen=True)
class LeversData:
    """Levers that move, in order of their first move: `level` (L, T) and its lowest and highest in words."""

    time: Floats
    names: tuple[str, ...]
    level: Floats
    ranges: tuple[str, ...]
    marks: tuple[Mark, ...]
    title: str
    source: str


def plot_levers(run: Run, *, ax: Axes | None = None) -> Axes:
    """Interventions from announcement to end, and the levers that they moved."""
    return draw_levers(ax or notebook_axes(), gather_levers(run))


def gather_levers(run: Run) -> LeversData:
    """Levels at the widest target of each lever that ever changes."""
    time, marks = days(run), gather_marks(run)
    level = run.data["level"].transpose("lever", "time").values.astype(np.float64)
    names = [str(name) for name in run.data["lever"].values]
    first_moves = {i: int(np.argmax(row != row[0])) for i, row in enumerate(level) if np.ptp(row) > 0}
    order = sorted(first_moves, key=lambda i: (first_moves[i], names[i]))
    labels = tuple(readable(names[i]) for i in order)
    ranges = tuple(_range(names[i], level[i]) for i in order)
    sentence = finding(time, level[order], _movers(run, {_base(names[i]) for i in order}))
    return LeversData(time, labels, level[order], ranges, marks, sentence, run_source(run))


def _movers(run: Run, moved: set[str]) -> int:
    """How many interventions have taken hold of a lever that moved."""
    strength = run.data["strength"].max("time")
    items = expand(run.scenario, run.policy).interventions
    held = [item for item in items if float(strength.sel(intervention=item.id).max()) > 0]
    return sum(bool(moved & {_base(effect.lever) for effect in item.effects}) for item in held)


def _base(lever: str) -> str:
    """The lever without the rail, channel or product: "payment" of "payment:alipay"."""
    return lever.partition(":")[0] if not lever.startswith("permission") else lever


def _range(name: str, level: Floats) -> str:
    """Lowest and highest level in words; the codes of permissions by their names."""
    ends = (float(level.min()), float(level.max()))
    low, high = (PERMISSIONS[int(end)] if name.startswith("permission") else amount(end) for end in ends)
    return f"{low} to {high}"


def finding(time: Floats, level: Floats, movers: int) -> str:
    """How many interventions moved how many levers, since when, and how many came back, in a sentence."""
    if not len(level):
        return "No lever moved"
    first = int(min(np.argmax(row != row[0]) for row in level))
    back = int((level[:, -1] == level[:, 0]).sum())
    moved = f"{counted(movers, 'intervention')} moved {counted(len(level), 'lever')} from {date_words(time[first])} on"
    returned = f"{back} are back where they began" if back > 1 else f"{back or 'none'} is back where it began"
    return f"{moved}; at the end {returned}"


def draw_levers(ax: Axes, data: LeversData) -> Axes:
    """Draw a row per intervention (pale before its effect and as it fades), under them one per lever."""
    plain_axes(ax)
    date_axis(ax, data.time[0], data.time[-1])
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    spans, levers = _SPAN_HEIGHT * len(data.marks), _LEVER_HEIGHT * len(data.names)
    ax.set_ylim(-levers, spans + 4)
    left = max([54.0, *(text_width(name, NORMAL) + 12 for name in data.names)])
    reserve(ax, left=left, right=_MAX_RIGHT)
    scale = size_points(ax)[0] / (data.time[-1] - data.time[0])
    room = [(mark.announced - data.time[0]) * scale for mark in data.marks]
    before = [width > text_width(mark.label, SMALL) + 5 for mark, width in zip(data.marks, room, strict=True)]
    after = [mark.label for mark, fits in zip(data.marks, before, strict=True) if not fits]
    right = max([24.0, *(text_width(words, SMALL) + 12 for words in (*data.ranges, *after))])
    reserve(ax, right=min(right, _MAX_RIGHT))
    _draw_spans(ax, data, before)
    _draw_levels(ax, data)
    title(ax, data.title, data.source, 14)
    reserve(ax, inner=spans + levers + 4)
    return ax


def _draw_spans(ax: Axes, data: LeversData, before: list[bool]) -> None:
    """Bars of the interventions, the first on top, each named on the side where there is room."""
    middles = [_SPAN_HEIGHT * (len(data.marks) - i - 0.5) + 4 for i in range(len(data.marks))]
    for mark, y, fits in zip(data.marks, middles, before, strict=True):
        at, shift, align = ((mark.announced, y), -4, "right") if fits else ((mark.faded, y), 4, "left")
        write(ax, mark.label, at, (shift, 0), within="data", size=SMALL, ha=align)
    dates = [(mark.announced, mark.effective, mark.until, mark.faded) for mark in data.marks]
    start = 1.0
    for part, (words, colour) in enumerate(_PARTS.items()):
        bars = [[(ends[part], y), (ends[part + 1], y)] for ends, y in zip(dates, middles, strict=True)]
        spans = LineCollection(bars, colors=colour, linewidths=4.5, label=words, capstyle="butt")
        ax.add_collection(spans, autolim=False)
        box = {"boxstyle": "square,pad=0.15", "facecolor": colour, "edgecolor": "none"}
        ink = "white" if words == "in force" else INK
        write(ax, words, (0, 1), (start, 7), size=SMALL, colour=ink, bbox=box)
        start += text_width(words, SMALL) + 8


def _draw_levels(ax: Axes, data: LeversData) -> None:
    """Step lines, each from its lowest to its highest level, which are written at the right."""
    across = ax.get_yaxis_transform()
    lines, fills = [], []
    for i, (name, level, words) in enumerate(zip(data.names, data.level, data.ranges, strict=True)):
        base, low, high = -_LEVER_HEIGHT * (i + 1) + 2, level.min(), level.max()
        heights = base + (level - low) / (high - low) * (_LEVER_HEIGHT - 5)
        steps = np.column_stack([np.repeat(data.time, 2)[1:], np.repeat(heights, 2)[:-1]])
        lines.append(steps)
        fills.append(np.vstack([(data.time[0], base), steps, (data.time[-1], base)]))
        middle = base + (_LEVER_HEIGHT - 5) / 2
        write(ax, name, (0, middle), (-6, 0), within=across, ha="right")
        write(ax, words, (1, middle), (6, 0), within=across, size=SMALL, colour=FAINT)
    filled = PolyCollection(fills, facecolors=_FILL_COLOUR, alpha=0.5, linewidths=0, zorder=1)
    ax.add_collection(filled, autolim=False)
    ax.add_collection(LineCollection(lines, colors=_LINE_COLOUR, linewidths=1.0, zorder=2), autolim=False)
