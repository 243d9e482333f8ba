"""The parts of a policy's effect, stacked up to the total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import close_rows, lay_rows, name_axis, signed_axis
from sim.plot.page import notebook_axes
from sim.plot.plotted_quantity import Quantity, decimals_for, finer_decimals, interval_words, number, quantity_of
from sim.plot.style import FAINT, INK, capital
from sim.plot.wording import own_labels, scenario_source, scope_note
from sim.scenario.scenario import Scenario
from sim.study.decompose.decomposition import Decomposition
from sim.study.statistics.confidence_intervals import Estimate
from sim.study.study import Study

_TOGETHER, _ORDER, _TOTAL = "what they do together", "their order", "total"
_COLOURS = {"single": "#56B4E9", "together": "#E69F00", "order": "#CC79A7", "total": "#666666"}
_ROW_HEIGHT = 24.0
"""In points."""


@dataclass(frozen=True)
class DecompositionBar:
    """One part in the unit of a difference: it begins where the parts before end; the total begins at zero.

    `share` is the intervention's Shapley value in words, "" if it has none beside its part; `decimals` are of the mean
    and its interval.
    """

    name: str
    kind: str
    start: float
    mean: float
    low: float
    high: float
    share: str
    decimals: int


@dataclass(frozen=True)
class DecompositionData:
    """Bars that add up to the last one, which is the total; `shared` if they are Shapley values."""

    quantity: Quantity
    bars: tuple[DecompositionBar, ...]
    shared: bool
    title: str
    source: str
    notes: tuple[str, ...]


def plot_decomposition(study: Study, parts: Decomposition, measure: str, *, ax: Axes | None = None) -> Axes:
    """The parts of a policy's effect on a measure as bars that add up to the total."""
    return draw_decomposition(ax or notebook_axes(), gather_decomposition(parts, measure, study.scenario))


def gather_decomposition(parts: Decomposition, measure: str, scenario: Scenario) -> DecompositionData:
    """What each intervention does by itself, all do together, and their order does; shares if only those are known."""
    labels = {id_: words for policy in scenario.policies for id_, words in own_labels(scenario, policy).items()}
    quantity, shared = quantity_of(measure, scenario.labels), not parts.single
    factor, names = quantity.factor, [labels.get(name, name) for name in parts.names]
    singles = parts.share if shared else parts.single
    stacked = [(name, "single", single) for name, single in zip(names, singles, strict=True)]
    joint = ((_TOGETHER, "together", parts.together), (_ORDER, "order", parts.order))
    stacked += [(name, kind, part) for name, kind, part in joint if part is not None and not shared]
    decimals = decimals_for(factor * part.half_width for part in [*(part for *_, part in stacked), parts.total])
    shares = [*("" if shared else _share_words(part, factor, decimals) for part in parts.share), "", ""]
    starts = [0.0, *np.cumsum([factor * part.mean for *_, part in stacked]).tolist()]
    bars = [
        _bar(name, kind, start, part, factor, share, decimals)
        for (name, kind, part), start, share in zip(stacked, starts, shares, strict=False)
    ]
    bars.append(_bar(_TOTAL, "total", 0.0, parts.total, factor, "", decimals))
    source = scenario_source(scenario, parts.total.n + parts.total.undefined)
    return DecompositionData(quantity, tuple(bars), shared, finding(quantity, bars), source, _notes(parts, shared))


def _share_words(share: Estimate, factor: float, decimals: int) -> str:
    low, high, own = factor * share.low, factor * share.high, finer_decimals(decimals, factor * share.half_width)
    return f"{number(factor * share.mean, own, sign=True)} ({interval_words(low, high, own, sign=True)})"


def _bar(
    name: str, kind: str, start: float, part: Estimate, factor: float, share: str, decimals: int
) -> DecompositionBar:
    own = finer_decimals(decimals, factor * part.half_width) if part.mean else 0
    return DecompositionBar(name, kind, start, factor * part.mean, factor * part.low, factor * part.high, share, own)


def finding(quantity: Quantity, bars: list[DecompositionBar]) -> str:
    """The total, the largest single part, and what comes of doing all together."""
    total = bars[-1]
    if np.isnan(total.mean):
        return f"{capital(quantity.name)}: the effect is defined in no replication"
    single = max((bar for bar in bars if bar.kind == "single"), key=lambda bar: abs(bar.mean))
    effect, part = (quantity.difference(bar.mean, bar.decimals, sign=True) for bar in (total, single))
    source = f"come from {single.name} by itself" if single.share else f"are the share of {single.name}"
    words = f"Of {effect} in {quantity.name}, {part} {source}"
    joint = next((bar for bar in bars if bar.kind == "together"), None)
    if joint is None:
        return words
    if joint.low <= 0 <= joint.high:
        return f"{words}; what they do together cannot be told from none"
    verb = "add" if joint.mean * total.mean > 0 else "take off"
    return f"{words}; acting together they {verb} {quantity.difference(joint.mean, joint.decimals)}"


def _notes(parts: Decomposition, shared: bool) -> tuple[str, ...]:
    level = f"{100 * parts.total.confidence:g} %"
    notes = [
        f"Each bar begins where the one above ends; all add up to the total. Lines: {level} intervals of each part.",
        scope_note(parts.interval_scope),
    ]
    if shared:
        notes.append("Shares are Shapley values: what an intervention adds, averaged over all orders of adding them.")
    else:
        notes.append("By itself: against none of them. Share: what an intervention adds, averaged over all orders of "
                     "adding them (Shapley); shares add up to the total too.")  # fmt: skip
    if parts.total.undefined:
        notes.append(f"The measure is undefined in {parts.total.undefined:,} replications, which are left out.")
    return tuple(notes)


def draw_decomposition(ax: Axes, data: DecompositionData) -> Axes:
    """Draw a bar per part with its interval, the total last, and the numbers at the right."""
    columns = {"share (Shapley)" if data.shared else "by itself": [_words(bar) for bar in data.bars]}
    if any(bar.share for bar in data.bars):
        columns["share (Shapley)"] = [bar.share for bar in data.bars]
    lay_rows(ax, [bar.name for bar in data.bars], columns, [bar.kind == "total" for bar in data.bars])
    ends = [(bar.start, bar.start + bar.low, bar.start + bar.high) for bar in data.bars]
    signed_axis(ax, np.array(ends), margin=0.05)
    for i, bar in enumerate(data.bars):
        _draw_bar(ax, i, bar, last=i == len(data.bars) - 1)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    name_axis(ax, data.quantity.change_label("effect on"))
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * len(data.bars))
    return ax


def _words(bar: DecompositionBar) -> str:
    if np.isnan(bar.mean):
        return "undefined"
    mean = number(bar.mean, bar.decimals, sign=True)
    return mean if bar.low == bar.high else f"{mean} ({interval_words(bar.low, bar.high, bar.decimals, sign=True)})"


def _draw_bar(ax: Axes, i: int, bar: DecompositionBar, last: bool) -> None:
    """The bar, its interval at its end, and a line down to where the next one begins."""
    if np.isnan(bar.mean):
        return
    end = bar.start + bar.mean
    ax.barh(i + 0.5, bar.mean, 0.62, left=bar.start, color=_COLOURS[bar.kind], linewidth=0, zorder=2)
    ax.plot([bar.start + bar.low, bar.start + bar.high], [i + 0.5] * 2, color=INK, linewidth=1.2, zorder=3)
    if not last:
        ax.plot([end, end], [i + 0.19, i + 1.81], color=FAINT, linewidth=0.7, zorder=1)
