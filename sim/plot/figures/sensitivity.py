"""Which parameters matter: a tornado of one at a time, or bars of sensitivity indices with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from pandas import DataFrame, Series

from sim.plot.labelled_rows import close_rows, lay_rows, name_axis, signed_axis
from sim.plot.page import notebook_axes, percent_format, round_ticks
from sim.plot.plotted_quantity import decimals_for, interval_words, number, quantity_of
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
    """A bar from zero to `end` with an interval there, in the unit of the axis."""

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
class SensitivityMethod:
    """How the indices of a method are shown.

    `gather` makes bars and words of a row of its table and the factor of the measure. `axis` is told with the measure
    (`what`) and the unit of differences (`change`); `legend` names the colours; `signed`: whether bars go both ways;
    `shares`: whether they are parts of a whole.
    """

    gather: Callable[[dict[str, float], float], tuple[tuple[Bar, ...], str]]
    head: str
    axis: str
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""
    signed: bool = False
    shares: bool = False
    range_head: str = "range"


@dataclass(frozen=True)
class SensitivityData:
    """Rows from the parameter that matters most."""

    rows: tuple[SensitivityRow, ...]
    method: SensitivityMethod
    axis: str
    title: str
    source: str
    notes: tuple[str, ...]


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
    method, rows = _METHODS[found.method], []
    for path, row in table.head(_MAX_ROWS).iterrows():
        low, high = found.cube.ranges[str(path)]
        ends = f"{rounded(low)} to {rounded(high)}".replace("-", MINUS)
        bars, words = method.gather({str(name): float(value) for name, value in row.items()}, quantity.factor)
        rows.append(SensitivityRow(str(path), ends, bars, words))
    runs = scenario_source(found.scenario, found.replications)
    points = "points" if found.method != "rbd-fast" else "draws" if found.posterior is None else "plausible worlds"
    source = f"{runs} at each of {len(found.rows):,} {points}, seed {found.seed}"
    notes = _notes(found, measure, policy, against, len(table))
    sentence = _finding(found, table, capital(what), found.shares(measure, policy, against).left)
    axis = method.axis.format(what=what, change=quantity.change)
    return SensitivityData(tuple(rows), method, axis, sentence, source, notes)


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


def _tornado(row: dict[str, float], factor: float) -> tuple[tuple[Bar, ...], str]:
    bars = [
        Bar(factor * row[end], factor * row[f"{end}_from"], factor * row[f"{end}_to"], colour)
        for end, colour in (("low", _LOW), ("high", _HIGH))
    ]
    decimals = decimals_for([(bar.high - bar.low) / 2 for bar in bars], figures=1)
    words = ", ".join("undefined" if np.isnan(bar.end) else number(bar.end, decimals, sign=True) for bar in bars)
    return tuple(sorted(bars, key=lambda bar: -np.nan_to_num(abs(bar.end)))), words


def _morris(row: dict[str, float], factor: float) -> tuple[tuple[Bar, ...], str]:
    middle, low, high = (factor * row[name] for name in ("effect", "effect_low", "effect_high"))
    low = max(low, 0.0)
    decimals = decimals_for([(high - low) / 2], figures=1)
    words = f"{number(middle, decimals)} ({interval_words(low, high, decimals)})"
    return (Bar(middle, low, high, _FIRST),), words


def _sobol(row: dict[str, float], factor: float) -> tuple[tuple[Bar, ...], str]:
    bars = _share(row, "total", _TOTAL), _share(row, "first", _FIRST)
    return bars, f"{percent(row['first'])}, {percent(row['total'])}"


def _rbd_fast(row: dict[str, float], factor: float) -> tuple[tuple[Bar, ...], str]:
    bars = _share(row, "first", _TOTAL), _share(row, "own", _FIRST)
    alone = "undefined" if np.isnan(row["own"]) else percent(row["own"])
    return bars, f"{alone}, {percent(row['first'])}, {number(row['direction'], 1, sign=True)}"


def _share(row: dict[str, float], name: str, colour: str) -> Bar:
    return Bar(row[name], row[f"{name}_low"], row[f"{name}_high"], colour)


_METHODS = {
    "tornado": SensitivityMethod(
        _tornado, "low end, high end", "change in {what} ({change})",
        (("low end of the range", _LOW), ("high end", _HIGH)),
        "One parameter at a time, all others at the file's values: what they do together is not seen.", signed=True,
    ),
    "morris": SensitivityMethod(
        _morris, "effect (interval)", "mean size of the effect of the whole range on {what} ({change})"
    ),
    "sobol": SensitivityMethod(
        _sobol, "by itself, in all", "part of the variance of {what} between points",
        (("by itself", _FIRST), ("also with others", _TOTAL)),
        "Ranges are taken as uniform and independent. Parts by themselves need not sum to one.", shares=True,
    ),
    "rbd-fast": SensitivityMethod(
        _rbd_fast, "alone, in all, direction", "part of the variance of {what} between draws",
        (("it alone, beyond all others", _FIRST), ("with what goes with it", _TOTAL)),
        "Parameters may depend on each other. In all: what of the variance would go if the parameter were known, "
        "with what goes with it; alone: what it explains beyond all others (ranks, linear). Direction: rank "
        "correlation.", shares=True, range_head="90 % of draws",
    ),
}  # fmt: skip


def _notes(found: Sensitivity, measure: str, policy: str, against: str | None, parameters: int) -> tuple[str, ...]:
    shares = found.shares(measure, policy, against)
    notes = [f"{scope_note(found.interval_scope)[:-1]} ({100 * found.confidence:g} %)."]
    if note := _METHODS[found.method].note:
        notes.append(note)
    if not np.isnan(shares.parameters):
        luck = f"; luck leaves {percent(shares.left)} in the variance of the points' means"
        left = "" if np.isnan(shares.left) else luck
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
        data.method.range_head: [row.range for row in data.rows],
        data.method.head: [row.words for row in data.rows],
    }
    lay_rows(ax, [row.parameter for row in data.rows], columns)
    for i, row in enumerate(data.rows):
        for bar in (bar for bar in row.bars if not np.isnan(bar.end)):
            ax.barh(i + 0.5, bar.end, 0.62, color=bar.colour, linewidth=0, zorder=2)
        shifts = (0.0,) if len(row.bars) == 1 else (-0.12, 0.12)  # of intervals, so that none hides another
        for bar, shift in zip(row.bars, shifts, strict=True):
            ax.plot([bar.low, bar.high], [i + 0.5 + shift] * 2, color=INK, linewidth=0.9, zorder=3)
    _limits(ax, data)
    if data.method.legend:
        handles = [Patch(facecolor=colour, label=words) for words, colour in data.method.legend]
        ax.legend(
            handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2, frameon=False,
            fontsize=SMALL,
        )  # fmt: skip
    name_axis(ax, data.axis)
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * max(len(data.rows), 1))
    return ax


def _limits(ax: Axes, data: SensitivityData) -> None:
    ends: Floats = np.array([x for row in data.rows for bar in row.bars for x in (bar.end, bar.low, bar.high)] or [0.0])
    if data.method.signed:
        signed_axis(ax, ends, margin=0.06)
        ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
        return
    most = float(np.nanmax(ends, initial=0.0)) or 1.0
    ax.set_xlim(0.0, 1.05 * most)
    ax.xaxis.set_major_locator(round_ticks())
    if data.method.shares:
        ax.xaxis.set_major_formatter(percent_format())
