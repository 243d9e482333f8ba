"""How a measure responds to one parameter of a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import AXIS_HEIGHT, caption, last_defined, name_axis, name_ends
from sim.plot.labels import fit
from sim.plot.page import notebook_axes, plain_axes, reserve, round_ticks, signed_format, title, y_label
from sim.plot.plotted_quantity import Quantity
from sim.plot.style import INK, Floats, capital, line_styles, listed
from sim.plot.swept_values import SweptMeasure, other_paths, sweep_scope, sweep_source, swept_measure, swept_values
from sim.plot.wording import BASELINE, cut, policy_words
from sim.plurals import counted
from sim.study.sweep.sweep import Sweep

_AXES_HEIGHT = 240.0
"""In points."""
_NAME_WIDTH = 200.0
"""Most room for a name, in points."""
_MAX_TICKS = 8
"""Values that are written along the axis where they are few."""


@dataclass(frozen=True)
class ResponseLine:
    """A policy: `x` (N,) ascending, with estimates (N,) of the measure and their intervals."""

    policy: str
    x: Floats
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class ResponseData:
    """Lines over the values of the parameter; `ticks` are those values in words, where they are few.

    `joined`: whether a point differs from the next in this parameter alone. `levels`: of the baseline alone; otherwise
    differences from it.
    """

    quantity: Quantity
    path: str
    lines: tuple[ResponseLine, ...]
    ticks: tuple[tuple[float, str], ...]
    joined: bool
    levels: bool
    title: str
    source: str
    notes: tuple[str, ...]


def plot_response(sweep: Sweep, measure: str, path: str | None = None, *, ax: Axes | None = None) -> Axes:
    """A measure against one parameter: differences of the policies from the baseline, or its level if it is alone."""
    return draw_response(ax or notebook_axes(), gather_response(sweep, measure, path))


def gather_response(sweep: Sweep, measure: str, path: str | None = None) -> ResponseData:
    """Estimates of a measure at all points, by the values of `path` (default: the first parameter).

    Raises ValueError for a measure or parameter that is not there.
    """
    path = next(iter(sweep.points[0])) if path is None else path
    values, places = swept_values(sweep, path)
    x = np.array([places[value] for value in values])
    order = np.argsort(x, kind="stable")
    policies = [policy for policy in sweep.policies if policy != BASELINE] or [BASELINE]
    found = [swept_measure(sweep, measure, policy) for policy in policies]
    lines = tuple(
        ResponseLine(each.policy, x[order], each.mean[order], each.low[order], each.high[order]) for each in found
    )
    others = other_paths(sweep, path)
    notes = [found[0].quantity.definition, f"Bars: {100 * sweep.confidence:g} %. {sweep_scope(sweep)}"]
    if others:
        notes.append(f"{capital(listed(others))} {'vary' if others[1:] else 'varies'} too, so points are not joined.")
    if failed := int(np.isnan(found[0].mean).sum()):
        notes.append(f"At {counted(failed, 'point')} it is not defined, or the values are not valid together.")
    ticks = tuple((place, str(value)) for value, place in places.items()) if len(places) <= _MAX_TICKS else ()
    quantity, levels, sentence, source = found[0].quantity, found[0].is_level, finding(found, path), sweep_source(sweep)
    return ResponseData(quantity, path, lines, ticks, not others, levels, sentence, source, tuple(notes))


def finding(found: Sequence[SweptMeasure], path: str) -> str:
    """On how many of the points a policy surely differs, and to which side; of the baseline alone, its range."""
    first, name = found[0], capital(found[0].quantity.name)
    defined = ~np.isnan(first.mean)
    if not defined.any():
        return f"{name} is defined at no point of {path}"
    if first.is_level:
        low, high = (first.quantity.level(float(end), 1) for end in (np.nanmin(first.mean), np.nanmax(first.mean)))
        return f"{name} lies between {low} and {high} over the values of {path}"
    if len(found) > 1:
        return _finding_of_several([_counts(each) for each in found], name, path)
    n, higher, lower = _counts(first)
    words = f"{name} under {policy_words(cut(first.policy))} is"
    if n in (higher, lower):
        return f"{words} {'higher' if higher else 'lower'} than under the baseline at all {n} points of {path}"
    parts = [f"{side} at {count}" for side, count in (("higher", higher), ("lower", lower)) if count]
    if not parts:
        return f"{words} at no point surely another than under the baseline"
    return f"{words} {' and '.join(parts)} of {n} points than under the baseline; {n - higher - lower} undecided"


def _finding_of_several(counts: Sequence[tuple[int, int, int]], name: str, path: str) -> str:
    """Under how many policies it lies on which side of the baseline, at all points."""
    policies = f"{len(counts)} policies"
    sides = {"higher": sum(n == higher for n, higher, _ in counts), "lower": sum(n == lower for n, _, lower in counts)}
    parts = [f"{side} under {'all' if k == len(counts) else f'{k} of'} {policies}" for side, k in sides.items() if k]
    if not parts:
        return f"{name} is under none of {policies} on one side of the baseline at all points of {path}"
    return f"{name} is {' and '.join(parts)} than under the baseline at all points of {path}"


def _counts(found: SweptMeasure) -> tuple[int, int, int]:
    """Points at which the measure is defined, surely higher, and surely lower than under the baseline."""
    return int((~np.isnan(found.mean)).sum()), int((found.low > 0).sum()), int((found.high < 0).sum())


def draw_response(ax: Axes, data: ResponseData) -> Axes:
    """Draw points with intervals, joined where only this parameter varies, with the policies at the right."""
    colours = [INK] if data.levels else [colour for colour, _ in line_styles(len(data.lines) + 1)[1:]]
    for line, colour in zip(data.lines, colours, strict=False):
        ax.vlines(line.x, line.low, line.high, color=colour, linewidth=1.4, zorder=2)
        ax.plot(line.x, line.mean, "o-" if data.joined else "o", color=colour, markersize=4.5, linewidth=1.2, zorder=3)
    if not data.levels:
        ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
        ax.yaxis.set_major_formatter(signed_format())
    ax.yaxis.set_major_locator(round_ticks())
    if data.ticks:
        ax.set_xticks([place for place, _ in data.ticks], [words for _, words in data.ticks])
    ax.margins(x=0.05)
    y_label(ax, data.quantity.axis_label if data.levels else data.quantity.change_label("difference in"))
    plain_axes(ax)
    name_axis(ax, data.path)
    names = [fit(cut(line.policy), bold=True, width=_NAME_WIDTH) for line in data.lines]
    if not data.levels:
        names.append(fit(BASELINE, bold=True))
        colours = [*colours[: len(data.lines)], INK]
    ends = [*(last_defined(line.mean) for line in data.lines), *([] if data.levels else [0.0])]
    reserve(ax, left=62, right=max(width for *_, width in names) + 22)
    caption(ax, data.notes, AXIS_HEIGHT)
    title(ax, data.title, data.source)
    reserve(ax, inner=_AXES_HEIGHT)
    name_ends(ax, names, ends, colours, 8)
    return ax
