"""Interventions as thin lines on a time axis, from a run or, where there is no journal, from the scenario.

A few labels stand beside their lines. Where they would run into each other, numbers stand above the axes, near ones
share a marker, and a key below the axes says what each number means. Numbers go by date, so that an
intervention has the same in all figures of a run. Figures of studies have interventions lightly in the background,
named where all names fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from sim.plot.labels import text_width, wrap
from sim.plot.page import TICKS_HEIGHT, line_points, reserve, root, size_points, write
from sim.plot.plotted_dates import date_words, day_number, day_numbers
from sim.plot.run_series import days
from sim.plot.style import FAINT, INK, SMALL, Floats, readable
from sim.plot.wording import intervention_labels
from sim.results.run import Run
from sim.scenario.scenario import Scenario
from sim.schedule.expand import expand
from sim.schedule.schedule import ScheduledIntervention

MARKER_GAP = 13.0
"""Least distance of the middles of two markers of one number, in points."""
_MARKER_RADIUS = 5.5
"""Of the round ends of a marker, in points."""
KEY_COLUMNS = 3
_LINE_HEIGHT = 9.5
"""Height of a line of labels or of the key, in points."""
_NARROW = 330.0
"""On Axes narrower than this, in points, there is no room for names: the lines stay alone."""
_MAX_LABEL_ROWS = 3
"""Most rows of labels written beside their lines."""


@dataclass(frozen=True)
class Mark:
    """One intervention; dates are matplotlib day numbers.

    `until` is when it is lifted and `faded` when its effect has vanished; both are the end of the record at the latest.
    `number` is its place in the order of effect, from 1.
    """

    label: str
    announced: float
    effective: float
    until: float
    faded: float
    number: int = 0


@dataclass(frozen=True)
class Group:
    """Interventions that share a marker: its position in points and the marks in order of time."""

    position: float
    marks: tuple[Mark, ...]

    @property
    def words(self) -> str:
        """The number of its mark, or the first and the last."""
        first, last = self.marks[0].number, self.marks[-1].number
        return str(first) if first == last else f"{first}\u2013{last}"

    @property
    def width(self) -> float:
        """Width of its marker, in points."""
        return max(text_width(self.words, SMALL - 0.5) + 6, 2 * _MARKER_RADIUS)


def gather_marks(run: Run) -> tuple[Mark, ...]:
    """Interventions that were announced or took effect in the run, in order of effect.

    One that was announced only is marked at its announcement; dates before the record starts are set to it.
    """
    dates: dict[str, dict[str, float]] = {}
    rows, time = run.journal[run.journal["event"].isin(["announced", "effective", "lifted"])], days(run)
    day = day_numbers(rows["date"].to_numpy())
    for event, subject, date in zip(rows["event"], rows["subject"], day, strict=True):
        dates.setdefault(str(subject), {}).setdefault(str(event), max(float(date), time[0]))
    begun = {id_: events for id_, events in dates.items() if "effective" in events or "announced" in events}
    labels = intervention_labels(run.scenario, run.policy)
    return _sorted(
        _mark(labels.get(id_, readable(id_)), events, _faded(run, id_, time)) for id_, events in begun.items()
    )


def _mark(label: str, dates: dict[str, float], faded: float) -> Mark:
    effective = dates.get("effective", dates.get("announced", faded))
    until = min(dates.get("lifted", faded), faded)
    return Mark(label, min(dates.get("announced", effective), effective), effective, until, faded)


def _faded(run: Run, id_: str, time: Floats) -> float:
    """The first record at which nothing of an intervention is left, or the last one."""
    strong = np.flatnonzero(run.data["strength"].sel(intervention=id_).values > 0)
    return float(time[min(int(strong[-1]) + 1, len(time) - 1)]) if len(strong) else float(time[-1])


def planned_marks(scenario: Scenario, policy: str) -> tuple[Mark, ...]:
    """Interventions that take effect after the start and by the end, in order of effect; none of a ladder."""
    labels = intervention_labels(scenario, policy)
    return _sorted(_planned_mark(scenario, item, labels) for item in _dated(scenario, policy).values())


def differing_marks(scenario: Scenario, policy: str, against: str) -> tuple[Mark, ...]:
    """What a policy does differently: interventions added, changed, moved ("was" tells the date) and left out."""
    theirs, ours = _dated(scenario, against), _dated(scenario, policy)
    labels = intervention_labels(scenario, against) | intervention_labels(scenario, policy)
    before = {id_: _planned_mark(scenario, item, labels) for id_, item in theirs.items()}
    now = {id_: _planned_mark(scenario, item, labels) for id_, item in ours.items() if item != theirs.get(id_)}
    changed = [_changed_mark(mark, before.get(id_)) for id_, mark in now.items()]
    missing = [replace(mark, label=f"without {mark.label}") for id_, mark in before.items() if id_ not in ours]
    return _sorted(changed + missing)


def _dated(scenario: Scenario, policy: str) -> dict[str, ScheduledIntervention]:
    """Interventions by id that begin within the scenario by date."""
    last = day_number(scenario.end) - day_number(scenario.start)
    items = expand(scenario, policy).interventions
    return {item.id: item for item in items if item.rule is None and 0.0 < item.effective <= last}


def _planned_mark(scenario: Scenario, item: ScheduledIntervention, labels: Mapping[str, str]) -> Mark:
    start, end = day_number(scenario.start), day_number(scenario.end)
    until = end if item.until is None else min(start + item.until, end)
    effective = start + item.effective
    announced = max(start + item.announced, start)
    return Mark(labels[item.id], announced, effective, until, min(until + item.fade, end))


def _changed_mark(mark: Mark, before: Mark | None) -> Mark:
    """The mark of an intervention, with what it was under another policy, if it was there."""
    if before is None:
        return mark
    words = "changed" if before.effective == mark.effective else f"was {date_words(before.effective)}"
    return replace(mark, label=f"{mark.label} ({words})")


def _sorted(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    ordered = sorted(marks, key=lambda mark: (mark.effective, mark.label))
    return tuple(replace(mark, number=number) for number, mark in enumerate(ordered, start=1))


def draw_marks(ax: Axes, marks: Sequence[Mark], below: float = TICKS_HEIGHT) -> float:
    """Mark interventions on Axes whose time limits are set; returns the points used above them.

    A key stands `below` the Axes, in points; room for it is reserved if the figure is one of ours.
    """
    visible, positions = _within(ax, marks)
    if not visible:
        return 0.0
    _draw_lines(ax, visible, INK, 0.6, zorder=3)
    if size_points(ax)[0] < _NARROW:
        return 0.0
    rows = _label_rows(ax, visible, positions)
    if rows is not None:
        return _write_beside(ax, visible, rows, INK, 0.6)
    groups = cluster(visible, positions)
    low, high = ax.get_xlim()
    _draw_numbers(ax, groups, low, (high - low) / size_points(ax)[0])
    reserve(ax, bottom=below + 6 + _write_key(ax, groups, line_points(ax), below))
    return 16.0


def draw_faint_marks(ax: Axes, marks: Sequence[Mark]) -> float:
    """Mark interventions in the background of Axes whose time limits are set; returns the points used above them.

    Names stand above if none would run into another.
    """
    visible, positions = _within(ax, marks)
    _draw_lines(ax, visible, FAINT, 0.5, zorder=0)
    rows = _label_rows(ax, visible, positions)
    if not visible or rows is None or size_points(ax)[0] < _NARROW:
        return 0.0
    return _write_beside(ax, visible, rows, FAINT, 0.5)


def _within(ax: Axes, marks: Sequence[Mark]) -> tuple[list[Mark], list[float]]:
    """The marks within the limits of the Axes, and their positions in points from the left."""
    low, high = ax.get_xlim()
    visible = [mark for mark in marks if low <= mark.effective <= high]
    width = size_points(ax)[0]
    return visible, [(mark.effective - low) / (high - low) * width for mark in visible]


def _draw_lines(ax: Axes, marks: Sequence[Mark], colour: str, width: float, zorder: int) -> None:
    dates = sorted({mark.effective for mark in marks})
    across = ax.get_xaxis_transform()
    ax.vlines(dates, 0, 1, transform=across, colors=colour, linewidth=width, alpha=0.45, zorder=zorder)


def _label_rows(ax: Axes, marks: Sequence[Mark], positions: Sequence[float]) -> list[int] | None:
    return stagger([text_width(mark.label, SMALL) for mark in marks], positions, line_points(ax))


def stagger(widths: Sequence[float], positions: Sequence[float], limit: float) -> list[int] | None:
    """Rows (0 lowest) where labels right of their lines meet neither label nor line; None if there are none.

    `positions` ascend. The line of a later mark rises to its own row, so a label must stand above all rows
    that begin under it.
    """
    rows = [0] * len(widths)
    for i in range(len(widths) - 1, -1, -1):
        end = positions[i] + widths[i] + 6
        under = [rows[j] for j in range(i + 1, len(widths)) if positions[j] < end]
        rows[i] = max(under, default=-1) + 1
        if end > limit or rows[i] >= _MAX_LABEL_ROWS:
            return None
    return rows


def _write_beside(ax: Axes, marks: Sequence[Mark], rows: Sequence[int], colour: str, width: float) -> float:
    """Write labels in these rows, each beside its line, which is drawn up to it; returns their height in points."""
    across = ax.get_xaxis_transform()
    line = {"arrowstyle": "-", "linewidth": width, "color": colour, "alpha": 0.45, "shrinkA": 0, "shrinkB": 0}
    for mark, row in zip(marks, rows, strict=True):
        foot = (mark.effective, 1.0)
        shift = (3, 3 + _LINE_HEIGHT * row)
        write(ax, mark.label, foot, shift, within=across, size=SMALL, colour=colour, va="bottom")
        write(ax, "", foot, (0, 2 + _LINE_HEIGHT * (row + 1)), within=across, arrowprops=line)
    return _LINE_HEIGHT * (max(rows) + 1) + 3


def cluster(marks: Sequence[Mark], positions: Sequence[float]) -> list[Group]:
    """Marks, sorted by position, in groups whose markers do not touch; those nearest to each other join first."""
    groups = [Group(position, (mark,)) for mark, position in zip(marks, positions, strict=True)]
    while len(groups) > 1:
        gaps = [right.position - left.position - (left.width + right.width) / 2 for left, right in pairwise(groups)]
        nearest = int(np.argmin(gaps))
        left, right = groups[nearest], groups[nearest + 1]
        if gaps[nearest] >= MARKER_GAP - 2 * _MARKER_RADIUS:
            break
        weight = len(right.marks) / (len(left.marks) + len(right.marks))
        middle = left.position + weight * (right.position - left.position)
        groups[nearest : nearest + 2] = [Group(middle, left.marks + right.marks)]
    return groups


def _draw_numbers(ax: Axes, groups: Sequence[Group], low: float, scale: float) -> None:
    lifted = ax.get_xaxis_transform() + ScaledTranslation(0, 8 / 72, root(ax).dpi_scale_trans)
    style: dict[str, Any] = {"fontsize": SMALL - 0.5, "color": INK, "ha": "center", "va": "center_baseline"}
    for group in groups:
        date = low + group.position * scale
        half = max(group.width / 2 - _MARKER_RADIUS, 0.01) * scale  # a line of no length would not be drawn
        ring: dict[str, Any] = {"solid_capstyle": "round", "transform": lifted}
        for colour, thinner, zorder in ((INK, 0.0, 4.0), ("white", 1.2, 4.1)):
            ends = [date - half, date + half]
            (line,) = ax.plot(ends, [1.0, 1.0], color=colour, clip_on=False, zorder=zorder, **ring)
            line.set_linewidth(2 * _MARKER_RADIUS - thinner)
        ax.text(date, 1.0, group.words, transform=lifted, clip_on=False, zorder=5, **style)


def _write_key(ax: Axes, groups: Sequence[Group], width: float, below: float) -> float:
    """Write the key in columns below the axes; returns its height in points."""
    across = width / KEY_COLUMNS
    marks = [mark for group in groups for mark in group.marks]
    entries = [wrap(key_entry(mark), across - 26, SMALL) for mark in marks]
    columns = split_columns([len(entry) for entry in entries])
    for column, (first, last) in enumerate(columns):
        words = [line for entry in entries[first:last] for line in entry]
        numbers = [("", str(marks[n].number))[i == 0] for n in range(first, last) for i in range(len(entries[n]))]
        for lines, shift, align in ((numbers, 10, "right"), (words, 14, "left")):
            text, at, bold = "\n".join(lines), (column * across + shift, -below - 6), align == "right"
            write(ax, text, (0, 0), at, size=SMALL, bold=bold, va="top", ha=align, linespacing=1.2)
    return _LINE_HEIGHT * max(sum(len(entry) for entry in entries[first:last]) for first, last in columns) + 6


def key_entry(mark: Mark) -> str:
    """What a number stands for: "4 Sep 2017 ICO ban"."""
    return f"{date_words(mark.effective)} {mark.label}"


def split_columns(heights: Sequence[int]) -> list[tuple[int, int]]:
    """Split entries of these heights, in order, into at most `KEY_COLUMNS` columns of the least height."""
    limit = max(max(heights), -(-sum(heights) // KEY_COLUMNS))
    while True:
        columns, first, filled = [], 0, 0
        for i, height in enumerate(heights):
            if filled + height > limit:
                columns.append((first, i))
                first, filled = i, 0
            filled += height
        columns.append((first, len(heights)))
        if len(columns) <= KEY_COLUMNS:
            return columns
        limit += 1
