"""Interventions of a policy as marks on a time axis, from the scenario: what a study has no journal for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.marks import Mark
from sim.plot.style import Floats, date_words, day_numbers, readable

if TYPE_CHECKING:
    from sim.policy import Intervention
    from sim.scenario.root import Scenario


def start_of(scenario: Scenario) -> float:
    """The start of the scenario as a matplotlib day number."""
    return float(day_numbers(np.array([scenario.start], dtype="datetime64[s]"))[0])


def planned_marks(scenario: Scenario, policy: str) -> tuple[Mark, ...]:
    """Interventions that take effect after the start and by the end, in order of effect; none of a ladder."""
    return _sorted(_mark(scenario, item) for item in _dated(scenario, policy).values())


def differing_marks(scenario: Scenario, policy: str, against: str) -> tuple[Mark, ...]:
    """What a policy does differently: interventions added, changed, moved ("was" tells the date) and left out."""
    theirs, ours = _dated(scenario, against), _dated(scenario, policy)
    marks = [_told(scenario, item, theirs.get(id_)) for id_, item in ours.items() if item != theirs.get(id_)]
    gone = [_mark(scenario, item) for id_, item in theirs.items() if id_ not in ours]
    return _sorted(marks + [replace(mark, label=f"without {mark.label}") for mark in gone])


def end_of(scenario: Scenario) -> float:
    """The end of the scenario as a matplotlib day number."""
    return float(day_numbers(np.array([scenario.end], dtype="datetime64[s]"))[0])


def _dated(scenario: Scenario, policy: str) -> dict[str, Intervention]:
    """Interventions by id that begin within the scenario by date."""
    from sim.policy import expand

    last = end_of(scenario) - start_of(scenario)
    items = expand(scenario, policy).interventions
    return {item.id: item for item in items if item.rule is None and 0.0 < item.effective <= last}


def _mark(scenario: Scenario, item: Intervention) -> Mark:
    start, end = start_of(scenario), end_of(scenario)
    until = end if item.until is None else min(start + item.until, end)
    effective = start + item.effective
    announced = max(start + item.announced, start)
    return Mark(readable(item.id), announced, effective, until, min(until + item.fade, end))


def _told(scenario: Scenario, item: Intervention, was: Intervention | None) -> Mark:
    """The mark of an intervention that another policy has too, or not."""
    mark = _mark(scenario, item)
    if was is None:
        return mark
    before = _mark(scenario, was).effective
    words = "changed" if before == mark.effective else f"was {date_words(before)}"
    return replace(mark, label=f"{mark.label} ({words})")


def _sorted(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.effective, mark.label)))


def days_of(scenario: Scenario, day: Floats) -> Floats:
    """Days from the start of the scenario as matplotlib day numbers, same shape."""
    return np.asarray(start_of(scenario) + day)
