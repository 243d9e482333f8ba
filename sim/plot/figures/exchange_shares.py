"""Focal market share by exchange over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.arguments import whole
from sim.plot import page
from sim.plot.labels import Box, free_box, leader_line, push_apart, text_width
from sim.plot.marks import Mark, draw_marks, gather_marks
from sim.plot.plotted_dates import date_words
from sim.plot.run_series import days, exchange_names, exchange_shares, focal_name
from sim.plot.style import FAINT, LINE_COLOURS, NORMAL, Floats, percent
from sim.plot.wording import run_source
from sim.results.run import Run
from sim.scenario.trade_labels import NEUTRAL, Labels

MAX_LINES = 3 * len(LINE_COLOURS)
"""Lines that colours and dashes can tell apart."""
_GONE = 5e-4
"""A share below this is drawn no more: the line ends where it gets there for good."""
_LOG_FLOOR = 1e-4
"""The same on a logarithmic axis, and its bottom."""


@dataclass(frozen=True)
class Line:
    """One line: `share` (T,), and the last index at which it is drawn (-1: it never is)."""

    name: str
    share: Floats
    end: int


@dataclass(frozen=True)
class ExchangesData:
    """Lines in order of their peaks, the largest first; `others` is the sum of the rest, or None."""

    time: Floats
    lines: tuple[Line, ...]
    others: Line | None
    mode: str | None
    focal_name: str
    log: bool
    marks: tuple[Mark, ...]
    title: str
    source: str
    labels: Labels = NEUTRAL


_Styled = list[tuple[Line, str, str]]
"""Lines with colour and dash."""


def plot_exchanges(run: Run, mode: str | None = None, n: int = 7, log: bool = False, *, ax: Axes | None = None) -> Axes:
    """Focal market share of the `n` exchanges with the highest peaks, in one mode or (None) in all."""
    return draw_exchanges(ax or page.notebook_axes(), gather_exchanges(run, mode, n, log))


def gather_exchanges(run: Run, mode: str | None = None, n: int = 7, log: bool = False) -> ExchangesData:
    """Shares of focal volume of the `n` exchanges with the highest peaks, and of the others together.

    `mode` narrows it to venues of one mode. Raises ValueError for an unknown mode or an `n` beyond `MAX_LINES`.
    """
    if not 1 <= whole("n", n) <= MAX_LINES:
        raise ValueError(f"n is {n}: between 1 and {MAX_LINES} exchanges can be told apart")
    time, share, names = days(run), exchange_shares(run, mode), exchange_names(run)
    order = [int(i) for i in np.argsort(-share.max(axis=1), kind="stable") if share[i].max() > 0]
    gone, rest = _LOG_FLOOR if log else _GONE, order[n:]
    lines = tuple(_line(names[i], share[i], gone) for i in order[:n])
    label = names[rest[0]] if len(rest) == 1 else f"{len(rest)} others"
    others = _line(label, share[rest].sum(axis=0), gone) if rest else None
    labels = run.scenario.labels
    words = finding(time, lines, mode, labels)
    return ExchangesData(
        time, lines, others, mode, focal_name(run), log, gather_marks(run), words, run_source(run, shares=True), labels
    )


def _line(name: str, share: Floats, gone: float) -> Line:
    present = np.flatnonzero(share >= gone)
    return Line(name, share, min(int(present[-1]) + 1, len(share) - 1) if len(present) else -1)


def finding(time: Floats, lines: tuple[Line, ...], mode: str | None, labels: Labels = NEUTRAL) -> str:
    """Who was largest at its peak and who is in the end, in a sentence."""
    if not lines:
        return f"Nobody has a share of focal volume{f', {labels.mode(mode)}' if mode else ''}"
    top, last = lines[0], max(lines, key=lambda line: float(line.share[-1]))
    peak, end = int(np.argmax(top.share)), percent(float(last.share[-1]))
    high = percent(float(top.share[peak]))
    whose = f"The {labels.mode(mode)} share of {top.name}" if mode else top.name
    best = f"{whose} peaked at {high} of focal volume on {date_words(time[peak])}"
    if last.share[-1] < _GONE:
        return f"{best}; all are gone at the end"
    if last is top:
        return f"{best} and is the largest at the end with {end}"
    return f"{best}; at the end {last.name} leads with {end}"


def draw_exchanges(ax: Axes, data: ExchangesData) -> Axes:
    """Draw the lines, each named where it ends."""
    styles = [(colour, dash) for dash in ("-", "--", ":") for colour in LINE_COLOURS]
    styled = [(line, *style) for line, style in zip(data.lines, styles, strict=False)]
    if data.others:
        styled.append((data.others, FAINT, ":"))
    for line, colour, dash in styled:
        shown = np.where(np.arange(len(data.time)) <= line.end, line.share, np.nan)
        ax.plot(data.time, shown, dash, color=colour, linewidth=1.6, zorder=2)
    _scale(ax, data)
    page.plain_axes(ax)
    page.date_axis(ax, data.time[0], data.time[-1])
    widest = max((text_width(_words(line), NORMAL, "bold") for line, _, _ in styled), default=0.0)
    page.reserve(ax, left=54, right=widest + 26)
    above = draw_marks(ax, data.marks)
    page.title(ax, data.title, data.source, above)
    _label_ends(ax, data, styled)
    return ax


def _scale(ax: Axes, data: ExchangesData) -> None:
    lines = [*data.lines, *([data.others] if data.others else [])]
    top = max((float(line.share.max()) for line in lines), default=1.0)
    share = "share of focal volume"
    page.y_label(ax, f"{data.labels.mode(data.mode)} {share}" if data.mode else f"{share} ({data.focal_name})")
    if data.log:
        ax.set_yscale("log")
        ax.set_ylim(_LOG_FLOOR, max(1.3 * top, 10 * _LOG_FLOOR))
    else:
        ax.set_ylim(0, 1.05 * top)
    ax.yaxis.set_major_formatter(page.percent_format())


def _words(line: Line) -> str:
    return f"{line.name} {percent(float(line.share[-1]))}" if line.share[-1] >= _GONE else line.name


def _label_ends(ax: Axes, data: ExchangesData, styled: _Styled) -> None:
    """Name each line at its end: in the margin, moved apart, or in the next free box if it ends sooner."""
    (width, height), last = page.size_points(ax), len(data.time) - 1
    drawn = [(line, colour) for line, colour, _ in styled if line.end >= 0]
    curves = [_curve(ax, data, line) for line, _ in drawn]
    lasting = [i for i, (line, _) in enumerate(drawn) if line.end == last]
    x = width + 14
    for i, y in zip(lasting, push_apart([curves[i][-1, 1] for i in lasting], 11.0, 4.0, height), strict=True):
        _name(ax, drawn[i], curves[i][-1], (x, y - 6, x + 1, y + 6))
    taken: list[Box] = []
    for i in sorted(set(range(len(drawn))) - set(lasting), key=lambda i: -drawn[i][0].end):
        name_width = text_width(_words(drawn[i][0]), NORMAL, "bold")
        taken.append(free_box(curves[i][-1], name_width, curves, taken, (0, 0, width, height)))
        curves.append(leader_line(curves[i][-1], taken[-1]))
        _name(ax, drawn[i], curves[i][-1], taken[-1])


def _curve(ax: Axes, data: ExchangesData, line: Line) -> Floats:
    """The line as drawn, in points from the corner of the Axes, shape (N, 2)."""
    share = np.maximum(line.share, _LOG_FLOOR if data.log else 0.0)
    return page.to_points(ax, np.column_stack([data.time, share])[: line.end + 1])


def _name(ax: Axes, drawn: tuple[Line, str], end: Floats, box: Box) -> None:
    line, colour = drawn
    page.write_led(ax, _words(line), end, box, colour, shrink=(1, 0))
