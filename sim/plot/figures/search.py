"""What a search tried, and the policies that none of the others beats, checked on fresh replications."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot import page
from sim.plot.labelled_rows import AXIS_HEIGHT, caption, name_axis
from sim.plot.labels import Box, free_box, text_width
from sim.plot.plotted_quantity import Quantity, quantity_of
from sim.plot.style import FAINT, INK, MINUS, SMALL, Floats, capital
from sim.plot.wording import policy_words, scenario_source, scope_note
from sim.study.search.search import Search

_FRONT = "#0072B2"


@dataclass(frozen=True)
class SearchData:
    """Points in the first two objectives: all that was tried (V, 2), and policies with fresh means and intervals.

    `fresh` (P, 2, 3) holds mean, low and high, the base first; `sought` (P, 2) the means in the search.
    """

    x: Quantity
    y: Quantity
    larger: tuple[bool, bool]
    tried: Floats
    fresh: Floats
    sought: Floats
    names: tuple[str, ...]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_search(found: Search, *, ax: Axes | None = None) -> Axes:
    """The first two objectives of all policies tried and of the front. Raises ValueError for a single objective."""
    return draw_search(ax or page.notebook_axes(), gather_search(found))


def gather_search(found: Search) -> SearchData:
    """Points of the search, and of the check."""
    names = list(found.objectives.larger)[:2]
    if len(names) < 2:
        raise ValueError("the figure needs two objectives")
    quantities = [quantity_of(name, found.scenario.labels) for name in names]
    factors, table = np.array([quantity.factor for quantity in quantities]), found.table()
    fresh = np.stack([table[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float) for name in names], axis=1)
    sought = table[[f"{name}_search" for name in names]].to_numpy(dtype=float)
    notes = [
        "Grey: policies tried. Blue: those that none within the budget beats, with 95 % intervals on fresh "
        "replications; the thin line leads from where the search saw them.",
        scope_note(found.interval_scope),
        *(f"At most {most:g} {measure} in the mean." for measure, most in found.objectives.budget.items()),
    ]
    if found.front:
        notes.append(capital(f"{found.curse}.").replace("-", MINUS))
    if len(found.objectives.larger) > 2:
        notes.append(f"There are {len(found.objectives.larger)} objectives; two are shown.")
    draws = "" if found.draws is None else f", {found.draws} draws of uncertain parameters"
    source = f"{scenario_source(found.scenario, found.replications)} of each policy{draws}, seed {found.seed}"
    larger = (found.objectives.larger[names[0]], found.objectives.larger[names[1]])
    return SearchData(
        quantities[0], quantities[1], larger, factors * found.found[:, :2], factors[:, None] * fresh, factors * sought,
        (policy_words(found.base), *found.names), capital(str(found)), source, tuple(notes),
    )  # fmt: skip


def draw_search(ax: Axes, data: SearchData) -> Axes:
    """Draw the points with their intervals, and names beside them."""
    page.plain_axes(ax)
    page.reserve(ax, left=62, right=40)
    ax.plot(*data.tried.T, "o", color=FAINT, alpha=0.35, markersize=3, zorder=1)
    for k in range(len(data.names)):
        colour = INK if k == 0 else _FRONT
        (x, *across), (y, *up) = data.fresh[k].tolist()
        ax.plot(across, [y, y], color=colour, linewidth=1.4, zorder=3)
        ax.plot([x, x], up, color=colour, linewidth=1.4, zorder=3)
        ax.plot([x], [y], "s" if k == 0 else "o", color=colour, markersize=5.5, zorder=4)
        ax.plot([data.sought[k, 0], x], [data.sought[k, 1], y], color=colour, linewidth=0.6, zorder=2)
    for axis, quantity, more in ((ax.xaxis, data.x, data.larger[0]), (ax.yaxis, data.y, data.larger[1])):
        axis.set_major_locator(page.round_ticks())
        words = f"{quantity.axis_label}, {'more' if more else 'less'} is better"
        name_axis(ax, words) if axis is ax.xaxis else page.y_label(ax, words)
    caption(ax, data.notes, AXIS_HEIGHT)
    page.title(ax, data.title, data.source)
    _name_points(ax, data)
    return ax


def _name_points(ax: Axes, data: SearchData) -> None:
    """Numbers of the policies, and the name of the base, in places that no interval crosses."""
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())  # from here on points stay where they are
    right, top = page.size_points(ax)
    middle, low, high = (page.to_points(ax, data.fresh[:, :, end]) for end in range(3))
    taken: list[Box] = [(x, y - 3, x2, y + 3) for (_, y), (x, _), (x2, _) in zip(middle, low, high, strict=True)]
    taken += [(x - 3, y, x + 3, y2) for (x, _), (_, y), (_, y2) in zip(middle, low, high, strict=True)]
    for k, (position, name) in enumerate(zip(middle, data.names, strict=True)):
        words = name.removeprefix("found-")
        box = free_box(position, text_width(words, SMALL, "bold"), [], taken, (0, 0, right, top))
        taken.append(box)
        page.write_led(ax, words, position, box, INK if k == 0 else _FRONT, SMALL, shrink=(0, 3))
