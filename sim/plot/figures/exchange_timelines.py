"""What the venues of each exchange did over time, one row per venue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from sim.arguments import whole
from sim.plot.labels import text_width
from sim.plot.marks import Mark, draw_marks, gather_marks
from sim.plot.page import as_written, date_axis, notebook_axes, plain_axes, reserve, size_points, title, write
from sim.plot.plotted_dates import date_words, day_numbers
from sim.plot.run_series import days, exchange_names, exchange_shares, host_names
from sim.plot.style import FAINT, INK, MODE_COLOURS, MODE_INKS, NORMAL, SMALL, Floats, listed
from sim.plot.wording import run_source
from sim.plurals import counted
from sim.results.run import Run
from sim.scenario.trade_labels import NEUTRAL, Labels
from sim.world.codes import DOMESTIC, MODES, OFFSHORE, OTC, STATUSES

_SERVING = [code for code, name in enumerate(STATUSES) if name not in ("closed", "building")]
"""Codes of the states in which a venue serves traders."""
TURNING_AWAY = "turning-away"
"""The state of an open venue abroad that turns residents of the focal country away; in the dataset it is open."""
_STATES = (*STATUSES, TURNING_AWAY)
_AWAY = np.int8(_STATES.index(TURNING_AWAY))
_OPEN = [STATUSES.index(name) for name in ("open", "licensed", "waiting", "barred", "limited")]
"""States of a venue abroad that it may be in while it turns residents away."""
_DARK = (0.27, 0.27, 0.27)
_GUTTER = 44.0
"""Room for the names of modes, in points, and more where they are longer."""
_ROW_HEIGHT = 12.0
"""In points."""
_SAMPLE = " " * 6
"""What the boxes of the legend are drawn around."""

_Colour = tuple[float, ...]
"""Red, green and blue."""


class _Look(NamedTuple):
    """A state in words, its part of the full colour, its hatching, and whether hosts are written in its bars."""

    words: str
    tint: float = 1.0
    hatch: str | None = None
    noted: bool = True


_LOOKS = {
    "closed": _Look("closed"),
    "building": _Look("building", 0.15, "----", noted=False),
    "open": _Look("open"),
    "winding-down": _Look("winding down", 0.45, "////", noted=False),
    "blocked": _Look("blocked"),
    "waiting": _Look("waiting for a licence", 0.7, "xxxx", noted=False),
    "licensed": _Look("licensed"),
    "evading": _Look("under a new domain"),
    "suspended": _Look("licence suspended", 0.2, "....", noted=False),
    "barred": _Look("serves residents against the law", 0.6, "\\\\\\\\"),
    "limited": _Look("without some products", 0.5, "++++"),
    "unlicensed": _Look("open against the law", 0.65, "\\\\\\\\"),
    TURNING_AWAY: _Look("turns residents away", 0.3, "||||"),
}
"""Shades come with hatching, so that no state is told by colour alone."""


@dataclass(frozen=True)
class TimelineBar:
    """A stretch of one state, in matplotlib days; `note` is the host of an offshore venue."""

    start: float
    end: float
    state: str
    note: str


@dataclass(frozen=True)
class TimelineRow:
    """One venue."""

    exchange: str
    mode: str
    bars: tuple[TimelineBar, ...]


@dataclass(frozen=True)
class TimelineData:
    """Rows of one exchange stand together; `hidden` exchanges are not drawn."""

    rows: tuple[TimelineRow, ...]
    hidden: int
    start: float
    end: float
    marks: tuple[Mark, ...]
    title: str
    source: str
    labels: Labels = NEUTRAL


def plot_timeline(run: Run, n: int = 30, *, ax: Axes | None = None) -> Axes:
    """What the venues of the largest exchanges did, in at most `n` rows."""
    return draw_timeline(ax or notebook_axes(), gather_timeline(run, n))


def gather_timeline(run: Run, n: int = 30) -> TimelineData:
    """Venues of the exchanges with the highest peaks of focal share: whole exchanges, up to `n` rows.

    The largest exchange is there in any case. Raises ValueError if `n` is not positive.
    """
    if whole("n", n) < 1:
        raise ValueError(f"n is {n}: at least one row is drawn")
    time, labels = days(run), run.scenario.labels
    status = run.data["status"].sel(mode=list(MODES)).transpose("exchange", "mode", "time").values
    peaks = exchange_shares(run).max(axis=1)
    present = [int(i) for i in np.argsort(-peaks, kind="stable") if status[i].any()]
    height = np.cumsum(status[present].any(axis=2).sum(axis=1))
    drawn = present[: max(int(np.searchsorted(height, n, side="right")), 1)]
    rows = _rows(run, time, status, drawn)
    hidden = len(present) - len(drawn)
    return TimelineData(
        rows, hidden, time[0], time[-1], gather_marks(run), finding(time, status, labels), run_source(run), labels
    )


def _rows(run: Run, time: Floats, status: NDArray[np.int8], drawn: list[int]) -> tuple[TimelineRow, ...]:
    names, hosts = exchange_names(run), [*host_names(run), ""]
    host = run.data["host"].transpose("exchange", "time").values
    shell = run.data["disguised"].transpose("exchange", "time").values
    away, rows = _turns_away(run, time), []
    for i in drawn:
        abroad = [f"shell: {hosts[h]}" if s and h >= 0 else hosts[h] for h, s in zip(host[i], shell[i], strict=True)]
        for m, mode in enumerate(MODES):
            if status[i, m].any():
                states, notes = status[i, m], [""] * len(time)
                if m == OFFSHORE:
                    states, notes = np.where(away[i] & np.isin(states, _OPEN), _AWAY, states), abroad
                rows.append(TimelineRow(names[i], mode, _bars(time, states, notes)))
    return tuple(rows)


def _turns_away(run: Run, time: Floats) -> NDArray[np.bool_]:
    """Whether the venue abroad of each exchange turns residents away at each record, (exchange, time)."""
    ids = [str(id_) for id_ in run.data["exchange"].values]
    away = np.zeros((len(ids), len(time)), dtype=np.bool_)
    told = run.journal[run.journal["event"].isin(["turns-away", "serves-again"])]
    day = day_numbers(told["date"].to_numpy())
    for event, subject, since in zip(told["event"], told["subject"], day, strict=True):
        away[ids.index(subject), time >= since] = event == "turns-away"
    return away


def _bars(time: Floats, status: NDArray[np.int8], notes: list[str]) -> tuple[TimelineBar, ...]:
    """Stretches of the same state and note, without the closed ones; each lasts until the next record."""
    starts = [0] + [t for t in range(1, len(time)) if status[t] != status[t - 1] or notes[t] != notes[t - 1]]
    ends = [*starts[1:], len(time) - 1]
    return tuple(
        TimelineBar(float(time[a]), float(time[b]), _STATES[status[a]], notes[a])
        for a, b in zip(starts, ends, strict=True)
        if status[a] and b > a
    )


def finding(time: Floats, status: NDArray[np.int8], labels: Labels = NEUTRAL) -> str:
    """How many order books at home closed and where their exchanges went, in a sentence."""
    serving = np.isin(status, _SERVING)
    first, last = serving[:, DOMESTIC, 0], serving[:, DOMESTIC, -1]
    closed = first & ~last
    if not closed.any():
        then, now = ([f"{serving[:, m, t].sum()} {labels.mode(mode)}" for m, mode in enumerate(MODES)] for t in (0, -1))
        return f"{labels.text('Open venues')} at the start: {listed(then)}; at the end: {listed(now)}"
    latest = max(int(np.flatnonzero(row)[-1]) + 1 for row in serving[closed, DOMESTIC])
    which = "All" if closed.sum() == first.sum() else f"{closed.sum()} of"
    books = labels.text(f"{which} {counted(int(first.sum()), 'domestic order book')}")
    shut = f"{books} had closed by {date_words(time[latest])}"
    return f"{shut}; {labels.text('their exchanges')} at the end: {_fates(serving[closed], labels)}"


def _fates(serving: NDArray[np.bool_], labels: Labels) -> str:
    """What exchanges (exchange, mode, time) run in the end."""
    otc, offshore = serving[:, OTC, -1], serving[:, OFFSHORE, -1]
    counts = {
        f"{labels.mode('otc')} only": otc & ~offshore,
        f"{labels.mode('offshore')} only": offshore & ~otc,
        "both": otc & offshore,
        "gone": ~otc & ~offshore,
    }
    return listed(
        [f"{chosen.sum()} {words}".replace(" ", "\u00a0") for words, chosen in counts.items() if chosen.any()]
    )


def draw_timeline(ax: Axes, data: TimelineData) -> Axes:
    """Draw the bars in the colour of their mode, the state as its shade, hosts written where they fit."""
    names = [row.exchange for row in data.rows]
    firsts = [i for i in range(len(names)) if i == 0 or names[i] != names[i - 1]]
    ax.set_ylim(len(names), -0.1)
    modes = [data.labels.mode(row.mode) for row in data.rows]
    ax.set_yticks([i + 0.5 for i in range(len(names))], modes)
    plain_axes(ax)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    for label, row in zip(ax.get_yticklabels(), data.rows, strict=True):
        label.set_color(MODE_INKS[row.mode])
    date_axis(ax, data.start, data.end)
    gutter = max([_GUTTER, *(text_width(mode, SMALL) + 8 for mode in modes)])
    left = max((text_width(name, NORMAL, "bold") for name in names), default=0.0) + gutter + 8
    reserve(ax, left=left, right=24)
    above = draw_marks(ax, data.marks)
    _draw_bars(ax, data)
    across = ax.get_yaxis_transform()
    for i in firsts:
        write(ax, names[i], (0, i + 0.5), (-gutter, 0), within=across, bold=True, ha="right")
    ax.hlines(firsts[1:], 0, 1, transform=across, colors=FAINT, linewidth=0.4, zorder=0)
    hidden = f"; {data.labels.text(counted(data.hidden, 'smaller exchange') + ' not shown')}" if data.hidden else ""
    title(ax, data.title, data.source + hidden, above + 16)
    reserve(ax, inner=_ROW_HEIGHT * len(names))
    _draw_legend(ax, data, above + 5)
    return ax


def _draw_bars(ax: Axes, data: TimelineData) -> None:
    """One collection of boxes per state, and the hosts where they fit."""
    bars = [(i, row.mode, bar) for i, row in enumerate(data.rows) for bar in row.bars]
    for state in _STATES[1:]:
        chosen = [(i, mode, bar) for i, mode, bar in bars if bar.state == state]
        if chosen:
            colours = [_bar_colours(MODE_COLOURS[mode], state) for _, mode, _ in chosen]
            boxes = PolyCollection([_box(i, bar) for i, _, bar in chosen], hatch=_LOOKS[state].hatch, zorder=2)
            boxes.set(facecolors=[fill for fill, _ in colours], edgecolors=[edge for _, edge in colours])
            boxes.set(linewidths=1.2 if state == "licensed" else 0.5, label=_LOOKS[state].words)
            ax.add_collection(boxes, autolim=False)
    scale = size_points(ax)[0] / (data.end - data.start)
    for i, _, bar in bars:
        room = (bar.end - bar.start) * scale
        if bar.note and _LOOKS[bar.state].noted and text_width(bar.note, SMALL) + 6 < room:
            ax.text((bar.start + bar.end) / 2, i + 0.5, bar.note, zorder=4, **_note_style(bar), **as_written(bar.note))


def _note_style(bar: TimelineBar) -> dict[str, Any]:
    """White on the dark, and ink on a white ground where the bar is hatched."""
    style: dict[str, Any] = {"fontsize": SMALL, "color": "white", "ha": "center", "va": "center_baseline"}
    if bar.state == TURNING_AWAY:
        ground = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
        style |= {"color": INK, "bbox": ground}
    return style


def _bar_colours(base: str, state: str) -> tuple[_Colour, _Colour]:
    """Fill and edge of a bar, from the colour of its mode: pale before it opens and as it winds down."""
    colour = to_rgb(base)
    if state == "blocked":
        return _DARK, colour
    if state == "evading":
        return tuple(0.55 * part + 0.45 * dark for part, dark in zip(colour, _DARK, strict=True)), colour
    fill = tuple(1 - _LOOKS[state].tint * (1 - part) for part in colour)
    return fill, (0.0, 0.0, 0.0) if state == "licensed" else colour


def _box(row: int, bar: TimelineBar) -> list[tuple[float, float]]:
    upper, lower = row + 0.12, row + 0.88
    return [(bar.start, upper), (bar.end, upper), (bar.end, lower), (bar.start, lower)]


def _draw_legend(ax: Axes, data: TimelineData, above: float) -> None:
    """The states that occur, in the grey of no mode, in a line under the title."""
    present = {bar.state for row in data.rows for bar in row.bars}
    start = 2.0
    for state in (state for state in _STATES if state in present):
        fill, edge = _bar_colours(FAINT, state)
        box = {"boxstyle": "square,pad=0", "facecolor": fill, "edgecolor": edge, "hatch": _LOOKS[state].hatch}
        write(ax, _SAMPLE, (0, 1), (start, above), size=SMALL, va="bottom", bbox=box)
        start += text_width(_SAMPLE, SMALL) + 4
        write(ax, _LOOKS[state].words, (0, 1), (start, above), size=SMALL, va="bottom")
        start += text_width(_LOOKS[state].words, SMALL) + 14
