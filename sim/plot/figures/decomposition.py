"""The parts of a policy's effect, stacked up to the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from sim.plot.figures.difference import signed_axis
from sim.plot.page import plain
from sim.plot.plotted_quantity import Quantity, between, digits, finer, number, quantity
from sim.plot.style import FAINT, INK, capital
from sim.plot.timeline_rows import Column, close_rows, lay_rows, name_axis

if TYPE_CHECKING:
    from sim.study.decompose.decomposition import Decomposition
    from sim.study.statistics.confidence_intervals import Estimate


TOGETHER, ORDER, TOTAL = "what they do together", "their order", "total"


@dataclass(frozen=True)
class Bar:
    """One part in the unit of a difference: it begins where the parts before end; the total begins at zero.

    `share` is the intervention's Shapley value in words, "" if it has none beside its part; `digits` are decimals.
    """

    name: str
    kind: str
    start: float
    mean: float
    low: float
    high: float
    share: str
    digits: int


@dataclass(frozen=True)
class Parts:
    """Bars that add up to the last one, which is the total; `shared` if they are Shapley values."""

    quantity: Quantity
    bars: tuple[Bar, ...]
    shared: bool
    title: str
    notes: tuple[str, ...]


def gather_parts(found: Decomposition, measure: str) -> Parts:
    """What each intervention does by itself, all do together, and their order does; shares if only those are known."""
    what, shared = quantity(measure), not found.single
    estimates = [*(found.share if shared else found.single)]
    kinds = ["single"] * len(estimates)
    names = [*found.names]
    for estimate, name, kind in ((found.together, TOGETHER, "together"), (found.order, ORDER, "order")):
        if estimate is not None and not shared:
            estimates.append(estimate)
            names.append(name)
            kinds.append(kind)
    places = digits(what.factor * each.half_width for each in [*estimates, found.total])
    shares = ["" if shared else _share_words(each, what.factor, places) for each in found.share]
    shares += [""] * (len(names) - len(shares))
    starts = np.concatenate([[0.0], np.cumsum([what.factor * each.mean for each in estimates])])
    bars = [
        _bar(name, kind, float(start), each, what.factor, share, places)
        for name, kind, start, each, share in zip(names, kinds, starts, estimates, shares, strict=False)
    ]
    bars.append(_bar(TOTAL, "total", 0.0, found.total, what.factor, "", places))
    return Parts(what, tuple(bars), shared, finding(what, bars), _notes(found, shared))


def finding(what: Quantity, bars: list[Bar]) -> str:
    """The total, the largest single part, and what comes of doing all together."""
    total = bars[-1]
    if np.isnan(total.mean):
        return f"{capital(what.name)}: the effect is defined in no replication"
    single = max((bar for bar in bars if bar.kind == "single"), key=lambda bar: abs(bar.mean))
    words = f"Of {_amount(what, total)} in {what.name}, {_amount(what, single)} {_comes(single)}"
    joint = next((bar for bar in bars if bar.kind == "together"), None)
    if joint is None:
        return words
    if joint.low <= 0 <= joint.high:
        return f"{words}; what they do together cannot be told from none"
    return f"{words}; acting together they {_more(what, joint, total)}"


def _comes(single: Bar) -> str:
    return f"come from {single.name} by itself" if single.share else f"are the share of {single.name}"


def _more(what: Quantity, joint: Bar, total: Bar) -> str:
    """Whether interventions strengthen each other or get into each other's way."""
    same = joint.mean * total.mean > 0
    return f"{'add' if same else 'take off'} {what.moved(joint.mean, joint.digits)}"


def _amount(what: Quantity, bar: Bar) -> str:
    unit = f"\u00a0{what.change}" if what.change else ""
    return f"{number(bar.mean, bar.digits, sign=True)}{unit}"


def _share_words(each: Estimate, factor: float, places: int) -> str:
    low, high, places = factor * each.low, factor * each.high, finer(places, factor * each.half_width)
    return f"{number(factor * each.mean, places, sign=True)} ({between(low, high, places, sign=True)})"


def _bar(name: str, kind: str, start: float, each: Estimate, factor: float, share: str, places: int) -> Bar:
    own = finer(places, factor * each.half_width) if each.mean else 0
    return Bar(name, kind, start, factor * each.mean, factor * each.low, factor * each.high, share, own)


def _notes(found: Decomposition, shared: bool) -> tuple[str, ...]:
    level = f"{100 * found.total.confidence:g} %"
    notes = [
        f"Each bar begins where the one above ends; all add up to the total. Lines: {level} intervals of each part."
    ]
    if shared:
        notes.append("Shares are Shapley values: what an intervention adds, averaged over all orders of adding them.")
    else:
        notes.append("By itself: against none of them. Share: what an intervention adds, averaged over all orders of "
                     "adding them (Shapley); shares add up to the total too.")  # fmt: skip
    if found.total.undefined:
        notes.append(f"The measure is undefined in {found.total.undefined:,} replications, which are left out.")
    return tuple(notes)


ROW = 24.0
"""Height of a row in points."""
COLOURS = {"single": "#56B4E9", "together": "#E69F00", "order": "#CC79A7", "total": "#666666"}


def draw_parts(ax: Axes, data: Parts) -> Axes:
    """Draw a bar per part with its interval, the total last, and the numbers at the right."""
    plain(ax)
    head = "share (Shapley)" if data.shared else "by itself"
    columns = [Column(head, tuple(_bar_words(bar) for bar in data.bars))]
    if any(bar.share for bar in data.bars):
        columns.append(Column("share (Shapley)", tuple(bar.share for bar in data.bars)))
    lay_rows(ax, [bar.name for bar in data.bars], columns, [bar.kind == "total" for bar in data.bars])
    _limits(ax, data)
    for i, bar in enumerate(data.bars):
        _draw_bar(ax, i, bar, last=i == len(data.bars) - 1)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    unit = f" ({data.quantity.change})" if data.quantity.change else ""
    name_axis(ax, f"effect on {data.quantity.name}{unit}")
    close_rows(ax, data.title, data.notes, ROW * len(data.bars))
    return ax


def _bar_words(bar: Bar) -> str:
    if np.isnan(bar.mean):
        return "undefined"
    mean = number(bar.mean, bar.digits, sign=True)
    return mean if bar.low == bar.high else f"{mean} ({between(bar.low, bar.high, bar.digits, sign=True)})"


def _limits(ax: Axes, data: Parts) -> None:
    ends = np.array([(bar.start, bar.start + bar.low, bar.start + bar.high) for bar in data.bars])
    known = ends[np.isfinite(ends)]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    room = 0.05 * (high - low) or 1.0
    ax.set_xlim(low - room, high + room)
    signed_axis(ax)


def _draw_bar(ax: Axes, i: int, bar: Bar, last: bool) -> None:
    """The bar, its interval at its end, and a line down to where the next one begins."""
    if np.isnan(bar.mean):
        return
    end = bar.start + bar.mean
    ax.barh(i + 0.5, bar.mean, 0.62, left=bar.start, color=COLOURS[bar.kind], linewidth=0, zorder=2)
    ax.plot([bar.start + bar.low, bar.start + bar.high], [i + 0.5] * 2, color=INK, linewidth=1.2, zorder=3)
    if not last:
        ax.plot([end, end], [i + 0.19, i + 1.81], color=FAINT, linewidth=0.7, zorder=1)
