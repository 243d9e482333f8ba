"""Which facts narrow which parameters: a map of facts by parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from sim.calibration.calibrate import Calibration
from sim.plot.labelled_rows import close_rows, lay_cells
from sim.plot.labels import fit, text_width
from sim.plot.page import notebook_axes, size_points, write
from sim.plot.style import INK, MINUS, SMALL, Floats
from sim.plurals import counted

LEAST = 0.05
"""Part by which a fact must narrow a parameter to count; less is also what the sample of the prior leaves to luck."""
_MOST_ROWS, _MOST_COLUMNS = 22, 16
_ROW_HEIGHT = 17.0
_MAX_CELL_WIDTH = 34.0
"""In points."""
_NAME_HEIGHT = 190.0
"""Most room for the name of a parameter, which stands upright, in points."""
_COLOUR_MAP = LinearSegmentedColormap.from_list("narrowing", ["#D55E00", "#FFFFFF", "#0072B2"])
_DARK = 0.62
"""Part of the deepest colour from which on numbers are white."""


@dataclass(frozen=True)
class NarrowingData:
    """`cells` (facts, parameters): the part of a parameter's spread that a fact alone takes away; negative: it adds."""

    facts: tuple[str, ...]
    parameters: tuple[str, ...]
    cells: Floats
    title: str
    source: str
    notes: tuple[str, ...]


def plot_narrowing(calibration: Calibration, *, ax: Axes | None = None) -> Axes:
    """By how much each fact alone narrows each parameter, of those that do at all."""
    return draw_narrowing(ax or notebook_axes(), gather_narrowing(calibration))


def gather_narrowing(calibration: Calibration) -> NarrowingData:
    """Facts and parameters between which something is narrowed by `LEAST` or more, the strongest first."""
    table = calibration.narrowing()
    values = table.to_numpy(dtype=float)
    facts = _strongest(values.max(axis=1), _MOST_ROWS)
    parameters = _strongest(values.max(axis=0), _MOST_COLUMNS)
    names, paths = list(table.index), list(table.columns)
    telling = int((values.max(axis=1) >= LEAST).sum())
    sentence = f"{telling} of {counted(len(names), 'fact')} narrow any parameter by a twentieth or more"
    if telling:
        i, j = np.unravel_index(int(values.argmax()), values.shape)
        sentence += f", most {names[i]}, {paths[j]} by {values[i, j]:.0%}"
    source = f"{', '.join(calibration.scenarios)}, {counted(len(paths), 'parameter')}"
    notes = [
        "Each cell: one less the spread of the parameter given this fact alone, over its spread before, in per cent; "
        "blue is narrower, vermilion wider. By the emulators, with all errors.",
        f"{counted(len(names) - len(facts), 'fact')} and {counted(len(paths) - len(parameters), 'parameter')} are "
        "left out, which change little by any of these.",
    ]
    return NarrowingData(
        tuple(names[i] for i in facts), tuple(paths[j] for j in parameters), values[np.ix_(facts, parameters)],
        sentence, source, tuple(notes),
    )  # fmt: skip


def _strongest(values: Floats, most: int) -> list[int]:
    """Indices of the values from `LEAST` on, largest first; of the largest alone if there are none."""
    order = [int(each) for each in np.argsort(-values, kind="stable")]
    return [each for each in order if values[each] >= LEAST][:most] or order[:1]


def draw_narrowing(ax: Axes, data: NarrowingData) -> Axes:
    """Draw the map, with the names of parameters upright below their columns."""
    lay_cells(ax, data.facts, len(data.parameters), _MAX_CELL_WIDTH)
    largest = max(float(np.abs(data.cells).max()), LEAST)
    for (i, j), value in np.ndenumerate(data.cells):
        _draw_cell(ax, i, j, float(value), largest)
    upright = [fit(name, width=_NAME_HEIGHT) for name in data.parameters]
    for j, (name, font, _) in enumerate(upright):
        style: dict[str, Any] = {"size": font, "rotation": 90, "ha": "center", "va": "top"}
        write(ax, name, (j + 0.5, 0), (0, -6), within=ax.get_xaxis_transform(), **style)
    below = 14.0 + max(width for *_, width in upright)
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * len(data.facts), below=below)
    return ax


def _draw_cell(ax: Axes, i: int, j: int, value: float, largest: float) -> None:
    """A cell in the colour of its value, with the number where it counts and fits."""
    box = [[(j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1)]]
    colour = _COLOUR_MAP(0.5 + 0.5 * np.clip(value / largest, -1.0, 1.0))
    ax.add_collection(PolyCollection(box, facecolors=[colour], edgecolors="#DDDDDD", linewidths=0.8), autolim=False)
    words = f"{100 * value:.0f}".replace("-", MINUS)
    if abs(value) >= LEAST and text_width(words, SMALL) <= size_points(ax)[0] / ax.get_xlim()[1] - 4:
        ink = "white" if abs(value) > _DARK * largest else INK
        ax.text(j + 0.5, i + 0.5, words, color=ink, ha="center", va="center", fontsize=SMALL, zorder=3)
