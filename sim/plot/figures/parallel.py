"""Several measures of every policy beside each other: an axis for each measure, a line for each policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import caption, last_defined, name_ends
from sim.plot.labels import fit, wrap
from sim.plot.page import notebook_axes, plain_axes, reserve, size_points, title, write
from sim.plot.plotted_quantity import Quantity, decimals_for, quantity_of
from sim.plot.style import FAINT, INK, NORMAL, SMALL, Floats, line_styles, listed
from sim.plot.wording import cut, policy_labels, study_notes, study_source
from sim.study.statistics.regret import LARGER_IS_BETTER
from sim.study.study import Study

MEASURES = ("suppression", "leakage", "exposure", "rebound", "concentration", "agency_days")
"""The measures that are shown unless others are named."""
_AXES_HEIGHT = 260.0
"""In points."""
_NAME_WIDTH = 200.0
"""Most room for a name, in points."""
_NEGLIGIBLE = 1e-4
"""Means of measures that differ by less are the same to a reader."""
_MAX_POLICIES = 18
"""Lines that colours and dashes can tell apart."""


@dataclass(frozen=True)
class MeasureAxis:
    """An axis: the best and the worst mean of a measure among the policies, which stand at 1 and at 0."""

    quantity: Quantity
    best: float
    worst: float
    decimals: int


@dataclass(frozen=True)
class PolicyLine:
    """Where the means (axes,) of a policy, and the ends of their intervals, stand between worst and best, or NaN."""

    policy: str
    place: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class ParallelData:
    """The policies in their order, and the axes from left to right."""

    axes: tuple[MeasureAxis, ...]
    lines: tuple[PolicyLine, ...]
    title: str
    source: str
    notes: tuple[str, ...]


def plot_parallel(
    study: Study, measures: Sequence[str] = MEASURES, larger: Sequence[str] = LARGER_IS_BETTER,
    confidence: float = 0.95, *, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Means of several measures, from the worst to the best policy in each; of those in `larger` more is better."""
    return draw_parallel(ax or notebook_axes(), gather_parallel(study, measures, larger, confidence))


def gather_parallel(
    study: Study, measures: Sequence[str] = MEASURES, larger: Sequence[str] = LARGER_IS_BETTER, confidence: float = 0.95
) -> ParallelData:
    """Means with intervals on axes from the worst to the best policy; measures in which all agree are left out.

    Raises KeyError for a measure that is not there, ValueError if policies differ in none of them.
    """
    policies = study.policies[:_MAX_POLICIES]
    levels = {name: [study.level(name, policy, confidence) for policy in policies] for name in measures}
    means = {name: np.array([level.mean for level in row]) for name, row in levels.items()}
    shown = [name for name in measures if _differ(means[name])]
    if not shown:
        raise ValueError("the policies of the study differ in none of these measures")
    axes = [_axis(name, means[name], name in larger) for name in shown]
    labels = policy_labels(study.scenario, policies)
    lines = []
    for k, policy in enumerate(policies):
        ends = np.array([(levels[name][k].mean, levels[name][k].low, levels[name][k].high) for name in shown])
        scaled = np.array([_places(axis, row) for axis, row in zip(axes, ends, strict=True)])
        lines.append(PolicyLine(labels[policy], scaled[:, 0], scaled[:, 1:].min(axis=1), scaled[:, 1:].max(axis=1)))
    notes = [
        f"Means, in each measure from the worst policy below to the best above, with {100 * confidence:g} % intervals. "
        "Replications are paired, so policies can differ surely where bars overlap."
    ]
    if any(np.isnan(line.place).any() for line in lines):
        notes.append("Where a line is broken, the measure is defined in no replication.")
    if len(study.policies) > len(policies):
        notes.append(f"The last {len(study.policies) - len(policies)} policies are not shown.")
    return ParallelData(
        tuple(axes), tuple(lines), finding(axes, lines), study_source(study), (*notes, *study_notes(study))
    )


