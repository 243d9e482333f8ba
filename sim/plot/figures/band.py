"""The paired difference of a mode's share over time, with a band for each day and one for all days at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import caption, name_ends
from sim.plot.labels import fit
from sim.plot.marks import Mark, differing_marks, draw_marks
from sim.plot.page import TICKS_HEIGHT, date_axis, notebook_axes, plain_axes, reserve, signed_format, title
from sim.plot.plotted_dates import date_words, days_of
from sim.plot.plotted_quantity import decimals_for, interval_words, share_of
from sim.plot.style import INK, Floats, capital
from sim.plot.wording import BASELINE, policy_labels, policy_words, study_notes, study_source
from sim.scenario.trade_labels import NEUTRAL, Labels
from sim.study.study import Study

_LINE_COLOUR = "#0072B2"
_AXES_HEIGHT = 240.0
"""In points."""
_NAME_WIDTH = 150.0
"""Most room for a name, in points."""


@dataclass(frozen=True)
class BandData:
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
    marks: tuple[Mark, ...]
    title: str
    source: str
    notes: tuple[str, ...]
    labels: Labels = NEUTRAL


def plot_band(
    study: Study, mode: str, policy: str, against: str = "baseline", confidence: float = 0.95, *, ax: Axes | None = None
) -> Axes:
    """The paired difference of a mode's share over time, with bands for each day and for all days at once."""
    return draw_band(ax or notebook_axes(), gather_band(study, mode, policy, against, confidence))


def gather_band(study: Study, mode: str, policy: str, against: str = BASELINE, confidence: float = 0.95) -> BandData:
    """The share of a mode, or `outside`, policy less `against`.

    Raises KeyError for a mode or policy that is not there, ValueError if the study kept no paths.
    """
    quantity = share_of(mode, study.scenario.labels)
    by_day = study.band(mode, policy, against, confidence)
    all_days = study.band(mode, policy, against, confidence, simultaneous=True)
    time = days_of(study.scenario, study.day)
    mean = quantity.factor * by_day.mean
    pointwise, joint = (quantity.factor * np.stack([band.low, band.high]) for band in (by_day, all_days))
    notes = (
        f"Mean paired difference over {int(by_day.n.min()):,} replications. Dark band: {100 * confidence:g} % for each "
        "day by itself; light band: for all days at once.",
        *study_notes(study),
    )
    decimals = decimals_for([float(np.nanmax(joint[1] - joint[0])) / 2] if np.isfinite(joint).any() else [])
    labels = policy_labels(study.scenario, study.policies)
    own, base = labels[policy], labels[against]
    sentence = finding(quantity.name, time, mean, joint, own, base, decimals)
    marks, source = differing_marks(study.scenario, policy, against), study_source(study, shares=True)
    return BandData(
        time, mean, pointwise, joint, mode, own, base, marks, sentence, source, notes, study.scenario.labels
    )


def finding(name: str, time: Floats, mean: Floats, band: Floats, policy: str, against: str, decimals: int) -> str:
    """Where the difference is largest among the days on which it is sure, and what it is at the end."""
    whose = f"under {policy_words(policy)} than under {policy_words(against)}"
    sure = (band[0] > 0) | (band[1] < 0)
    if not sure.any():
        return f"{capital(name)} is on no day surely different {whose}"
    largest = int(np.argmax(np.where(sure, np.abs(mean), -1.0)))
    size = _difference_words(mean, band, largest, decimals)
    if largest == len(time) - 1:
        return f"{capital(name)} is {size} {whose} at the end"
    last = _difference_words(mean, band, -1, decimals) if sure[-1] else "not surely different"
    return f"{capital(name)} is up to {size} {whose}, on {date_words(time[largest])}; {last} at the end"


def _difference_words(mean: Floats, band: Floats, instant: int, decimals: int) -> str:
    low, high = sorted(np.abs(band[:, instant]).tolist())
    side = "higher" if mean[instant] > 0 else "lower"
    return f"{abs(mean[instant]):.{decimals}f} points ({interval_words(low, high, decimals)}) {side}"


def draw_band(ax: Axes, data: BandData) -> Axes:
    """Draw the mean and both bands about a line at zero, and mark what the two policies do differently."""
    for low, high, alpha in ((*data.simultaneous, 0.15), (*data.pointwise, 0.3)):
        ax.fill_between(data.time, low, high, color=_LINE_COLOUR, alpha=alpha, linewidth=0, zorder=1)
    ax.plot(data.time, data.mean, color=_LINE_COLOUR, linewidth=1.6, zorder=2)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
    ax.yaxis.set_major_formatter(signed_format())
    ax.set_ylabel(f"difference in {share_of(data.mode, data.labels).name} (points)")
    plain_axes(ax)
    date_axis(ax, data.time[0], data.time[-1])
    names = [fit(name, bold=True, width=_NAME_WIDTH) for name in (data.against, data.policy)]
    reserve(ax, left=54, right=max(width for *_, width in names) + 16)
    last = float(data.mean[-1])
    name_ends(ax, names, [0.0, last if np.isfinite(last) else 0.0], [INK, _LINE_COLOUR], 8)
    title(ax, data.title, data.source, draw_marks(ax, data.marks, caption(ax, data.notes, TICKS_HEIGHT + 8)))
    reserve(ax, inner=_AXES_HEIGHT)
    return ax
