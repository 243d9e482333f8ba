"""Which parameters matter: a tornado of one at a time, or bars of sensitivity indices with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from pandas import DataFrame, Series

from sim.plot.labelled_rows import close_rows, lay_rows, name_axis, signed_axis
from sim.plot.page import notebook_axes, percent_format, round_ticks
from sim.plot.plotted_quantity import Quantity, decimals_for, interval_words, number, quantity_of
from sim.plot.style import INK, MINUS, SMALL, Floats, capital, percent
from sim.plot.wording import BASELINE, policy_labels, policy_words, scenario_source, scope_note
from sim.plurals import counted
from sim.scenario.ranges import rounded
from sim.study.sensitivity.indices import ORDER
from sim.study.sensitivity.sensitivity import Sensitivity

_MAX_ROWS = 20
_ROW_HEIGHT = 18.0
_LOW, _HIGH = "#56B4E9", "#D55E00"
_FIRST, _TOTAL = "#0072B2", "#A9C9DE"
_SHARED, _CLEAR = 0.25, 0.05
"""Parts of the largest value above which a parameter is named beside it, and below which it hardly matters."""
_MOSTLY_LUCK = 0.5
"""Part of the variance between points above which nothing is said about parameters."""


@dataclass(frozen=True)
class Bar:
    """A bar from `start` to `end` with an interval at its end, in the unit of the axis."""

    start: float
    end: float
    low: float
    high: float
    colour: str


@dataclass(frozen=True)
class SensitivityRow:
    """One parameter, its range in words, its bars, the longest first, and the value in words."""

    parameter: str
    range: str
    bars: tuple[Bar, ...]
    words: str


@dataclass(frozen=True)
class SensitivityData:
    """Rows from the parameter that matters most; `legend` names the colours.

    `signed`: whether bars go both ways; `drawn`: whether points are draws.
    """

    rows: tuple[SensitivityRow, ...]
    head: str
    axis: str
    legend: tuple[tuple[str, str], ...]
    signed: bool
    shares: bool
    title: str
    source: str
    notes: tuple[str, ...]
    drawn: bool = False


def plot_sensitivity(
    found: Sensitivity, measure: str, policy: str = BASELINE, against: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """How a measure under a policy, or its difference to `against`, depends on each parameter; at most 20 rows."""
    return draw_sensitivity(ax or notebook_axes(), gather_sensitivity(found, measure, policy, against))


def gather_sensitivity(
    found: Sensitivity, measure: str, policy: str = BASELINE, against: str | None = None
) -> SensitivityData:
    """The indices of each parameter. Raises ValueError for an unknown measure or policy."""
    table, quantity = found.table(measure, policy, against), quantity_of(measure, found.scenario.labels)
    labels = policy_labels(found.scenario, found.policies)
    under = f"{quantity.name} under {policy_words(labels[policy])}"
    what = under if against is None else (
        f"the difference in {quantity.name} between {policy_words(labels[policy])} and {policy_words(labels[against])}"
    )  # fmt: skip
    shown = table.head(_MAX_ROWS)
    gather = {"tornado": _tornado, "morris": _morris, "sobol": _sobol, "rbd-fast": _rbd_fast}[found.method]
    rows = tuple(
        gather(
            str(path), _range_words(found.cube.ranges[str(path)]), {str(k): float(v) for k, v in row.items()}, quantity
        )
        for path, row in shown.iterrows()
    )
    axes = {
        "tornado": f"change in {what} ({quantity.change})",
        "morris": f"mean size of the effect of the whole range on {what} ({quantity.change})",
        "sobol": f"part of the variance of {what} between points",
        "rbd-fast": f"part of the variance of {what} between draws",
    }
    legends = {
        "tornado": (("low end of the range", _LOW), ("high end", _HIGH)),
        "morris": (),
        "sobol": (("by itself", _FIRST), ("also with others", _TOTAL)),
        "rbd-fast": (("it alone, beyond all others", _FIRST), ("with what goes with it", _TOTAL)),
    }
    heads = {
        "tornado": "low end, high end", "morris": "effect (interval)", "sobol": "by itself, in all",
        "rbd-fast": "alone, in all, direction",
    }  # fmt: skip
    runs = scenario_source(found.scenario, found.replications)
    points = "points" if found.method != "rbd-fast" else "draws" if found.posterior is None else "plausible worlds"
    source = f"{runs} at each of {len(found.rows):,} {points}, seed {found.seed}"
    notes = _notes(found, measure, policy, against, len(table))
    left = found.shares(measure, policy, against).left
    sentence = _finding(found, table, capital(what), left)
    return SensitivityData(
        rows, heads[found.method], axes[found.method], legends[found.method], found.method == "tornado",
        found.method in ("sobol", "rbd-fast"), sentence, source, notes, found.method == "rbd-fast",
    )  # fmt: skip


def _finding(found: Sensitivity, table: DataFrame, what: str, left: float) -> str:
    """What it depends on most, if that is more than luck."""
    if left > _MOSTLY_LUCK:
        return f"{what} varies between these points mostly by luck: more replications are needed"
    weights = _weights(found, table)
    if not len(weights) or weights.max() <= 0.0:
        return f"{what} depends on none of these parameters in a way that luck could not explain"
    weights = weights.sort_values(ascending=False, kind="stable")
    few = int((weights > _SHARED * weights.iloc[0]).sum())
    none = int((weights < _CLEAR * weights.iloc[0]).sum())
    rest = f"; {none} of {len(weights)} hardly matter" if none else ""
    more = f" and {few - 1} more" if few > 1 else ""
    return f"{what} depends most on {weights.index[0]}{more}{rest}"


def _weights(found: Sensitivity, table: DataFrame) -> Series[float]:
    """How much each parameter matters; 0 where its interval holds zero.

    Of draws that depend on each other, what goes with a parameter may hide what it does alone: the larger counts.
    """
    if found.method == "tornado":
        sides = [(table[f"{end}_from"] > 0.0) | (table[f"{end}_to"] < 0.0) for end in ("low", "high")]
        return table["swing"].where(sides[0] | sides[1], 0.0).clip(lower=0.0)
    names = ("first", "own") if found.method == "rbd-fast" else (ORDER[found.method],)
    clear = [table[name].where(table[f"{name}_low"] > 0.0, 0.0).clip(lower=0.0) for name in names]
    return clear[0] if len(clear) == 1 else clear[0].combine(clear[1], max)


def _range_words(ends: tuple[object, object]) -> str:
    return f"{rounded(ends[0])} to {rounded(ends[1])}".replace("-", MINUS)


def _tornado(path: str, range_: str, row: dict[str, float], quantity: Quantity) -> SensitivityRow:
    f = quantity.factor
    bars = [
        Bar(0.0, f * row[end], f * row[f"{end}_from"], f * row[f"{end}_to"], colour)
        for end, colour in (("low", _LOW), ("high", _HIGH))
    ]
    decimals = decimals_for([(bar.high - bar.low) / 2 for bar in bars], figures=1)
    words = ", ".join("undefined" if np.isnan(bar.end) else number(bar.end, decimals, sign=True) for bar in bars)
    longest_first = sorted(bars, key=lambda bar: -np.nan_to_num(abs(bar.end)))
    return SensitivityRow(path, range_, tuple(longest_first), words)


def _morris(path: str, range_: str, row: dict[str, float], quantity: Quantity) -> SensitivityRow:
    middle, low, high = (quantity.factor * row[name] for name in ("effect", "effect_low", "effect_high"))
    low = max(low, 0.0)
    decimals = decimals_for([(high - low) / 2], figures=1)
    words = f"{number(middle, decimals)} ({interval_words(low, high, decimals)})"
    return SensitivityRow(path, range_, (Bar(0.0, middle, low, high, _FIRST),), words)


def _sobol(path: str, range_: str, row: dict[str, float], quantity: Quantity) -> SensitivityRow:
    total = Bar(0.0, row["total"], row["total_low"], row["total_high"], _TOTAL)
    first = Bar(0.0, row["first"], row["first_low"], row["first_high"], _FIRST)
    return SensitivityRow(path, range_, (total, first), f"{percent(row['first'])}, {percent(row['total'])}")


def _rbd_fast(path: str, range_: str, row: dict[str, float], quantity: Quantity) -> SensitivityRow:
    first = Bar(0.0, row["first"], row["first_low"], row["first_high"], _TOTAL)
    own = Bar(0.0, row["own"], row["own_low"], row["own_high"], _FIRST)
    alone = "undefined" if np.isnan(own.end) else percent(own.end)
    words = f"{alone}, {percent(first.end)}, {number(row['direction'], 1, sign=True)}"
    return SensitivityRow(path, range_, (first, own), words)


def _notes(found: Sensitivity, measure: str, policy: str, against: str | None, parameters: int) -> tuple[str, ...]:
    shares = found.shares(measure, policy, against)
    notes = [f"{scope_note(found.interval_scope)[:-1]} ({100 * found.confidence:g} %)."]
    if found.method == "tornado":
        notes.append("One parameter at a time, all others at the file's values: what they do together is not seen.")
    if found.method == "sobol":
        notes.append("Ranges are taken as uniform and independent. Parts by themselves need not sum to one.")
    if found.method == "rbd-fast":
        notes.append(
            "Parameters may depend on each other. In all: what of the variance would go if the parameter were known, "
            "with what goes with it; alone: what it explains beyond all others (ranks, linear). Direction: rank "
            "correlation."
        )
    if not np.isnan(shares.parameters):
        left = (
            ""
            if np.isnan(shares.left)
            else f"; luck leaves {percent(shares.left)} in the variance of the points' means"
        )
        notes.append(
            f"Of the variance among single runs at these points {percent(shares.parameters)} comes from the "
            f"parameters, {percent(shares.luck)} from luck and {percent(shares.both)} from both together{left}."
        )
    if parameters > _MAX_ROWS:
        notes.append(f"{parameters - _MAX_ROWS} parameters that matter less are not shown.")
    if left_out := found.left_out(measure, policy, against):
        notes.append(
            f"{counted(left_out, 'point')} left out: {measure} is not defined there or at one that belongs to it."
        )
    return tuple(notes)


def draw_sensitivity(ax: Axes, data: SensitivityData) -> Axes:
    """Draw the bars of each parameter, with intervals at their ends and the values at the right."""
    columns = {
        "90 % of draws" if data.drawn else "range": [row.range for row in data.rows],
        data.head: [row.words for row in data.rows],
    }
    lay_rows(ax, [row.parameter for row in data.rows], columns)
    for i, row in enumerate(data.rows):
        for bar in row.bars:
            if np.isnan(bar.end):
                continue
            ax.barh(i + 0.5, bar.end - bar.start, 0.62, left=bar.start, color=bar.colour, linewidth=0, zorder=2)
        shifts = (0.0,) if len(row.bars) == 1 else (-0.12, 0.12)  # of intervals, so that none hides another
        for bar, shift in zip(row.bars, shifts, strict=True):
            ax.plot([bar.low, bar.high], [i + 0.5 + shift] * 2, color=INK, linewidth=0.9, zorder=3)
    _limits(ax, data)
    if data.legend:
        handles = [Patch(facecolor=colour, label=words) for words, colour in data.legend]
        ax.legend(
            handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2, frameon=False,
            fontsize=SMALL,
        )  # fmt: skip
    name_axis(ax, data.axis)
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(data.rows), 1))
    return ax


def _limits(ax: Axes, data: SensitivityData) -> None:
    ends: Floats = np.array([x for row in data.rows for bar in row.bars for x in (bar.end, bar.low, bar.high)] or [0.0])
    if data.signed:
        signed_axis(ax, ends, margin=0.06)
        ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
        return
    most = float(np.nanmax(ends, initial=0.0)) or 1.0
    ax.set_xlim(0.0, 1.05 * most)
    ax.xaxis.set_major_locator(round_ticks())
    if data.shares:
        ax.xaxis.set_major_formatter(percent_format())
