"""What can be wrong with an evidence file beyond the form of its items: names, statistics, and files beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path as File
from typing import TYPE_CHECKING

import numpy as np

from sim.evidence.series import Column, Recorded, Series
from sim.evidence.statistics import STATISTICS, Statistic
from sim.scenario.document.tree import Node, follow, problem
from sim.scenario.document.validation import validated
from sim.scenario.errors import Path, Problem
from sim.scenario.values.units import show
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.evidence.evidence_file import EvidenceFile, Fact, Forecast
    from sim.scenario.scenario import Scenario

_NAMING = {
    **dict.fromkeys(("of", "within", "to", "lost"), "series"),
    "exchanges": "exchange",
    **dict.fromkeys(("segments", "without"), "segment"),
    "office": "office",
}
"""What the words under a key name: of a series, or of the arguments of a statistic."""


def statistics_of(root: Node, file: EvidenceFile) -> tuple[dict[str, Statistic], list[Problem]]:
    """The statistic of each fact that has one and of each forecast, by id, and what is wrong with them."""
    statistics, problems = dict[str, Statistic](), list[Problem]()
    for block, index, item in _items(file):
        if item.statistic is None:
            continue
        if item.statistic not in STATISTICS:
            said = f"no statistic called {show(item.statistic)}{did_you_mean(item.statistic, STATISTICS)}"
            problems.append(problem(root, (block, index, "statistic"), said, "value"))
            continue
        entry = root.entries[block].items[index]
        node = entry.child("arguments") or Node({}, entry.position)
        statistic, wrong = validated(STATISTICS[item.statistic], node)
        prefix = f"{block}.{item.id}.arguments"
        problems += [replace(each, path=f"{prefix}.{each.path}".rstrip(".")) for each in wrong]
        if statistic is not None:
            statistics[item.id] = statistic
    return statistics, problems


def said_twice(root: Node, file: EvidenceFile) -> Iterator[Problem]:
    """Facts and forecasts of one id."""
    seen = set()
    for block, index, item in _items(file):
        if item.id in seen:
            yield problem(root, (block, index, "id"), f"{item.id} comes twice", "value")
        seen.add(item.id)


def _items(file: EvidenceFile) -> Iterator[tuple[str, int, Fact | Forecast]]:
    """Block, index, and what stands there."""
    yield from (("facts", index, fact) for index, fact in enumerate(file.facts))
    yield from (("forecasts", index, forecast) for index, forecast in enumerate(file.forecasts))


def wrong_windows(
    root: Node, file: EvidenceFile, statistics: Mapping[str, Statistic], scenario: Scenario | None
) -> Iterator[Problem]:
    """Days that a statistic reads and a run of the scenario does not have, and windows that end before they begin."""
    for index, fact in enumerate(file.facts):
        if fact.id not in statistics:
            continue
        windows: dict[tuple[str, ...], object] = {("window",): fact.window}
        windows |= {("arguments", name): value for name, value in statistics[fact.id]}
        for at, days in windows.items():
            if not (isinstance(days, tuple) and all(isinstance(day, date) for day in days) and len(days) == 2):
                continue
            if days[0] > days[1]:
                yield problem(root, ("facts", index, *at), "the last day comes before the first", "value")
            elif scenario is not None and not scenario.start.date() <= days[0] <= days[1] <= scenario.end.date():
                runs = f"{scenario.name} goes from {scenario.start.date()} to {scenario.end.date()}"
                said = f"{days[0]} to {days[1]} is not within a run: {runs}"
                yield problem(root, ("facts", index, *at), said, "value")


def unknown_names(root: Node, series: Series, scenario: Scenario | None) -> Iterator[Problem]:
    """Names of series that the file does not have, and of exchanges, segments and offices that a scenario has not."""
    known: dict[str, Iterable[str]] = {"series": list(series)}
    if scenario is not None:
        groups = [each.group for each in scenario.exchanges if each.group]
        known["exchange"] = [*groups, *(name for each in scenario.exchanges for name in each.ids)]
        known["segment"] = ["focal", "foreign", *(each.id for each in scenario.segments)]
        known["office"] = [each.id for each in scenario.offices]
    blocks: list[Path] = [("series", name, index) for name, parts in series.items() for index in range(len(parts))]
    for block in ("facts", "forecasts"):
        listed = root.child(block)
        blocks += [(block, index, "arguments") for index in range(len(listed.items if listed else ()))]
    for place in blocks:
        for key, entry in follow(root, place)[0].entries.items():
            what = _NAMING.get(key)
            if what not in known:
                continue
            for at, item in ((), entry), *(((index,), item) for index, item in enumerate(entry.items)):
                if isinstance(item.value, str) and item.value not in known[what]:
                    said = f"no {what} called {show(item.value)}{did_you_mean(item.value, known[what])}"
                    yield problem(root, (*place, key, *at), said, "value")


def recorded_columns(root: Node, file: EvidenceFile, folder: File) -> tuple[dict[Recorded, Column], list[Problem]]:
    """The columns of the CSV files that series and forecasts name, and what is wrong with them."""
    named: list[tuple[Path, Recorded]] = [
        (("series", name, index), part)
        for name, parts in file.series.items()
        for index, part in enumerate(parts)
        if isinstance(part, Recorded)
    ]
    named += [(("forecasts", index, "record"), each.record) for index, each in enumerate(file.forecasts)]
    columns, problems = dict[Recorded, Column](), list[Problem]()
    for at, part in named:
        try:
            columns[part] = _column(folder / part.file, part)
        except (OSError, ValueError, LookupError, csv.Error) as error:
            said = f"{part.file}: {getattr(error, 'strerror', None) or error.args[0]}"
            problems.append(problem(root, at, said, "file"))
    return columns, problems


def _column(file: File, part: Recorded) -> Column:
    """Raises LookupError for a column that is not there, ValueError for what is no date or number."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        for needed in (part.date, part.column):
            if needed not in (known := table.fieldnames or ()):
                raise LookupError(f"no column {needed}{did_you_mean(needed, known)}")
        rows = [(row[part.date], row[part.column]) for row in table]
    dates, values = zip(*rows, strict=True) if rows else ((), ())
    return Column(np.array(dates, dtype="datetime64[D]"), np.array(values, dtype=float))
