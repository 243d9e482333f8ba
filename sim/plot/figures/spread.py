"""How a measure is spread over the replications of each policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import close_rows, count_words, lay_rows, name_axis
from sim.plot.plotted_quantity import QUANTILES, Quantity, decimals_for, interval_words, quantity_of
from sim.plot.style import INK, Floats, capital
from sim.plot.wording import BASELINE, named_policies, policy_words, study_notes, study_source
from sim.plurals import counted
from sim.study.study import Study

_MAX_POLICIES = 30
"""Policies at most; of more, the first are shown."""
_FENCE = 4.0
"""The axis leaves out values that are more than so many interquartile ranges off the middle half."""
_ROW_HEIGHT = 30.0
"""In points."""
_DOT_COLOUR = "#56B4E9"
_GOLDEN_RATIO = 0.6180339887


@dataclass(frozen=True)
class Spread:
    """One policy: the values that are defined (n,), in the unit of the level, their quantiles (5,), and the rest."""

    policy: str
    values: Floats
    quantiles: Floats
    undefined: int


@dataclass(frozen=True)
class SpreadData:
    """Spreads in the order of the study; the axis goes from `low` to `high`, single values may lie beyond."""

    quantity: Quantity
    spreads: tuple[Spread, ...]
    low: float
    high: float
    decimals: int
    title: str
    source: str
    notes: tuple[str, ...]


def gather_spread(study: Study, measure: str, policies: Sequence[str] | None = None) -> SpreadData:
    """The replications of a measure under the policies named (default: all)."""
    quantity, labels = quantity_of(measure, study.scenario.labels), named_policies(study, policies)
    spreads = tuple(
        _spread(label, quantity.factor * study.values(measure, name))
        for name, label in islice(labels.items(), _MAX_POLICIES)
    )
    decimals = decimals_for(np.ptp(spread.quantiles[[1, 3]]) / 2 for spread in spreads)
    notes = [quantity.definition,
             "Dots: replications. Thin lines hold nine tenths of them, thick ones half. Replications are paired, so "
             "differences between policies are better known than the overlap suggests."]  # fmt: skip
    low, high = _limits(spreads)
    beyond = sum(int(((spread.values < low) | (spread.values > high)).sum()) for spread in spreads)
    if beyond:
        notes.append(f"Triangles: {counted(beyond, 'value')} beyond the axis.")
    if len(labels) > _MAX_POLICIES:
        notes.append(f"{len(labels) - _MAX_POLICIES} more policies are not shown.")
    sentence, source = finding(quantity, spreads, decimals), study_source(study)
    return SpreadData(quantity, spreads, low, high, decimals, sentence, source, (*notes, *study_notes(study)))


def finding(quantity: Quantity, spreads: Sequence[Spread], decimals: int) -> str:
    """Between what the medians lie."""
    medians = {spread.policy: float(spread.quantiles[2]) for spread in spreads if len(spread.values)}
    name = capital(quantity.name)
    if not medians:
        return f"{name} is undefined under every policy"
    words = {policy: f"{quantity.level(m, decimals)} under {policy_words(policy)}" for policy, m in medians.items()}
    low, high = min(medians, key=lambda policy: medians[policy]), max(medians, key=lambda policy: medians[policy])
    if round(medians[low], decimals) == round(medians[high], decimals):
        return f"Median of {quantity.name}: {words[high]}" + (" and under the others" if len(medians) > 1 else "")
    sentence = f"{name} has its highest median, {words[high]}, and its lowest, {words[low]}"
    return f"{sentence}; {words[BASELINE]}" if BASELINE in medians and BASELINE not in (low, high) else sentence


def _limits(spreads: Sequence[Spread]) -> tuple[float, float]:
    """Ends of an axis that holds all values within the fences."""
    ends = []
    for spread in spreads:
        if len(spread.values):
            low, lower, _, upper, high = spread.quantiles
            fence = _FENCE * max(upper - lower, 0.1 * (high - low))
            ends += [max(spread.values.min(), lower - fence), min(spread.values.max(), upper + fence)]
    if not ends:
        return 0.0, 1.0
    room = 0.04 * (max(ends) - min(ends)) or 0.5
    return float(min(ends) - room), float(max(ends) + room)


def _spread(policy: str, values: Floats) -> Spread:
    defined = values[~np.isnan(values)]
    quantiles = np.quantile(defined, QUANTILES) if len(defined) else np.full(len(QUANTILES), np.nan)
    return Spread(policy, defined, quantiles, len(values) - len(defined))


def draw_spread(ax: Axes, data: SpreadData) -> Axes:
    """Draw a row of dots per policy, above them the ranges, with median and range at the right."""
    columns = {"median (nine tenths)": [_words(data, spread) for spread in data.spreads]}
    if any(spread.undefined for spread in data.spreads):
        columns["defined in"] = [count_words(len(spread.values), spread.undefined) for spread in data.spreads]
    lay_rows(ax, [spread.policy for spread in data.spreads], columns)
    ax.set_xlim(data.low, data.high)
    for i, spread in enumerate(data.spreads):
        _draw_row(ax, i, spread)
    name_axis(ax, data.quantity.axis_label)
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(data.spreads), 1))
    return ax


def _words(data: SpreadData, spread: Spread) -> str:
    if not len(spread.values):
        return "undefined"
    low, _, median, _, high = spread.quantiles.tolist()
    return f"{data.quantity.level(median, data.decimals)} ({interval_words(low, high, data.decimals)})"


def _draw_row(ax: Axes, i: int, spread: Spread) -> None:
    """Dots are spread over the lower half of the row by a fixed sequence, so that none of them is chance."""
    values = spread.values
    if not len(values):
        return
    heights = i + 0.52 + 0.36 * (np.arange(len(values)) * _GOLDEN_RATIO % 1.0)
    alpha = float(np.clip(40 / len(values), 0.1, 0.6))
    low, high = ax.get_xlim()
    for mark, chosen, x in (
        ("o", (values >= low) & (values <= high), values),
        ("<", values < low, np.full(len(values), low)),
        (">", values > high, np.full(len(values), high)),
    ):
        style: dict[str, Any] = {"markersize": 3.5, "alpha": alpha, "markeredgewidth": 0, "clip_on": False}
        ax.plot(x[chosen], heights[chosen], mark, color=_DOT_COLOUR, zorder=1, **style)
    low, lower, median, upper, high = spread.quantiles
    y = i + 0.3
    ax.plot([low, high], [y, y], color=INK, linewidth=0.9, zorder=2)
    ax.plot([lower, upper], [y, y], color=INK, linewidth=3.5, solid_capstyle="butt", zorder=2)
    ax.plot([median], [y], "o", color="white", markeredgecolor=INK, markersize=5, zorder=3)
