"""Focal market share by exchange over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.plot.labels import Box, free_place, spread, text_width, tie
from sim.plot.marks import Mark, draw_marks, gather_marks
from sim.plot.page import date_axis, plain, reserve, size_points, title, write
from sim.plot.run_series import days, exchange_names, exchange_shares, focal_name
from sim.plot.style import FAINT, NAMES, NORMAL, SERIES, Floats, date_words, percent

if TYPE_CHECKING:
    from sim.results.run import Run


GONE = 5e-4
"""A share below this is drawn no more: the line ends where it gets there for good."""
FLOOR = 1e-4
"""The same on a logarithmic axis, and its bottom."""
MOST = 3 * len(SERIES)
"""Lines that colours and dashes can tell apart."""


@dataclass(frozen=True)
class Line:
    """One line: `share` (T,), and the last index at which it is drawn (-1: it never is)."""

    name: str
    share: Floats
    end: int


@dataclass(frozen=True)
class Exchanges:
    """Lines in order of their peaks, the largest first; `others` is the sum of the rest, or None."""

    time: Floats
    lines: tuple[Line, ...]
    others: Line | None
    mode: str | None
    place: str
    log: bool
    marks: tuple[Mark, ...]
    title: str


def gather_exchanges(run: Run, mode: str | None = None, n: int = 7, log: bool = False) -> Exchanges:
    """Shares of focal volume of the `n` exchanges with the highest peaks, and of the others together.

    `mode` narrows it to venues of one mode. Raises ValueError for an unknown mode or an `n` beyond `MOST`.
    """
    if not 1 <= n <= MOST:
        raise ValueError(f"n is {n}: between 1 and {MOST} exchanges can be told apart")
    time, share, names = days(run), exchange_shares(run, mode), exchange_names(run)
    order = [int(i) for i in np.argsort(-share.max(axis=1), kind="stable") if share[i].max() > 0]
    gone, rest = FLOOR if log else GONE, order[n:]
    lines = tuple(_line(names[i], share[i], gone) for i in order[:n])
    label = names[rest[0]] if len(rest) == 1 else f"{len(rest)} others"
    others = _line(label, share[rest].sum(axis=0), gone) if rest else None
    words = finding(time, lines, mode)
    return Exchanges(time, lines, others, mode, focal_name(run), log, gather_marks(run), words)


def _line(name: str, share: Floats, gone: float) -> Line:
    there = np.flatnonzero(share >= gone)
    return Line(name, share, min(int(there[-1]) + 1, len(share) - 1) if len(there) else -1)


def finding(time: Floats, lines: tuple[Line, ...], mode: str | None) -> str:
    """Who was largest at its peak and who is in the end, in a sentence."""
    if not lines:
        return f"Nobody has a share of focal volume{f', {NAMES[mode]}' if mode else ''}"
    top, last = lines[0], max(lines, key=lambda line: float(line.share[-1]))
    peak, end = int(np.argmax(top.share)), percent(float(last.share[-1]))
    high = percent(float(top.share[peak]))
    whose = f"The {NAMES[mode]} share of {top.name}" if mode else top.name
    best = f"{whose} peaked at {high} of focal volume on {date_words(time[peak])}"
    if last.share[-1] < GONE:
        return f"{best}; all are gone at the end"
    if last is top:
        return f"{best} and is the largest at the end with {end}"
    return f"{best}; at the end {last.name} leads with {end}"


Styled = list[tuple[Line, str, str]]
"""Lines with colour and dash."""


def draw_exchanges(ax: Axes, data: Exchanges) -> Axes:
    """Draw the lines, each named where it ends."""
    styles = [(colour, dash) for dash in ("-", "--", ":") for colour in SERIES]
    styled = [(line, *style) for line, style in zip(data.lines, styles, strict=False)]
    if data.others:
        styled.append((data.others, FAINT, ":"))
    for line, colour, style in styled:
        shown = np.where(np.arange(len(data.time)) <= line.end, line.share, np.nan)
        ax.plot(data.time, shown, style, color=colour, linewidth=1.6, zorder=2)
    _scale(ax, data)
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    widest = max((text_width(_words(line), NORMAL, "bold") for line, _, _ in styled), default=0.0)
    right = widest + 26
    reserve(ax, left=54, right=right)
    above = draw_marks(ax, data.marks)
    title(ax, data.title, above)
    _label_ends(ax, data, styled)
    return ax


def _scale(ax: Axes, data: Exchanges) -> None:
    every = [*data.lines, *([data.others] if data.others else [])]
    top = max((float(line.share.max()) for line in every), default=1.0)
    ax.set_ylabel(f"{NAMES[data.mode]} share of focal volume" if data.mode else f"share of focal volume ({data.place})")
    if data.log:
        ax.set_yscale("log")
        ax.set_ylim(FLOOR, max(1.3 * top, 10 * FLOOR))
    else:
        ax.set_ylim(0, 1.05 * top)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}\u00a0%" if value else "0"))


def _words(line: Line) -> str:
    return f"{line.name} {percent(float(line.share[-1]))}" if line.share[-1] >= GONE else line.name


def _label_ends(ax: Axes, data: Exchanges, styled: Styled) -> None:
    """Name each line at its end: in the margin, moved apart, or in the next free place if it ends sooner."""
    size, last = np.array(size_points(ax)), len(data.time) - 1
    drawn = [(line, colour) for line, colour, _ in styled if line.end >= 0]
    curves = [_curve(ax, data, line) * size for line, _ in drawn]
    lasting = [i for i, (line, _) in enumerate(drawn) if line.end == last]
    heights = spread([curves[i][-1, 1] for i in lasting], 11.0, 4.0, size[1])
    for i, height in zip(lasting, heights, strict=True):
        x = size[0] + 14
        _name(ax, drawn[i], curves[i][-1], (x, height - 6, x + 1, height + 6), size)
    taken: list[Box] = []
    for i in sorted(set(range(len(drawn))) - set(lasting), key=lambda i: -drawn[i][0].end):
        wide = text_width(_words(drawn[i][0]), NORMAL, "bold")
        taken.append(free_place(curves[i][-1], wide, curves, taken, (0, 0, *size)))
        curves.append(tie(curves[i][-1], taken[-1]))
        _name(ax, drawn[i], curves[i][-1], taken[-1], size)


def _curve(ax: Axes, data: Exchanges, line: Line) -> Floats:
    """The line as drawn, in fractions of the Axes, shape (N, 2)."""
    share = np.maximum(line.share, FLOOR if data.log else 0.0)
    points = np.column_stack([data.time, share])[: line.end + 1]
    return np.asarray((ax.transData + ax.transAxes.inverted()).transform(points))


def _name(ax: Axes, drawn: tuple[Line, str], end: Floats, box: Box, size: Floats) -> None:
    """Write the name of a line in a box (in points from the corner of the Axes), tied to the line's end."""
    line, colour = drawn
    x, y = end / size
    across = float(np.clip((end[0] - box[0]) / (box[2] - box[0]), 0, 1))
    up = 0.5 if across in (0, 1) else float(end[1] > box[1])
    arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 0}
    arrow["relpos"] = (across, up)
    shift = (box[0] + 2 - end[0], (box[1] + box[3]) / 2 - end[1])
    write(ax, _words(line), (x, y), shift, colour=colour, bold=True, arrowprops=arrow, zorder=5)
