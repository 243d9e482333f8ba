"""A measure over a grid of policies: mean paired differences by order and timing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from sim.plot.figures.difference import Row, apart, row_of, size
from sim.plot.labels import text_width, wrap
from sim.plot.page import WIDTH, plain, reserve, size_points, write
from sim.plot.plotted_quantity import Quantity, digits, number, quantity
from sim.plot.style import FAINT, INK, NORMAL, SMALL, capital
from sim.plot.timeline_rows import NAME, close_rows, fit, name_axis
from sim.plot.wording import BASELINE, lost, subject
from sim.scenario.policy.families import Orderings, Timings
from sim.study.statistics.confidence_intervals import difference
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.study.statistics.confidence_intervals import Difference
    from sim.study.study import Study


Cells = Mapping[str, tuple[str, str]]
"""By policy: the names of its row and of its column."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns by name, and the differences of the cells that there are, by (row, column).

    Intervals hold for all cells together with the stated confidence (Bonferroni).
    """

    quantity: Quantity
    against: str
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: Mapping[tuple[int, int], Row]
    title: str
    notes: tuple[str, ...]


def gather_heatmap(
    study: Study, measure: str, family: Orderings | Timings | Cells, against: str = BASELINE, confidence: float = 0.95
) -> Grid:
    """Differences of a measure over a family of policies that the study holds.

    Of timings, rows and columns are the shifts of the two interventions (one row if there is one). Of orderings, rows
    say what comes first and columns what comes last; a cell is the mean over the orders with both. Any other grid is
    given as a mapping from policies to the names of their row and column. Raises KeyError for policies that are not in
    the study, and for an unknown measure.
    """
    places, across, down = layout(family)
    for policy in places:
        if policy not in study.policies:
            raise KeyError(f"the study has no policy {policy!r} of this family{did_you_mean(policy, study.policies)}")
    rows, columns = (tuple(dict.fromkeys(place[i] for place in places.values())) for i in (0, 1))
    if isinstance(family, Orderings):
        rows = columns = tuple(dict.fromkeys((*rows, *columns)))
    members: dict[tuple[int, int], list[str]] = {}
    for policy, (row, column) in places.items():
        members.setdefault((rows.index(row), columns.index(column)), []).append(policy)
    what, level = quantity(measure), 1.0 - (1.0 - confidence) / len(members)
    found = {place: _paired(study, measure, policies, against, level) for place, policies in members.items()}
    shown = digits(what.factor * each.half_width for each in found.values())
    cells = {place: row_of(members[place][0], each, what.factor, shown) for place, each in found.items()}
    title = finding(what, cells, rows, columns, isinstance(family, Orderings), against)
    return Grid(
        what, against, across, down, columns, rows, cells, title, _notes(study, what, cells, confidence, against)
    )


def layout(family: Orderings | Timings | Cells) -> tuple[Cells, str, str]:
    """Row and column of each policy, and what goes across and down."""
    if isinstance(family, Orderings):
        return {name: (order[0], order[-1]) for name, order in family.orders.items()}, "begins last", "begins first"
    if isinstance(family, Timings):
        ids = list(next(iter(family.shifts.values())))
        last = ids[-1]
        down = ids[0] if len(ids) == 2 else ""
        places = {
            name: (_days(shift[ids[0]]) if down else "", _days(shift[last])) for name, shift in family.shifts.items()
        }
        return places, f"shift of {last}", f"shift of {down}" if down else ""
    return dict(family), "", ""


def finding(
    what: Quantity, cells: Mapping[tuple[int, int], Row], rows: tuple[str, ...], columns: tuple[str, ...],
    order: bool, against: str,
) -> str:  # fmt: skip
    """Which cell surely differs most."""
    others = {place: row for place, row in cells.items() if not (row.everywhere and row.mean == 0)}
    sure = {place: row for place, row in others.items() if row.surely}
    if not sure:
        return f"{capital(what.name)} differs surely from {subject(against)} in no cell"
    (i, j), most = max(sure.items(), key=lambda item: abs(item[1].mean))
    where = f"with {rows[i]} first and {columns[j]} last" if order else f"under {most.policy}"
    same = len(others) - len(sure)
    more = f"; {same} of {len(others)} cells cannot be told from it" if same else ""
    return f"{capital(what.name)} is {apart(what, most)} {where} than under {subject(against)} ({size(most)}){more}"


def _paired(study: Study, measure: str, policies: list[str], against: str, confidence: float) -> Difference:
    """The difference of the mean over some policies in each replication."""
    n = min(study.replications[policy] for policy in (*policies, against))
    mean = np.mean([study.values(measure, policy)[:n] for policy in policies], axis=0)
    return difference(mean, study.values(measure, against)[:n], confidence)


def _notes(
    study: Study, what: Quantity, cells: Mapping[tuple[int, int], Row], confidence: float, against: str
) -> tuple[str, ...]:
    unit = f" in {what.change}" if what.change else ""
    notes = [
        f"Mean paired difference of {what.name} from {subject(against)}{unit}. Hatched: zero lies within the "
        f"{100 * confidence:g} % intervals, which hold for all cells together."
    ]
    if any(row.undefined for row in cells.values()):
        notes.append("Cells with a ring speak of the replications only in which the measure is defined.")
    return (*notes, *lost(study))


def _days(shift: float) -> str:
    return f"{number(shift, 0 if shift == int(shift) else 1, sign=True)} d"


SCALE = LinearSegmentedColormap.from_list("differences", ["#0072B2", "#FFFFFF", "#D55E00"])
"""Blue for less and vermilion for more, told apart by all."""
ROW = 36.0
"""Height of a row in points."""
CELL = 110.0
"""Most width of a cell in points."""


def draw_heatmap(ax: Axes, data: Grid) -> Axes:
    """Draw the cells, hatched where the difference may be none, with the names of rows and columns.

    Numbers are left out where columns are so many that they would not fit.
    """
    plain(ax)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(0, len(data.columns)), ylim=(len(data.rows), 0), xticks=[], yticks=[])
    fitted = [fit(name) for name in data.rows]
    left = max([30.0, text_width(data.down, SMALL), *(width for *_, width in fitted)]) + 16
    reserve(ax, left=left, right=max(24.0, 72 * WIDTH - left - CELL * len(data.columns)))
    reach = max((abs(row.mean) for row in data.cells.values() if np.isfinite(row.mean)), default=0.0) or 1.0
    for (i, j), row in data.cells.items():
        _draw_cell(ax, i, j, row, reach)
    across = ax.get_yaxis_transform()
    for i, (name, font, _) in enumerate(fitted):
        write(ax, name, (0, i + 0.5), (-8, 0), within=across, size=font, ha="right")
    write(ax, data.down, (0, 1), (-8, 5), size=SMALL, colour=FAINT, va="bottom", ha="right")
    lines = _name_columns(ax, data)
    name_axis(ax, data.across)
    ax.xaxis.labelpad = 8 + 10.0 * lines
    below = 28.0 + 10 * lines
    close_rows(ax, data.title, data.notes, ROW * len(data.rows), below=below)
    return ax


def _draw_cell(ax: Axes, i: int, j: int, row: Row, reach: float) -> None:
    box = [[(j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1)]]
    known = np.isfinite(row.mean)
    colour = SCALE(0.5 + 0.5 * row.mean / reach) if known else "#EEEEEE"
    hatch = "///" if known and not row.surely and row.mean else None
    cell = PolyCollection(box, facecolors=[colour], edgecolors="#BBBBBB", hatch=hatch, linewidths=0.0, zorder=1)
    ax.add_collection(cell, autolim=False)
    ax.add_collection(
        PolyCollection(box, facecolors="none", edgecolors="#DDDDDD", linewidths=0.8, zorder=2), autolim=False
    )
    words = (number(row.mean, row.digits, sign=True) if known else "undef.") + ("°" if row.undefined and row.n else "")
    room = size_points(ax)[0] / ax.get_xlim()[1] - 4
    font = next((size for size in (NORMAL, SMALL) if text_width(words, size) <= room), None)
    if font is None:
        return
    dark = known and abs(row.mean) > 0.62 * reach
    back = {"boxstyle": "round,pad=0.15", "facecolor": colour, "edgecolor": "none"} if hatch else None
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": font, "zorder": 3, "bbox": back}
    ax.text(j + 0.5, i + 0.5, words, color="white" if dark else INK, **style)


def _name_columns(ax: Axes, data: Grid) -> int:
    """Write the names below the columns, broken at spaces; returns the lines of the longest."""
    width = min(NAME, size_points(ax)[0] / max(len(data.columns), 1) - 6)
    names = [wrap(fit(name, width=3 * width)[0], width, SMALL) for name in data.columns]
    across = ax.get_xaxis_transform()
    for j, lines in enumerate(names):
        write(ax, "\n".join(lines), (j + 0.5, 0), (0, -5), within=across, size=SMALL, va="top", ha="center")
    return max((len(lines) for lines in names), default=0)
