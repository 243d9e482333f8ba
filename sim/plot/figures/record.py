"""The record of every fact beside its prediction, in errors of the record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.evidence.evidence_file import NINE_TENTHS
from sim.plot.labelled_rows import close_rows, lay_rows, name_axis
from sim.plot.page import notebook_axes, round_ticks, signed_format
from sim.plot.style import FAINT, INK, MINUS, percent
from sim.plot.wording import policy_labels, policy_words, scenario_source
from sim.study.record_check import RecordCheck

_INSIDE_COLOUR, _OUTSIDE_COLOUR = "#0072B2", "#D55E00"
_BEYOND = 8.0
"""The axis ends so many errors of the record from it; what lies farther off is drawn as a triangle there."""
_ROW_HEIGHT = 15.0
"""In points."""


@dataclass(frozen=True)
class FactRow:
    """One fact: prediction in errors of the record away from it, record and power in words, and whether it is inside.

    `known` are the ends of the interval if the parameters were known. `power` is None where there is nothing to leave
    out.
    """

    name: str
    low: float
    median: float
    high: float
    known: tuple[float, float]
    record: str
    power: float | None
    inside: bool


@dataclass(frozen=True)
class RecordData:
    """Facts in the order of the file, those that were fitted first; the first `fitted` rows are these."""

    rows: tuple[FactRow, ...]
    fitted: int
    title: str
    source: str
    notes: tuple[str, ...]


def plot_record(check: RecordCheck, *, ax: Axes | None = None) -> Axes:
    """Every fact in a row: the interval of its prediction, and the record with its bounds, on a common scale."""
    return draw_record(ax or notebook_axes(), gather_record(check))


def gather_record(check: RecordCheck) -> RecordData:
    """Predictions as distances from the record, divided by half the width of what the record may be called."""
    names = [*check.fitted, *check.held_out]
    rows = tuple(_row(check, name) for name in names)
    label = policy_labels(check.scenario, [check.policy])[check.policy]
    notes = [
        "Bars: 90 % of what the record may say by the prediction (chance, parameters, errors of model and record), "
        "around the median of the replications; dark: what would be left if the parameters were known. Shaded: what "
        "the record may honestly be called.",
        f"Parameters: {check.parameters}. Power: how likely such a record would speak against a world without "
        "interventions; 10 % if they do not move it.",
    ]
    source = f"{scenario_source(check.scenario, check.runs)}, {policy_words(label)}, seed {check.seed}"
    return RecordData(rows, len(check.fitted), finding(rows, len(check.fitted)), source, tuple(notes))


def _row(check: RecordCheck, name: str) -> FactRow:
    fact, found = check.evidence.facts[name], check.prediction(name)
    record, unit = fact.value or 0.0, NINE_TENTHS * fact.errors.record or 1.0
    centre = found.median if check.evidence.statistics[name].by_run else found.mean
    ends = (found.interval[0], centre, found.interval[1], *check.known(name).interval)
    low, median, high, *known = ((value - record) / unit for value in ends)
    all_of_them = next(iter(check.less), None)
    power = None if all_of_them is None else check.power(name, all_of_them)
    words = f"{record:.3g} {fact.unit}".replace("-", MINUS)
    return FactRow(name, low, median, high, (known[0], known[1]), words, power, check.inside(name))


def finding(rows: tuple[FactRow, ...], fitted: int) -> str:
    """How many records lie inside their predictions."""
    counts = [
        f"{sum(row.inside for row in some)} of {len(some)} {kind}"
        for kind, some in (("facts fitted", rows[:fitted]), ("held out", rows[fitted:]))
        if some
    ]
    return f"The record lies inside the prediction for {' and '.join(counts)}"


def draw_record(ax: Axes, data: RecordData) -> Axes:
    """Draw a bar per fact around the record, held-out facts in bold names, record and power at the right."""
    columns = {"record": [row.record for row in data.rows]}
    if any(row.power is not None for row in data.rows):
        columns["power"] = ["" if row.power is None else percent(row.power) for row in data.rows]
    lay_rows(ax, [row.name for row in data.rows], columns, [i >= data.fitted for i in range(len(data.rows))])
    ends = np.array([[row.low, row.median, row.high] for row in data.rows])
    finite = ends[np.isfinite(ends)]
    limit = min(_BEYOND, 1.1 * max(2.0, float(np.abs(finite).max(initial=0.0))))
    ax.set_xlim(-limit, limit)
    ax.axvspan(-1.0, 1.0, color=FAINT, alpha=0.15, linewidth=0, zorder=0)
    ax.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    for i, row in enumerate(data.rows):
        _draw_row(ax, i + 0.5, row, limit)
    ax.xaxis.set_major_locator(round_ticks())
    ax.xaxis.set_major_formatter(signed_format())
    name_axis(ax, "prediction less record, in half widths of what the record may be called")
    notes = [*data.notes, *(["Bold: facts that were held out."] if data.fitted < len(data.rows) else [])]
    close_rows(ax, data.title, data.source, notes, _ROW_HEIGHT * max(len(data.rows), 1))
    return ax


def _draw_row(ax: Axes, y: float, row: FactRow, limit: float) -> None:
    colour = _INSIDE_COLOUR if row.inside else _OUTSIDE_COLOUR
    if np.isnan(row.median):
        return
    for ends, alpha in (((row.low, row.high), 0.3), (row.known, 0.5)):
        low, high = np.clip(ends, -limit, limit)
        ax.plot([low, high], [y, y], color=colour, linewidth=3.0, alpha=alpha, solid_capstyle="butt", zorder=2)
    mark = "<" if row.median < -limit else ">" if row.median > limit else "o"
    where = float(np.clip(row.median, -limit, limit))
    ax.plot([where], [y], mark, color=colour, markersize=4.5, clip_on=False, zorder=3)
