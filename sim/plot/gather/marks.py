"""Interventions as marks on a time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.reading import days
from sim.plot.style import Floats, day_numbers, readable

if TYPE_CHECKING:
    from sim.record import Run


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
