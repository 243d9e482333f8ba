"""Levers over time, and the interventions that move them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.codes import PERMISSIONS
from sim.plot.gather.marks import Mark, gather_marks
from sim.plot.gather.reading import days
from sim.plot.style import Floats, amount, date_words, readable

if TYPE_CHECKING:
    from sim.record import Run


@dataclass(frozen=True)
class Levers:
    """Levers that move, in order of their first move: `level` (L, T) and its lowest and highest in words."""

    time: Floats
    names: tuple[str, ...]
    level: Floats
    ranges: tuple[str, ...]
    marks: tuple[Mark, ...]
    title: str


def gather_levers(run: Run) -> Levers:
    """Levels at the widest target of each lever that ever changes."""
    time, marks = days(run), gather_marks(run)
    level = run.data["level"].transpose("lever", "time").values.astype(np.float64)
    names = [str(name) for name in run.data["lever"].values]
    moved = {i: int(np.argmax(row != row[0])) for i, row in enumerate(level) if np.ptp(row) > 0}
    order = sorted(moved, key=lambda i: (moved[i], names[i]))
    labels = tuple(readable(names[i]) for i in order)
    ranges = tuple(_range(names[i], level[i]) for i in order)
    return Levers(time, labels, level[order], ranges, marks, finding(time, level[order], marks))


def _range(name: str, level: Floats) -> str:
    """Lowest and highest level in words; the codes of permissions by their names."""
    ends = (float(level.min()), float(level.max()))
    low, high = (PERMISSIONS[int(end)] if name.startswith("permission") else amount(end) for end in ends)
    return f"{low} to {high}"


def finding(time: Floats, level: Floats, marks: tuple[Mark, ...]) -> str:
    """How many interventions moved how many levers, since when, and how many came back, in a sentence."""
    if not len(level):
        return "No lever moved"
    orders = _count(len(marks), "intervention")
    first = int(min(np.argmax(row != row[0]) for row in level))
    back = int((level[:, -1] == level[:, 0]).sum())
    moved = f"{orders} moved {_count(len(level), 'lever')} from {date_words(time[first])} on"
    returned = f"{back} are back where they began" if back > 1 else f"{back or 'none'} is back where it began"
    return f"{moved}; at the end {returned}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