def differing_measures(study: Study) -> list[str]:
    """The measures in which the means of the policies differ."""
    means = {name: np.array([study.level(name, policy).mean for policy in study.policies]) for name in MEASURES}
    return [name for name in MEASURES if _differ(means[name])]


def _differ(means: Floats) -> bool:
    defined = means[~np.isnan(means)]
    return len(defined) > 1 and float(np.ptp(defined)) > _NEGLIGIBLE


def _axis(measure: str, means: Floats, larger: bool) -> MeasureAxis:
    quantity = quantity_of(measure)
    low, high = quantity.factor * float(np.nanmin(means)), quantity.factor * float(np.nanmax(means))
    best, worst = (high, low) if larger else (low, high)
    return MeasureAxis(quantity, best, worst, decimals_for([high - low], 2))


def _places(axis: MeasureAxis, values: Floats) -> Floats:
    return np.asarray((axis.quantity.factor * values - axis.worst) / (axis.best - axis.worst))


def finding(axes: Sequence[MeasureAxis], lines: Sequence[PolicyLine]) -> str:
    """Which policy has the best means most often."""
    places = np.nan_to_num(np.array([line.place for line in lines]), nan=-1.0)
    wins = np.bincount(places.argmax(axis=0), minlength=len(lines))
    top = int(wins.argmax())
    name = cut(lines[top].policy)
    if wins[top] == len(axes):
        return f"{name} has the best mean in {listed([axis.quantity.name for axis in axes])}"
    return f"No policy is best in all: {name} has the best mean in {wins[top]} of {len(axes)} measures"


def draw_parallel(ax: Axes, data: ParallelData) -> Axes:
    """Draw the axes with their ends in words, and a line with its name for each policy."""
    plain_axes(ax)
    ax.spines[["left", "bottom"]].set_visible(False)
    count = len(data.axes)
    ax.set(xlim=(0, max(count - 1, 1)), ylim=(-0.06, 1.06), xticks=[], yticks=[])
    names = [fit(cut(line.policy), bold=True, width=_NAME_WIDTH) for line in data.lines]
    reserve(ax, left=70, right=max(width for *_, width in names) + 48)
    x = range(count)
    ax.vlines(x, 0, 1, color=FAINT, linewidth=0.8, zorder=1)
    for line, (colour, dash) in zip(data.lines, line_styles(len(data.lines)), strict=False):
        ax.vlines(x, line.low, line.high, color=colour, linewidth=2.4, alpha=0.4, zorder=2)
        ax.plot(x, line.place, dash, color=colour, marker="o", markersize=4, linewidth=1.6, zorder=3, clip_on=False)
    lines = _name_axes(ax, data)
    caption(ax, data.notes, 22.0 + 10 * lines)
    title(ax, data.title, data.source, 16)
    reserve(ax, inner=_AXES_HEIGHT)
    ends = [float(np.clip(last_defined(line.place), 0, 1)) for line in data.lines]
    name_ends(ax, names, ends, [colour for colour, _ in line_styles(len(data.lines))], 40, led=True)
    return ax


def _name_axes(ax: Axes, data: ParallelData) -> int:
    """Write the best value above each axis, the worst and the name below; returns the lines of the longest name."""
    width, most = size_points(ax)[0] / max(len(data.axes) - 1, 1) - 8, 1
    for i, axis in enumerate(data.axes):
        best, worst = (axis.quantity.level(value, axis.decimals) for value in (axis.best, axis.worst))
        across = ax.get_xaxis_transform()
        write(ax, best, (i, 1), (0, 2), within=across, size=SMALL, colour=INK, va="bottom", ha="center")
        write(ax, worst, (i, 0), (0, -2), within=across, size=SMALL, colour=INK, va="top", ha="center")
        lines = wrap(axis.quantity.name, width, NORMAL, "bold")
        write(ax, "\n".join(lines), (i, 0), (0, -13), within=across, bold=True, va="top", ha="center")
        most = max(most, len(lines))
    return most
