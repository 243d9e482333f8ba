"""The paired difference of a mode's share over time, with a band for each day and one for all days at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.plot.labels import spread
from sim.plot.marks import Mark, days_of, differing_marks, draw_marks
from sim.plot.page import TICKS, date_axis, plain, reserve, size_points, title, write
from sim.plot.plotted_quantity import MINUS, between, digits, share_of
from sim.plot.style import INK, Floats, capital, date_words
from sim.plot.timeline_rows import caption, fit
from sim.plot.wording import BASELINE, lost, subject

if TYPE_CHECKING:
    from sim.study.study import Study


@dataclass(frozen=True)
class PairedBand:
    """Mean difference (T,) in points over `time` (T,) in matplotlib days, with bands (2, T).

    `marks` are the interventions in which the policies differ.
    """

    time: Floats
    mean: Floats
    pointwise: Floats
    simultaneous: Floats
    mode: str
    policy: str
    against: str
    end: str
    marks: tuple[Mark, ...]
    title: str
    notes: tuple[str, ...]


def gather_band(study: Study, mode: str, policy: str, against: str = BASELINE, confidence: float = 0.95) -> PairedBand:
    """The share of a mode, or `outside`, policy less `against`.

    Raises KeyError for a mode or policy that is not there, ValueError if the study kept no paths.
    """
    what = share_of(mode)
    by_day = study.band(mode, policy, against, confidence)
    all_days = study.band(mode, policy, against, confidence, simultaneous=True)
    time = days_of(study.scenario, study.day)
    mean = what.factor * by_day.mean
    bands = [what.factor * np.stack([band.low, band.high]) for band in (by_day, all_days)]
    notes = (
        f"Mean paired difference over {int(by_day.n.min()):,} replications. Dark band: {100 * confidence:g} % for each "
        "day by itself; light band: for all days at once.",
        *lost(study),
    )
    places = digits([float(np.nanmax(bands[1][1] - bands[1][0])) / 2] if np.isfinite(bands[1]).any() else [])
    title = finding(what.name, time, mean, bands[1], policy, against, places)
    end = f"{policy} less {subject(against)}"
    marks = differing_marks(study.scenario, policy, against)
    return PairedBand(time, mean, bands[0], bands[1], mode, policy, against, end, marks, title, notes)


def finding(name: str, time: Floats, mean: Floats, band: Floats, policy: str, against: str, places: int) -> str:
    """Where the difference is largest among the days on which it is sure, and what it is at the end."""
    whose = f"under {policy} than under {subject(against)}"
    sure = (band[0] > 0) | (band[1] < 0)
    if not sure.any():
        return f"{capital(name)} is on no day surely different {whose}"
    at = int(np.argmax(np.where(sure, np.abs(mean), -1.0)))
    words = f"{capital(name)} is up to {_apart(mean, band, at, places)} {whose}, on {date_words(time[at])}"
    if at == len(time) - 1:
        return f"{capital(name)} is {_apart(mean, band, at, places)} {whose} at the end"
    last = f"{_apart(mean, band, -1, places)} at the end" if sure[-1] else "not surely different at the end"
    return f"{words}; {last}"


def _apart(mean: Floats, band: Floats, at: int, places: int) -> str:
    low, high = sorted(np.abs(band[:, at]).tolist())
    side = "higher" if mean[at] > 0 else "lower"
    return f"{abs(mean[at]):.{places}f} points ({between(low, high, places)}) {side}"


LINE = "#0072B2"
HEIGHT = 240.0
"""Height of the Axes in points."""
NAME = 150.0
"""Most room for a name, in points."""


def draw_band(ax: Axes, data: PairedBand) -> Axes:
    """Draw the mean and both bands about a line at zero, and mark what the two policies do differently."""
    for low, high, alpha in ((*data.simultaneous, 0.15), (*data.pointwise, 0.3)):
        ax.fill_between(data.time, low, high, color=LINE, alpha=alpha, linewidth=0, zorder=1)
    ax.plot(data.time, data.mean, color=LINE, linewidth=1.6, zorder=2)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}".replace("-", MINUS) if value else "0"))
    ax.set_ylabel(f"difference in {share_of(data.mode).name} (points)")
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    names = [fit(name, bold=True, width=NAME) for name in (data.against, data.policy)]
    reserve(ax, left=54, right=max(width for *_, width in names) + 16)
    _name(ax, data)
    title(ax, data.title, draw_marks(ax, data.marks, caption(ax, data.notes, TICKS + 8)))
    reserve(ax, inner=HEIGHT)
    return ax


def _name(ax: Axes, data: PairedBand) -> None:
    """Name the zero line and the line at their right ends, at least a line of text apart."""
    last = float(data.mean[-1])
    low, high = ax.get_ylim()
    places = [(y - low) / (high - low) for y in (0.0, last if np.isfinite(last) else 0.0)]
    height = size_points(ax)[1]
    for place, at, name, colour in zip(
        spread(places, 11 / height, 0.0, 1.0), places, (data.against, data.policy), (INK, LINE), strict=True
    ):
        words, size, _ = fit(name, bold=True, width=NAME)
        write(ax, words, (1, at), (8, (place - at) * height), size=size, colour=colour, bold=True)
