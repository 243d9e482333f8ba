"""What can be wrong with an evidence file beyond the form of its items: names, statistics, and files beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path as File
from typing import TYPE_CHECKING

import numpy as np

from sim.evidence.series import Column, Recorded, Series
from sim.evidence.statistics import STATISTICS, Statistic
from sim.scenario.document.tree import Node, follow, problem
from sim.scenario.document.validation import validated
from sim.scenario.errors import Path, Problem
from sim.scenario.values.units import show
from sim.scenario.world.exchanges import member_ids
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.evidence.facts import Fact
    from sim.scenario.scenario import Scenario

_NAMING = {
    "of": "series",
    "within": "series",
    "to": "series",
    "lost": "series",
    "exchanges": "exchange",
    "segments": "segment",
    "without": "segment",
    "office": "office",
}
"""What the words under a key name: of a series, or of the arguments of a statistic."""


def statistics_of(root: Node, facts: Sequence[Fact]) -> tuple[dict[str, Statistic], list[Problem]]:
    """The statistic of each fact that has one, and what is wrong with them."""
    statistics, problems = dict[str, Statistic](), list[Problem]()
    for index, fact in enumerate(facts):
        if fact.statistic is None:
            continue
        if fact.statistic not in STATISTICS:
            said = f"no statistic called {show(fact.statistic)}{did_you_mean(fact.statistic, STATISTICS)}"
            problems.append(problem(root, ("facts", index, "statistic"), said, "value"))
            continue
        item = root.entries["facts"].items[index]
        node = item.child("arguments") or Node({}, item.position)
        statistic, wrong = validated(STATISTICS[fact.statistic], node)
        prefix = f"facts.{fact.id}.arguments"
        problems += [replace(each, path=f"{prefix}.{each.path}".rstrip(".")) for each in wrong]
        if statistic is not None:
            statistics[fact.id] = statistic
    return statistics, problems


def said_twice(root: Node, facts: Sequence[Fact]) -> Iterator[Problem]:
    """Facts of one id."""
    seen = set()
    for index, fact in enumerate(facts):
        if fact.id in seen:
            yield problem(root, ("facts", index, "id"), f"{fact.id} comes twice", "value")
        seen.add(fact.id)


def unknown_names(root: Node, series: Series, scenario: Scenario | None) -> Iterator[Problem]:
    """Names of series that the file does not have, and of exchanges, segments and offices that a scenario has not."""
    known: dict[str, Iterable[str]] = {"series": list(series)}
    if scenario is not None:
        members = [name for each in scenario.exchanges if each.group for name in member_ids(each.group, each.count)]
        known["exchange"] = [*(name for each in scenario.exchanges if (name := each.id or each.group)), *members]
        known["segment"] = ["focal", "foreign", *(each.id for each in scenario.segments)]
        known["office"] = [each.id for each in scenario.offices]
    blocks: list[Path] = [("series", name, index) for name, parts in series.items() for index in range(len(parts))]
    blocks += [("facts", index, "arguments") for index in range(len(root.entries["facts"].items))]
    for block in blocks:
        for key, entry in follow(root, block)[0].entries.items():
            what = _NAMING.get(key)
            if what not in known:
                continue
            for at, item in ((), entry), *(((index,), item) for index, item in enumerate(entry.items)):
                if isinstance(item.value, str) and item.value not in known[what]:
                    said = f"no {what} called {show(item.value)}{did_you_mean(item.value, known[what])}"
                    yield problem(root, (*block, key, *at), said, "value")


def recorded_columns(root: Node, series: Series, folder: File) -> tuple[dict[Recorded, Column], list[Problem]]:
    """The columns of the CSV files that series name, and what is wrong with them."""
    columns, problems = dict[Recorded, Column](), list[Problem]()
    for name, parts in series.items():
        for index, part in enumerate(parts):
            if isinstance(part, Recorded) and part not in columns:
                try:
                    columns[part] = _column(folder / part.file, part)
                except (OSError, ValueError, LookupError, csv.Error) as error:
                    said = f"{part.file}: {getattr(error, 'strerror', None) or error.args[0]}"
                    problems.append(problem(root, ("series", name, index), said, "file"))
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
