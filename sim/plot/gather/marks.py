"""Interventions as marks on a time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.plot.gather.reading import days
from sim.plot.style import day_numbers, readable

if TYPE_CHECKING:
    from sim.record import Run


@dataclass(frozen=True)
class Mark:
    """One intervention; dates are matplotlib day numbers, `until` is None while it lasts."""

    label: str
    announced: float
    effective: float
    until: float | None


def gather_marks(run: Run) -> tuple[Mark, ...]:
    """Interventions that were announced or took effect in the run, in order of effect.

    One that was announced only is marked at its announcement; dates before the record starts are set to it.
    """
    dates: dict[str, dict[str, float]] = {}
    rows = run.journal[run.journal["event"].isin(["announced", "effective", "lifted"])]
    when, start = day_numbers(rows["date"].to_numpy()), float(days(run)[0])
    for event, subject, date in zip(rows["event"], rows["subject"], when, strict=True):
        dates.setdefault(str(subject), {}).setdefault(str(event), max(float(date), start))
    marks = [
        _mark(id_, known) for id_, known in dates.items() if "effective" in known or "announced" in known
    ]
    return tuple(sorted(marks, key=lambda mark: (mark.effective, mark.label)))


def _mark(id_: str, known: dict[str, float]) -> Mark:
    effective = known.get("effective", known.get("announced", 0.0))
    return Mark(
        readable(id_), min(known.get("announced", effective), effective), effective, known.get("lifted")
    )
