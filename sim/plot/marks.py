"""Interventions as thin lines on a time axis, from a run or, where there is no journal, from the scenario.

A few labels stand beside their lines. Where they would run into each other, interventions become numbered markers
above the axes, near ones share a marker, and a key below the axes says what each number means. What a study shows has
them lightly behind it, named where all names fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from sim.plot.labels import text_width, wrap
from sim.plot.page import TICKS, line_points, reserve, root, size_points, write
from sim.plot.run_series import days
from sim.plot.style import FAINT, INK, SMALL, Floats, date_words, day_numbers, readable

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.scenario.scenario import Scenario
    from sim.schedule.schedule import ScheduledIntervention


@dataclass(frozen=True)
class Mark:
    """One intervention; dates are matplotlib day numbers.

    `until` is when it is lifted and `faded` when its effect has vanished; both are the end of the record at the latest.
    """

    label: str
    announced: float
    effective: float
    until: float
    faded: float


def gather_marks(run: Run) -> tuple[Mark, ...]:
    """Interventions that were announced or took effect in the run, in order of effect.

    One that was announced only is marked at its announcement; dates before the record starts are set to it.
    """
    dates: dict[str, dict[str, float]] = {}
    rows, time = run.journal[run.journal["event"].isin(["announced", "effective", "lifted"])], days(run)
    when = day_numbers(rows["date"].to_numpy())
    for event, subject, date in zip(rows["event"], rows["subject"], when, strict=True):
        dates.setdefault(str(subject), {}).setdefault(str(event), max(float(date), time[0]))
    begun = {id_: known for id_, known in dates.items() if "effective" in known or "announced" in known}
    marks = [_mark(id_, known, _faded(run, id_, time)) for id_, known in begun.items()]
    return tuple(sorted(marks, key=lambda mark: (mark.effective, mark.label)))


def _mark(id_: str, known: dict[str, float], faded: float) -> Mark:
    effective = known.get("effective", known.get("announced", faded))
    until = min(known.get("lifted", faded), faded)
    return Mark(readable(id_), min(known.get("announced", effective), effective), effective, until, faded)


def _faded(run: Run, id_: str, time: Floats) -> float:
    """The first record at which nothing of an intervention is left, or the last one."""
    strong = np.flatnonzero(run.data["strength"].sel(intervention=id_).values > 0)
    return float(time[min(int(strong[-1]) + 1, len(time) - 1)]) if len(strong) else float(time[-1])


def start_of(scenario: Scenario) -> float:
    """The start of the scenario as a matplotlib day number."""
    return float(day_numbers(np.array([scenario.start], dtype="datetime64[s]"))[0])


def planned_marks(scenario: Scenario, policy: str) -> tuple[Mark, ...]:
    """Interventions that take effect after the start and by the end, in order of effect; none of a ladder."""
    return _sorted(_planned_mark(scenario, item) for item in _dated(scenario, policy).values())


def differing_marks(scenario: Scenario, policy: str, against: str) -> tuple[Mark, ...]:
    """What a policy does differently: interventions added, changed, moved ("was" tells the date) and left out."""
    theirs, ours = _dated(scenario, against), _dated(scenario, policy)
    marks = [_told(scenario, item, theirs.get(id_)) for id_, item in ours.items() if item != theirs.get(id_)]
    gone = [_planned_mark(scenario, item) for id_, item in theirs.items() if id_ not in ours]
    return _sorted(marks + [replace(mark, label=f"without {mark.label}") for mark in gone])


def end_of(scenario: Scenario) -> float:
    """The end of the scenario as a matplotlib day number."""
    return float(day_numbers(np.array([scenario.end], dtype="datetime64[s]"))[0])


def _dated(scenario: Scenario, policy: str) -> dict[str, ScheduledIntervention]:
    """Interventions by id that begin within the scenario by date."""
    from sim.schedule.expand import expand

    last = end_of(scenario) - start_of(scenario)
    items = expand(scenario, policy).interventions
    return {item.id: item for item in items if item.rule is None and 0.0 < item.effective <= last}


def _planned_mark(scenario: Scenario, item: ScheduledIntervention) -> Mark:
    start, end = start_of(scenario), end_of(scenario)
    until = end if item.until is None else min(start + item.until, end)
    effective = start + item.effective
    announced = max(start + item.announced, start)
    return Mark(readable(item.id), announced, effective, until, min(until + item.fade, end))


def _told(scenario: Scenario, item: ScheduledIntervention, was: ScheduledIntervention | None) -> Mark:
    """The mark of an intervention that another policy has too, or not."""
    mark = _planned_mark(scenario, item)
    if was is None:
        return mark
    before = _planned_mark(scenario, was).effective
    words = "changed" if before == mark.effective else f"was {date_words(before)}"
    return replace(mark, label=f"{mark.label} ({words})")


def _sorted(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.effective, mark.label)))


def days_of(scenario: Scenario, day: Floats) -> Floats:
    """Days from the start of the scenario as matplotlib day numbers, same shape."""
    return np.asarray(start_of(scenario) + day)


GAP = 13.0
"""Least distance of two numbered markers, in points."""
LINE = 9.5
"""Height of a line of the key, in points."""
NARROW = 330.0
"""On Axes narrower than this, in points, there is no room for names: the lines stay alone."""
STAGGER = 3
"""Most rows of labels written beside their lines."""
COLUMNS = 3


@dataclass(frozen=True)
class Group:
    """Interventions that share a marker: its position in points and the marks in order of time."""

    position: float
    marks: tuple[Mark, ...]


def draw_marks(ax: Axes, marks: Sequence[Mark], below: float = TICKS) -> float:
    """Mark interventions on Axes whose time limits are set; returns the points used above them.

    A key stands `below` the Axes, in points; room for it is reserved if the figure is one of ours.
    """
    low, high = ax.get_xlim()
    seen = [mark for mark in marks if low <= mark.effective <= high]
    if not seen:
        return 0.0
    width = size_points(ax)[0]
    positions = [(mark.effective - low) / (high - low) * width for mark in seen]
    dates = sorted({mark.effective for mark in seen})
    across = ax.get_xaxis_transform()
    ax.vlines(dates, 0, 1, transform=across, colors=INK, linewidth=0.6, alpha=0.45, zorder=3)
    if width < NARROW:
        return 0.0
    rows = stagger([text_width(mark.label, SMALL) for mark in seen], positions, line_points(ax))
    if rows is not None:
        return _draw_beside(ax, seen, rows)
    groups = cluster(seen, positions)
    _draw_numbers(ax, groups, low, (high - low) / width)
    reserve(ax, bottom=below + 6 + _draw_key(ax, groups, line_points(ax), below))
    return 16.0


def cluster(marks: Sequence[Mark], positions: Sequence[float], gap: float = GAP) -> list[Group]:
    """Marks, sorted by position, in groups with middles at least `gap` apart; the nearest two join first."""
    groups = [Group(position, (mark,)) for mark, position in zip(marks, positions, strict=True)]
    while len(groups) > 1:
        nearest = min(range(len(groups) - 1), key=lambda i: groups[i + 1].position - groups[i].position)
        left, right = groups[nearest], groups[nearest + 1]
        if right.position - left.position >= gap:
            break
        weight = len(right.marks) / (len(left.marks) + len(right.marks))
        middle = left.position + weight * (right.position - left.position)
        groups[nearest : nearest + 2] = [Group(middle, left.marks + right.marks)]
    return groups


def key_entry(group: Group) -> str:
    """What a marker stands for: "4 Sep 2017 ICO ban; 14 Sep closure order"."""
    parts, year = [], ""
    for mark in group.marks:
        date = date_words(mark.effective)
        short = date_words(mark.effective, year=False)
        parts.append(f"{short if date.endswith(year) and year else date} {mark.label}")
        year = date[-4:]
    return "; ".join(parts)


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
        if end > limit or rows[i] >= STAGGER:
            return None
    return rows


def _draw_beside(ax: Axes, marks: Sequence[Mark], rows: Sequence[int]) -> float:
    across = ax.get_xaxis_transform()
    pole = {"arrowstyle": "-", "linewidth": 0.6, "color": INK, "alpha": 0.45, "shrinkA": 0, "shrinkB": 0}
    for mark, row in zip(marks, rows, strict=True):
        foot = (mark.effective, 1.0)
        write(ax, mark.label, foot, (3, 3 + LINE * row), within=across, size=SMALL, va="bottom")
        write(ax, "", foot, (0, 2 + LINE * (row + 1)), within=across, arrowprops=pole)
    return LINE * (max(rows) + 1) + 3


def _draw_numbers(ax: Axes, groups: Sequence[Group], low: float, scale: float) -> None:
    """Draw the numbered markers; `low` is the left limit and `scale` the days in a point."""
    lifted = ax.get_xaxis_transform() + ScaledTranslation(0, 8 / 72, root(ax).dpi_scale_trans)
    dates = [low + group.position * scale for group in groups]
    ring: dict[str, Any] = {
        "color": "white",
        "markeredgecolor": INK,
        "markeredgewidth": 0.6,
        "markersize": 11,
    }
    ax.plot(dates, [1.0] * len(dates), "o", transform=lifted, clip_on=False, zorder=4, **ring)
    style: dict[str, Any] = {"fontsize": SMALL - 0.5, "color": INK, "ha": "center", "va": "center_baseline"}
    for number, date in enumerate(dates, start=1):
        ax.text(date, 1.0, str(number), transform=lifted, clip_on=False, zorder=5, **style)


def _draw_key(ax: Axes, groups: Sequence[Group], width: float, below: float) -> float:
    """Write the key in columns below the axes; returns its height in points."""
    across = width / COLUMNS
    entries = [wrap(key_entry(group), across - 26, SMALL) for group in groups]
    columns = split([len(entry) for entry in entries])
    for column, (first, last) in enumerate(columns):
        words = [line for entry in entries[first:last] for line in entry]
        starts = [("", str(n + 1))[i == 0] for n in range(first, last) for i in range(len(entries[n]))]
        for lines, shift, align in ((starts, 10, "right"), (words, 14, "left")):
            text, at, bold = "\n".join(lines), (column * across + shift, -below - 6), align == "right"
            write(ax, text, (0, 0), at, size=SMALL, bold=bold, va="top", ha=align, linespacing=1.2)
    return LINE * max(sum(len(entry) for entry in entries[first:last]) for first, last in columns) + 6


def split(heights: Sequence[int]) -> list[tuple[int, int]]:
    """Split entries of these heights, in order, into at most `COLUMNS` columns of the least height."""
    limit = max(max(heights), -(-sum(heights) // COLUMNS))
    while True:
        columns, first, filled = [], 0, 0
        for i, height in enumerate(heights):
            if filled + height > limit:
                columns.append((first, i))
                first, filled = i, 0
            filled += height
        columns.append((first, len(heights)))
        if len(columns) <= COLUMNS:
            return columns
        limit += 1


def draw_faint(ax: Axes, marks: Sequence[Mark]) -> float:
    """Mark interventions on Axes whose time limits are set; returns the points used above them.

    Names stand above if none would run into another.
    """
    low, high = ax.get_xlim()
    seen = [mark for mark in marks if low <= mark.effective <= high]
    across, width = ax.get_xaxis_transform(), size_points(ax)[0]
    dates = sorted({mark.effective for mark in seen})
    ax.vlines(dates, 0, 1, transform=across, colors=FAINT, linewidth=0.5, alpha=0.45, zorder=0)
    positions = [(mark.effective - low) / (high - low) * width for mark in seen]
    rows = stagger([text_width(mark.label, SMALL) for mark in seen], positions, line_points(ax))
    if not seen or rows is None or width < NARROW:
        return 0.0
    pole = {"arrowstyle": "-", "linewidth": 0.5, "color": FAINT, "alpha": 0.45, "shrinkA": 0, "shrinkB": 0}
    for mark, row in zip(seen, rows, strict=True):
        foot = (mark.effective, 1.0)
        write(ax, mark.label, foot, (3, 3 + LINE * row), within=across, size=SMALL, colour=FAINT, va="bottom")
        write(ax, "", foot, (0, 2 + LINE * (row + 1)), within=across, arrowprops=pole)
    return LINE * (max(rows) + 1) + 3
