"""Volume of one mode over time, for comparison with the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.plot.marks import Mark, draw_marks, gather_marks
from sim.plot.page import date_axis, notebook_axes, plain_axes, reserve, title, write, y_label
from sim.plot.plotted_dates import date_words, day_numbers
from sim.plot.run_series import check_mode, days
from sim.plot.style import INK, MODE_COLOURS, MODE_INKS, Floats, amount, capital
from sim.plot.wording import run_source
from sim.results.run import Run
from sim.scenario.trade_labels import NEUTRAL, Labels

_RIGHT = 80.0
"""Margin in points for the labels at the end."""


@dataclass(frozen=True)
class VolumeData:
    """`volume` (T,) at `time` (T,) and, if given, `observed` (N,) at `observed_time` (N,), in `unit`."""

    time: Floats
    volume: Floats
    observed_time: Floats
    observed: Floats
    mode: str | None
    unit: str
    marks: tuple[Mark, ...]
    title: str
    source: str
    labels: Labels = NEUTRAL


def plot_volume(
    run: Run, mode: str | None = "otc", observed: pd.DataFrame | None = None, *, ax: Axes | None = None
) -> Axes:
    """Volume of one mode on a logarithmic axis, beside observations (columns `date`, `value`)."""
    return draw_volume(ax or notebook_axes(), gather_volume(run, mode, observed))


def gather_volume(run: Run, mode: str | None = "otc", observed: pd.DataFrame | None = None) -> VolumeData:
    """All volume of the venues of a mode (None: of all modes), whoever trades there, with activity pulses.

    `observed` has the columns `date` and `value` (same unit). Rows without a positive value, which a
    logarithmic axis cannot show, and rows outside the run are left out.
    """
    check_mode(mode)
    time, unit = days(run), str(run.data.attrs["volume_unit"])
    venues = run.data["volume"].sum("exchange")
    volume = (venues.sum("mode") if mode is None else venues.sel(mode=mode)).values.astype(np.float64)
    observed_time, value = _observed(observed, time)
    labels = run.scenario.labels
    words = finding(time, volume, mode, unit, labels)
    if len(value) and volume.max() > 0:
        ratio = float(np.median(np.interp(observed_time, time, volume) / value))
        words += f"; median ratio to the record {amount(ratio)} on {len(value)} dates"
    return VolumeData(time, volume, observed_time, value, mode, unit, gather_marks(run), words, run_source(run), labels)


def _observed(observed: pd.DataFrame | None, time: Floats) -> tuple[Floats, Floats]:
    """Times and values (N,) of the observations that can be drawn."""
    if observed is None:
        return np.empty(0), np.empty(0)
    missing = sorted({"date", "value"} - set(observed.columns))
    if missing:
        has = ", ".join(map(str, observed.columns))
        raise ValueError(f"observed lacks the column {' and '.join(missing)}; it has {has}")
    day = day_numbers(observed["date"].to_numpy(dtype="datetime64[s]"))
    value = observed["value"].to_numpy(dtype=np.float64)
    use = (value > 0) & (day >= time[0]) & (day <= time[-1])
    return day[use], value[use]


def finding(time: Floats, volume: Floats, mode: str | None, unit: str, labels: Labels = NEUTRAL) -> str:
    """Start, peak and end of the volume, in a sentence."""
    name = capital(f"{labels.mode(mode)} volume") if mode else "Volume of all modes"
    if not volume.max() > 0:
        return f"{name} is zero throughout"
    peak = int(np.argmax(volume))
    ends = f"(start {amount(volume[0])}, end {amount(volume[-1])})"
    return f"{name} peaked at {amount(volume[peak])} {unit} on {date_words(time[peak])} {ends}"


def draw_volume(ax: Axes, data: VolumeData) -> Axes:
    """Draw the volume on a logarithmic axis, observations as open circles."""
    colour, text = (MODE_COLOURS[data.mode], MODE_INKS[data.mode]) if data.mode else (INK, INK)
    shown = np.where(data.volume > 0, data.volume, np.nan)
    ax.plot(data.time, shown, color=colour, linewidth=1.6, zorder=3)
    if len(data.observed):
        rings: dict[str, Any] = {"color": INK, "markerfacecolor": "none", "markersize": 3.5}
        ax.plot(data.observed_time, data.observed, "o", zorder=2, **rings)
    _scale(ax, data)
    plain_axes(ax)
    date_axis(ax, data.time[0], data.time[-1])
    reserve(ax, left=60, right=_RIGHT)
    title(ax, data.title, data.source, draw_marks(ax, data.marks))
    _label(ax, data, text)
    return ax


def _scale(ax: Axes, data: VolumeData) -> None:
    ax.set_yscale("log")
    positive = np.concatenate([data.volume[data.volume > 0], data.observed])
    low, high = (positive.min() / 1.3, positive.max() * 1.3) if len(positive) else (0.1, 10.0)
    ax.set_ylim(low, high)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high / low > 300 else (1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value)))
    ax.yaxis.set_minor_formatter(NullFormatter())
    y_label(ax, f"{data.labels.mode(data.mode) if data.mode else 'all'} volume ({data.unit}, logarithmic)")


def _label(ax: Axes, data: VolumeData, colour: str) -> None:
    ends = [("model", data.time, data.volume, colour), ("record", data.observed_time, data.observed, INK)]
    for name, time, value, shade in ends:
        positive = np.flatnonzero(value > 0)
        if len(positive):
            at = (float(time[positive[-1]]), float(value[positive[-1]]))
            write(ax, name, at, (6, 0), within="data", colour=shade, bold=True)
