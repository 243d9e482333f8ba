"""A measure over a grid of policies: mean paired differences by order and timing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from sim.plot.figures.difference import DifferenceRow, difference_row, difference_words, size_words
from sim.plot.labelled_rows import close_rows, lay_cells, name_axis
from sim.plot.labels import NAME_WIDTH, fit, text_width, wrap
from sim.plot.page import notebook_axes, size_points, write
from sim.plot.plotted_quantity import Quantity, decimals_for, number, quantity_of
from sim.plot.style import INK, NORMAL, SMALL, capital
from sim.plot.wording import BASELINE, own_labels, policy_labels, policy_words, study_notes, study_source
from sim.scenario.policy.families import Orderings, Timings
from sim.study.statistics.confidence_intervals import Difference, difference
from sim.study.study import Study
from sim.suggest import did_you_mean

_COLOUR_MAP = LinearSegmentedColormap.from_list("differences", ["#0072B2", "#FFFFFF", "#D55E00"])
"""Blue for less and vermilion for more, told apart by all."""
_ROW_HEIGHT = 36.0
"""In points."""
_MAX_CELL_WIDTH = 110.0
"""In points."""

Cells = Mapping[str, tuple[str, str]]
"""By policy: the names of its row and of its column."""


@dataclass(frozen=True)
class HeatmapData:
    """Rows and columns by name, and the differences of the cells that there are, by (row, column).

    Intervals hold for all cells together with the stated confidence (Bonferroni).
    """

    quantity: Quantity
    against: str
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: Mapping[tuple[int, int], DifferenceRow]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_heatmap(
    study: Study, measure: str, family: Orderings | Timings | Cells, against: str = "baseline",
    confidence: float = 0.95, *, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """A measure over a family of policies in the study: what begins first and last, or by how much it is shifted.

    `family` is what `sim.orderings` or `sim.timings` gave, or names of row and column by policy, so that any two
    things can be crossed: `{"a > b, +90 d": ("a > b", "+90 d"), ...}`.
    """
    return draw_heatmap(ax or notebook_axes(), gather_heatmap(study, measure, family, against, confidence))


def gather_heatmap(
    study: Study, measure: str, family: Orderings | Timings | Cells, against: str = BASELINE, confidence: float = 0.95
) -> HeatmapData:
    """Differences of a measure over a family of policies that the study holds.

    Of timings, rows and columns are the shifts of the two interventions (one row if there is one). Of orderings, rows
    say what comes first and columns what comes last; a cell is the mean over the orders with both. Any other grid is
    given as a mapping from policies to the names of their row and column. Raises KeyError for policies that are not in
    the study, and for an unknown measure.
    """
    grid, across, down = _grid(family, own_labels(study.scenario, against))
    for policy in grid:
        if policy not in study.policies:
            raise KeyError(f"the study has no policy {policy!r} of this family{did_you_mean(policy, study.policies)}")
    rows, columns = (tuple(dict.fromkeys(names[i] for names in grid.values())) for i in (0, 1))
    if isinstance(family, Orderings):
        rows = columns = tuple(dict.fromkeys((*rows, *columns)))
    members: dict[tuple[int, int], list[str]] = {}
    for policy, (row, column) in grid.items():
        members.setdefault((rows.index(row), columns.index(column)), []).append(policy)
    quantity, level = quantity_of(measure, study.scenario.labels), 1.0 - (1.0 - confidence) / len(members)
    differences = {cell: _difference(study, measure, policies, against, level) for cell, policies in members.items()}
    decimals = decimals_for(quantity.factor * d.half_width for d in differences.values())
    labels = policy_labels(study.scenario, study.policies)
    firsts = {cell: labels[policies[0]] for cell, policies in members.items()}
    cells = {cell: difference_row(firsts[cell], d, quantity.factor, decimals) for cell, d in differences.items()}
    base = labels[against]
    sentence = finding(quantity, cells, rows, columns, isinstance(family, Orderings), base)
    notes, source = _notes(study, quantity, cells, confidence, base), study_source(study)
    return HeatmapData(quantity, base, across, down, columns, rows, cells, sentence, source, notes)


def _grid(family: Orderings | Timings | Cells, names: Mapping[str, str]) -> tuple[Cells, str, str]:
    """Row and column of each policy, and what goes across and down; `names` are labels of interventions by id."""
    if isinstance(family, Orderings):
        ends = {name: (order[0], order[-1]) for name, order in family.orders.items()}
        grid = {name: (names.get(first, first), names.get(last, last)) for name, (first, last) in ends.items()}
        return grid, "begins last", "begins first"
    if isinstance(family, Timings):
        *first, last = next(iter(family.shifts.values()))
        down = first[0] if len(first) == 1 else ""
        grid = {
            name: (_shift_words(shift[down]) if down else "", _shift_words(shift[last]))
            for name, shift in family.shifts.items()
        }
        return grid, f"shift of {names.get(last, last)}", f"shift of {names.get(down, down)}" if down else ""
    return dict(family), "", ""


def _shift_words(days: float) -> str:
    return f"{number(days, 0 if days == int(days) else 1, sign=True)} d"


def _difference(study: Study, measure: str, policies: list[str], against: str, confidence: float) -> Difference:
    n = min(study.replications[policy] for policy in (*policies, against))
    mean = np.mean([study.values(measure, policy)[:n] for policy in policies], axis=0)
    return difference(mean, study.values(measure, against)[:n], confidence)


def finding(
    quantity: Quantity, cells: Mapping[tuple[int, int], DifferenceRow], rows: tuple[str, ...],
    columns: tuple[str, ...], orderings: bool, against: str,
) -> str:  # fmt: skip
    """Which cell surely differs most."""
    defined = {cell: row for cell, row in cells.items() if np.isfinite(row.mean)}
    others = {cell: row for cell, row in defined.items() if not (row.constant and row.mean == 0)}
    sure = {cell: row for cell, row in others.items() if row.excludes_zero}
    name, base = capital(quantity.name), policy_words(against)
    if not sure:
        return f"{name} differs surely from {base} in no cell"
    (i, j), largest = max(sure.items(), key=lambda item: abs(item[1].mean))
    where = f"with {rows[i]} first and {columns[j]} last" if orderings else f"under {policy_words(largest.policy)}"
    unsure = len(others) - len(sure)
    more = f"; {unsure} of {len(others)} cells cannot be told from it" if unsure else ""
    return f"{name} is {difference_words(quantity, largest)} {where} than under {base} ({size_words(largest)}){more}"


def _notes(
    study: Study, quantity: Quantity, cells: Mapping[tuple[int, int], DifferenceRow], confidence: float, against: str
) -> tuple[str, ...]:
    unit = f" in {quantity.change}" if quantity.change else ""
    notes = [
        f"Mean paired difference of {quantity.name} from {policy_words(against)}{unit}. Hatched: zero lies within the "
        f"{100 * confidence:g} % intervals, which hold for all cells together."
    ]
    if any(row.undefined for row in cells.values()):
        notes.append("Cells with a ring speak of the replications only in which the measure is defined.")
    return (*notes, *study_notes(study))


def draw_heatmap(ax: Axes, data: HeatmapData) -> Axes:
    """Draw the cells, hatched where the difference may be none, with the names of rows and columns.

    Numbers are left out where columns are so many that they would not fit.
    """
    lay_cells(ax, data.rows, len(data.columns), _MAX_CELL_WIDTH, data.down)
    largest = max((abs(row.mean) for row in data.cells.values() if np.isfinite(row.mean)), default=0.0) or 1.0
    for (i, j), row in data.cells.items():
        _draw_cell(ax, i, j, row, largest)
    lines = _name_columns(ax, data)
    name_axis(ax, data.across)
    ax.xaxis.labelpad = 8 + 10.0 * lines
    below = 28.0 + 10 * lines
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * len(data.rows), below=below)
    return ax


def _draw_cell(ax: Axes, i: int, j: int, row: DifferenceRow, largest: float) -> None:
    """A cell in the colour of its mean, of which `largest` has the deepest, with the number if it fits."""
    box = [[(j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1)]]
    defined = np.isfinite(row.mean)
    colour = _COLOUR_MAP(0.5 + 0.5 * row.mean / largest) if defined else "#EEEEEE"
    hatch = "///" if defined and not row.excludes_zero and row.mean else None
    cell = PolyCollection(box, facecolors=[colour], edgecolors="#BBBBBB", hatch=hatch, linewidths=0.0, zorder=1)
    ax.add_collection(cell, autolim=False)
    frame = PolyCollection(box, facecolors="none", edgecolors="#DDDDDD", linewidths=0.8, zorder=2)
    ax.add_collection(frame, autolim=False)
    ring = "°" if row.undefined and row.n else ""
    words = (number(row.mean, row.decimals, sign=True) if defined else "undef.") + ring
    room = size_points(ax)[0] / ax.get_xlim()[1] - 4
    font = next((size for size in (NORMAL, SMALL) if text_width(words, size) <= room), None)
    if font is None:
        return
    dark = defined and abs(row.mean) > 0.62 * largest
    back = {"boxstyle": "round,pad=0.15", "facecolor": colour, "edgecolor": "none"} if hatch else None
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": font, "zorder": 3, "bbox": back}
    ax.text(j + 0.5, i + 0.5, words, color="white" if dark else INK, **style)


def _name_columns(ax: Axes, data: HeatmapData) -> int:
    """Write the names below the columns, broken at spaces; returns the lines of the longest."""
    width = min(NAME_WIDTH, size_points(ax)[0] / max(len(data.columns), 1) - 6)
    names = [wrap(fit(name, width=3 * width)[0], width, SMALL) for name in data.columns]
    across = ax.get_xaxis_transform()
    for j, lines in enumerate(names):
        write(ax, "\n".join(lines), (j + 0.5, 0), (0, -5), within=across, size=SMALL, va="top", ha="center")
    return max((len(lines) for lines in names), default=0)
