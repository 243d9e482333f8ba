"""Where one policy stops beating another: their difference along a parameter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import AXIS_HEIGHT, caption, name_axis
from sim.plot.page import notebook_axes, plain_axes, reserve, round_ticks, signed_format, title, write, y_label
from sim.plot.plotted_quantity import Quantity, quantity_of
from sim.plot.style import FAINT, INK, SMALL, Floats, capital
from sim.plot.wording import as_sentence, cut, policy_labels, policy_words, scenario_source, scope_note
from sim.scenario.ranges import rounded
from sim.study.sensitivity.crossings import Crossing
from sim.study.sensitivity.tipping import Tipping

_LINE, _TIPPING = "#0072B2", "#D55E00"
_SHAPES = {
    "rises": "The difference rises along the range, as far as steps are more than luck.",
    "falls": "The difference falls along the range, as far as steps are more than luck.",
    "turns": "The difference both rises and falls along the range: it is not monotone.",
    "flat": "No step of the difference along the range is more than luck.",
}


@dataclass(frozen=True)
class TippingData:
    """Mean difference A minus B with its interval by part of the range; `upper`, `lower`: who is better there.

    If the other parameters were drawn, `worlds` (2, P) are the ends of the middle 90 % of the draws, and `at` (n,) the
    tipping points of those that have one, as parts of the range, with their `median` in words.
    """

    parts: Floats
    mean: Floats
    low: Floats
    high: Floats
    ticks: tuple[str, ...]
    crossings: tuple[Crossing, ...]
    names: tuple[str, ...]
    upper: str
    lower: str
    quantity: Quantity
    axis: str
    label: str
    title: str
    source: str
    notes: tuple[str, ...]
    worlds: Floats | None = None
    at: Floats | None = None
    median: str = ""


def plot_tipping(found: Tipping, *, ax: Axes | None = None) -> Axes:
    """The difference between two policies along a parameter, and where it crosses zero."""
    return draw_tipping(ax or notebook_axes(), gather_tipping(found))


def gather_tipping(found: Tipping) -> TippingData:
    """Means and intervals in the unit of the measure, and the crossings."""
    quantity = quantity_of(found.measure, found.scenario.labels)
    labels = policy_labels(found.scenario, (found.a, found.b))
    a, b = policy_words(labels[found.a]), policy_words(labels[found.b])
    f, band = quantity.factor, found.band
    better = (f"{cut(a)} is better", f"{cut(b)} is better")
    upper, lower = better if found.larger_is_better else better[::-1]
    each = "" if found.draws is None else f" in each of {found.draws:,} {found.worlds_noun}"
    source = f"{scenario_source(found.scenario, found.replications)} at each point{each}, seed {found.seed}"
    worlds = found.worlds
    crossings = () if worlds is not None else found.crossings
    median = str(rounded(found.value(worlds.median))) if worlds is not None and len(worlds.at) else ""
    return TippingData(
        found.parts, f * band.mean, f * band.low, f * band.high,
        tuple(str(rounded(found.value(part))) for part in found.parts), crossings,
        tuple(str(rounded(found.value(crossing.at))) for crossing in crossings), upper, lower, quantity,
        found.parameter,
        f"{quantity.name}, {a} minus {b}" + (f" ({quantity.change})" if quantity.change else ""),
        as_sentence(found.finding, (found.a, found.b)), source, _notes(found),
        None if worlds is None else f * found.worlds_band, None if worlds is None else worlds.at, median,
    )  # fmt: skip


def _notes(found: Tipping) -> tuple[str, ...]:
    scope = f"{capital(scope_note(found.interval_scope)[:-1])} ({100 * found.confidence:g} %). {_SHAPES[found.shape]}"
    if found.worlds is None:
        return scope, "Tipping points: straight lines between the points; their intervals resample replications."
    noun, others = found.worlds_noun, found.worlds.others(found.a, found.b)
    bands = f"Dark band: the mean over {noun}; light: the middle 90 % of them."
    return f"{bands} Ticks: the tipping point of each that has one.{others and f' Of all: {others}.'}", scope


def draw_tipping(ax: Axes, data: TippingData) -> Axes:
    """Draw the difference with its band about zero, and each crossing with its interval."""
    plain_axes(ax)
    reserve(ax, left=62, right=24)
    if data.worlds is not None:
        ax.fill_between(data.parts, *data.worlds, color=_LINE, alpha=0.1, linewidth=0, zorder=1)
    ax.fill_between(data.parts, data.low, data.high, color=_LINE, alpha=0.2, linewidth=0, zorder=1)
    ax.plot(data.parts, data.mean, "o-", color=_LINE, linewidth=1.6, markersize=4, zorder=3)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=2)
    for crossing, name in zip(data.crossings, data.names, strict=True):
        low, high = np.clip([crossing.low, crossing.high], 0.0, 1.0).tolist()
        ax.axvspan(low, high, color=_TIPPING, alpha=0.15, linewidth=0, zorder=0)
        ax.axvline(crossing.at, color=_TIPPING, linewidth=1.2, linestyle="-" if crossing.sure else "--", zorder=2)
        write(ax, name, (crossing.at, 1.0), (3, -6), within=ax.get_xaxis_transform(), colour=_TIPPING, bold=True)
    if data.at is not None and len(data.at):
        _draw_worlds(ax, data.at, data.median)
    ax.set_xlim(-0.01, 1.01)
    shown = range(0, len(data.parts), max(1, (len(data.parts) - 1) // 8))
    ax.set_xticks([data.parts[i] for i in shown], [data.ticks[i] for i in shown])
    ax.yaxis.set_major_locator(round_ticks())
    ax.yaxis.set_major_formatter(signed_format())
    for words, at, side in ((data.upper, 1.0, "top"), (data.lower, 0.0, "bottom")):
        write(ax, words, (1, at), (-4, -4 if at else 4), size=SMALL, colour=FAINT, ha="right", va=side)
    y_label(ax, data.label)
    name_axis(ax, data.axis)
    caption(ax, data.notes, AXIS_HEIGHT)
    title(ax, data.title, data.source)
    return ax


def _draw_worlds(ax: Axes, at: Floats, name: str) -> None:
    """The tipping points of the draws as ticks about zero, with their median and the middle 90 %."""
    ax.plot(at, np.zeros_like(at), "|", color=_TIPPING, markersize=9, markeredgewidth=0.8, alpha=0.6, zorder=3)
    low, median, high = np.quantile(at, [0.05, 0.5, 0.95]).tolist()
    ax.axvspan(low, high, color=_TIPPING, alpha=0.12, linewidth=0, zorder=0)
    ax.axvline(median, color=_TIPPING, linewidth=1.2, zorder=2)
    across = ax.get_xaxis_transform()
    write(ax, f"median {name}", (median, 1.0), (3, -6), within=across, colour=_TIPPING, bold=True)
