"""Volume of one mode over time, for comparison with the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.plot.marks import Mark, draw_marks, gather_marks
from sim.plot.page import date_axis, plain, reserve, title, write
from sim.plot.run_series import check_mode, days
from sim.plot.style import COLOURS, INK, NAMES, TEXT, Floats, amount, capital, date_words, day_numbers

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.run import Run


@dataclass(frozen=True)
class Volume:
    """`volume` (T,) at `time` (T,) and, if given, `observed` (N,) at `observed_time` (N,), in `unit`."""

    time: Floats
    volume: Floats
    observed_time: Floats
    observed: Floats
    mode: str | None
    unit: str
    marks: tuple[Mark, ...]
    title: str


def gather_volume(run: Run, mode: str | None = "otc", observed: pd.DataFrame | None = None) -> Volume:
    """All volume of the venues of a mode (None: of all modes), whoever trades there, with activity pulses.

    `observed` has the columns `date` and `value` (same unit). Rows without a positive value, which a
    logarithmic axis cannot show, and rows outside the run are left out.
    """
    check_mode(mode)
    time, unit = days(run), str(run.data.attrs["volume_unit"])
    venues = run.data["volume"].sum("exchange")
    path = (venues.sum("mode") if mode is None else venues.sel(mode=mode)).values.astype(np.float64)
    when, seen = _observed(observed, time)
    words = finding(time, path, mode, unit)
    if len(seen) and path.max() > 0:
        words += f"; {_ratio(time, path, when, seen)}"
    return Volume(time, path, when, seen, mode, unit, gather_marks(run), words)


def _observed(observed: pd.DataFrame | None, time: Floats) -> tuple[Floats, Floats]:
    if observed is None:
        return np.empty(0), np.empty(0)
    missing = sorted({"date", "value"} - set(observed.columns))
    if missing:
        has = ", ".join(map(str, observed.columns))
        raise ValueError(f"observed lacks the column {' and '.join(missing)}; it has {has}")
    when = day_numbers(observed["date"].to_numpy(dtype="datetime64[s]"))
    seen = observed["value"].to_numpy(dtype=np.float64)
    use = (seen > 0) & (when >= time[0]) & (when <= time[-1])
    return when[use], seen[use]


def finding(time: Floats, path: Floats, mode: str | None, unit: str) -> str:
    """Start, peak and end of the volume, in a sentence."""
    name = capital(f"{NAMES[mode]} volume") if mode else "Volume of all modes"
    if not path.max() > 0:
        return f"{name} is zero throughout"
    peak = int(np.argmax(path))
    ends = f"(start {amount(path[0])}, end {amount(path[-1])})"
    return f"{name} peaked at {amount(path[peak])} {unit} on {date_words(time[peak])} {ends}"


def _ratio(time: Floats, path: Floats, when: Floats, seen: Floats) -> str:
    ratio = float(np.median(np.interp(when, time, path) / seen))
    return f"median ratio to the record {amount(ratio)} on {len(seen)} dates"


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
