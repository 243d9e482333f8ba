"""How well the record can be met with a parameter, or a measure, held at each of its values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from pandas import DataFrame

from sim.calibration.calibrate import Calibration
from sim.plot.labelled_rows import AXIS_HEIGHT, caption, name_axis, name_ends
from sim.plot.labels import fit
from sim.plot.page import notebook_axes, percent_format, plain_axes, reserve, title, write, y_label
from sim.plot.style import FAINT, LINE_COLOURS, SMALL, Floats, capital, listed
from sim.plurals import counted

_HIGHEST = 8.0
"""Deviance at which the figure ends: nobody needs to know how much worse it gets."""
_MEASURES = (
    "Points of a measure are worlds in which real runs gave that value and that deviance, in parts of what nine tenths "
    "of the prior's worlds have. Any one of them shows that the record can be met with that value."
)
_LIMITS = ((2.7055, "outside of 90 %"), (6.6349, "outside of 99 %"))


@dataclass(frozen=True)
class ProfileLine:
    """A parameter or measure: its deviance at parts of its range, and in words the values within 90 %."""

    name: str
    parts: Floats
    deviance: Floats
    words: str


@dataclass(frozen=True)
class ProfilesData:
    """One line a parameter or measure."""

    lines: tuple[ProfileLine, ...]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_profiles(calibration: Calibration, *names: str, ax: Axes | None = None) -> Axes:
    """The profile of each parameter or measure: how much worse the record is met with it held at each of its values."""
    return draw_profiles(ax or notebook_axes(), gather_profiles(calibration, calibration.profiles(names)))


def gather_profiles(calibration: Calibration, profiles: DataFrame) -> ProfilesData:
    """Lines of what `Calibration.profiles` gave, which parameters the record bounds, and which measures it allows."""
    lines, bounded, free, allowed = list[ProfileLine](), list[str](), list[str](), list[str]()
    for name, rows in profiles.groupby("of", sort=False):
        deviance = rows["deviance"].to_numpy()
        within = np.flatnonzero(deviance <= _LIMITS[0][0])
        values = rows["value"].tolist()
        # What is bounded more tightly than the values are apart may have none within.
        words = f"{values[within[0]]} to {values[within[-1]]}" if len(within) else f"near {values[deviance.argmin()]}"
        if name not in calibration.space.names:
            allowed.append(f"{name} {words if words.startswith('near') else f'from {words}'}")
        elif len(within) == len(rows):
            free.append(str(name))
            words = "open"
        else:
            bounded.append(str(name))
        lines.append(ProfileLine(str(name), rows["part"].to_numpy(), deviance, words))
    sentence = " and ".join(
        [
            *([f"the record bounds {listed(bounded)}"] if bounded else []),
            *([f"leaves {listed(free)} open" if bounded else f"the record leaves {listed(free)} open"] if free else []),
            *([f"the record is met with {listed(allowed)}"] if allowed else []),
        ]
    )
    notes = (
        "At each value all other parameters are those that meet the record best, by the emulators. A flat line: the "
        "record is met as well at any value. Values below a dashed line make the interval of that confidence.",
        *([_MEASURES] if allowed else []),
    )
    source = f"{', '.join(calibration.scenarios)}, {counted(len(calibration.matching.targets), 'fact')}"
    return ProfilesData(tuple(lines), capital(sentence), source, notes)


def draw_profiles(ax: Axes, data: ProfilesData) -> Axes:
    """Draw a line for each over its range, and the limits of the intervals."""
    plain_axes(ax)
    fitted = [fit(f"{line.name}: {line.words}", bold=True) for line in data.lines]
    reserve(ax, left=62, right=max([60.0, *(width for *_, width in fitted)]) + 22)
    parts = np.concatenate([line.parts for line in data.lines])
    ax.set(xlim=(min(0.0, parts.min()), max(1.0, parts.max())), ylim=(-0.2, _HIGHEST))
    for limit, words in _LIMITS:
        ax.axhline(limit, color=FAINT, linewidth=0.8, linestyle="--", zorder=1)
        write(ax, words, (0.0, limit), (4, 6), within=ax.get_yaxis_transform(), size=SMALL, colour=FAINT)
    colours = [LINE_COLOURS[i % len(LINE_COLOURS)] for i in range(len(data.lines))]
    for line, colour in zip(data.lines, colours, strict=True):
        ax.plot(line.parts, line.deviance, "o-", color=colour, linewidth=1.6, markersize=3.5, zorder=3)
    ends = [min(float(line.deviance[-1]), _HIGHEST) for line in data.lines]
    name_ends(ax, fitted, ends, colours, 10.0, led=True)
    ax.xaxis.set_major_formatter(percent_format())
    y_label(ax, "deviance from the best")
    name_axis(ax, "from the low end of the range to the high one")
    caption(ax, data.notes, AXIS_HEIGHT)
    title(ax, data.title, data.source)
    return ax
