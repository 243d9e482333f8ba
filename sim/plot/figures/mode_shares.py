"""Focal market share by mode over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import name_ends
from sim.plot.labels import text_width
from sim.plot.marks import Mark, draw_marks, gather_marks
from sim.plot.page import date_axis, notebook_axes, plain_axes, reserve, size_points, title, y_label
from sim.plot.plotted_dates import date_words
from sim.plot.run_series import days, focal_name
from sim.plot.style import MODE_COLOURS, MODE_INKS, MODES_AND_OUTSIDE, NORMAL, Floats, capital, percent
from sim.plot.wording import run_source
from sim.results.frames import mode_shares
from sim.results.run import Run
from sim.scenario.trade_labels import NEUTRAL, Labels

_DOMESTIC = MODES_AND_OUTSIDE.index("domestic")
_SETTLED_DAYS = 60
"""Days at the end over which a share counts as settled if it moves by less than a point."""
_TURN = 0.05
"""A peak or trough this far beyond both ends, and farther than they are apart, is in the title."""
_RIGHT = 105.0
"""Margin in points for the labels at the end."""


@dataclass(frozen=True)
class SharesData:
    """`time` (T,) in matplotlib days, `share` (4, T) in the order of `style.MODES_AND_OUTSIDE`, summing to one."""

    time: Floats
    share: Floats
    focal_name: str
    marks: tuple[Mark, ...]
    title: str
    source: str
    labels: Labels = NEUTRAL


def plot_shares(run: Run, *, ax: Axes | None = None) -> Axes:
    """Focal market share by mode, stacked, with the interventions marked."""
    return draw_shares(ax or notebook_axes(), gather_shares(run))


def gather_shares(run: Run) -> SharesData:
    """Shares of what the real focal segments would trade in all, at the demand of the first day."""
    time, share, labels = days(run), mode_shares(run), run.scenario.labels
    sentence, source = finding(time, share, labels), run_source(run, shares=True)
    return SharesData(time, share, focal_name(run), gather_marks(run), sentence, source, labels)


def finding(time: Floats, share: Floats, labels: Labels = NEUTRAL) -> str:
    """What became of the domestic market and who gained most, in a sentence."""
    domestic, name = share[_DOMESTIC], capital(f"{labels.mode('domestic')} share")
    first, last = float(domestic[0]), float(domestic[-1])
    turn = int(np.argmax(np.minimum(np.abs(domestic - first), np.abs(domestic - last))))
    lower, upper = min(first, last), max(first, last)
    beyond = max(lower - domestic[turn], domestic[turn] - upper)
    if beyond > max(_TURN, upper - lower):
        change = f"{_change_words(first, domestic[turn])} on {date_words(time[turn])} and ended at {percent(last)}"
    elif upper - lower < 0.02:
        return f"{name} began at {percent(first)} and ended at {percent(last)}"
    else:
        change = f"{_change_words(first, last)} by {date_words(time[_arrival(domestic)])}"
    return f"{name} {change}{_gain_words(time, share, labels)}"


def _change_words(start: float, end: float) -> str:
    return f"{'fell' if end < start else 'rose'} from {percent(start)} to {percent(end)}"


def _arrival(path: Floats) -> int:
    """First index from which a path stays within a tenth of its whole change (at most a point) of its end."""
    away = np.flatnonzero(np.abs(path - path[-1]) > min(0.01, 0.1 * abs(path[-1] - path[0])))
    return min(int(away[-1]) + 1, len(path) - 1)


def _gain_words(time: Floats, share: Floats, labels: Labels) -> str:
    """Where the share that gained most beside the domestic one came to rest; nothing if none gained."""
    gains = share[:, -1] - share[:, 0]
    gains[_DOMESTIC] = -np.inf
    row = int(np.argmax(gains))
    if gains[row] < 0.005:
        return ""
    mode = MODES_AND_OUTSIDE[row]
    name = f"the part {labels.mode(mode)}" if mode == "outside" else labels.mode(mode)
    end = percent(float(share[row, -1]))
    if np.ptp(share[row, time >= time[-1] - _SETTLED_DAYS]) < 0.01:
        return f"; {name} settled at {end}"
    return f"; {name} stood at {end} at the end"


def draw_shares(ax: Axes, data: SharesData) -> Axes:
    """Draw the stacked area with a label on or beside every band, and the interventions."""
    colours = [MODE_COLOURS[name] for name in MODES_AND_OUTSIDE]
    ax.stackplot(data.time, data.share, colors=colours, linewidth=0, zorder=1)
    ax.set_ylim(0, 1)
    ax.set_yticks(np.linspace(0, 1, 6), [percent(tick) for tick in np.linspace(0, 1, 6)])
    y_label(ax, f"share of focal volume ({data.focal_name})")
    plain_axes(ax)
    date_axis(ax, data.time[0], data.time[-1])
    widest = max(text_width(f"{data.labels.mode(name)} 99 %", NORMAL, "bold") for name in MODES_AND_OUTSIDE)
    reserve(ax, left=54, right=max(_RIGHT, widest + 20))
    above = draw_marks(ax, data.marks)
    title(ax, data.title, data.source, above)
    _label_bands(ax, data)
    return ax


def _label_bands(ax: Axes, data: SharesData) -> None:
    rows = range(len(MODES_AND_OUTSIDE))
    beside = [row for row in rows if data.share[row, -1] >= 0.005 or not _label_inside(ax, data, row)]
    upper = np.cumsum(data.share[:, -1])
    middles = [float(upper[row] - data.share[row, -1] / 2) for row in beside]
    modes, ends = [MODES_AND_OUTSIDE[row] for row in beside], data.share[beside, -1].tolist()
    names = [(f"{data.labels.mode(mode)} {percent(end)}", NORMAL, 0.0) for mode, end in zip(modes, ends, strict=True)]
    name_ends(ax, names, middles, [MODE_INKS[mode] for mode in modes], 5)


def _label_inside(ax: Axes, data: SharesData, row: int) -> bool:
    """Write the name of a band that is gone in the end where it was thickest; False if it never was thick."""
    width, height = size_points(ax)
    name = capital(data.labels.mode(MODES_AND_OUTSIDE[row]))
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
    middle = int(thick[len(thick) // 2])
    x, y = data.time[middle + window // 2], (ceiling[middle] + floor[middle]) / 2
    colour = MODE_INKS["outside"] if MODES_AND_OUTSIDE[row] == "outside" else "white"
    ax.text(x, y, name, ha="center", va="center", fontsize=NORMAL, fontweight="bold", color=colour, zorder=4)
    return True
