"""Volumes and a price whose path stands in a CSV file: `volume: {csv: {file: interest.csv, column: index, times: 3}}`.

The file is read with the scenario that names it, and its rows become `points`. From then on the scenario holds them
itself: what is saved needs no file beside it, and what is wrong in a row is reported where the row stands.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite, nan

from sim.scenario.document.tree import Node, Position, problem, show_path
from sim.scenario.document.validation import validated
from sim.scenario.document.yaml_tree import MAX_BYTES
from sim.scenario.errors import Path, ScenarioError
from sim.scenario.values.units import show
from sim.scenario.world.traders import CsvColumn
from sim.suggest import did_you_mean


def with_csv_paths(root: Node, folder: str) -> Node:
    """`root` with the price and the volumes of segments that stand in CSV files, whose names start from `folder`.

    Raises `ScenarioError` for a file that cannot be read, a column that it has not, or a row that is no number.
    """
    filled, segments = _filled(root, (), root, "price", folder), root.child("segments")
    if segments is None or not segments.items:
        return filled
    items = tuple(_filled(root, ("segments", n), each, "volume", folder) for n, each in enumerate(segments.items))
    return filled.with_entries({"segments": replace(segments, value=items)})


def _filled(root: Node, path: Path, block: Node, name: str, folder: str) -> Node:
    """The block at a path, with the rows of the CSV file that its volume or price names, if it does, as points."""
    level = block.child(name)
    named = None if level is None else level.child("csv")
    if level is None or named is None or named.value is None:
        return block
    path = (*path, name, "csv")
    column, problems = validated(CsvColumn, named)
    if "points" in level.entries:
        problems.append(problem(root, path, "stands beside `points`; leave one out", "value", key=True))
    if column is None or problems:
        where = show_path(root, path)
        raise ScenarioError(replace(each, path=f"{where}.{each.path}".removesuffix(".")) for each in problems)
    points = _points(root, path, named, column, folder)
    return block.with_entries({name: level.without_entries("csv").with_entries({"points": points})})


def _points(root: Node, path: Path, named: Node, column: CsvColumn, folder: str) -> Node:
    """Dates and levels, each at the place of its row."""
    points: dict[str, Node] = {}
    name = os.path.join(folder, column.file)
    try:
        if os.path.getsize(name) > MAX_BYTES:
            raise csv.Error
        for date, number, at in _rows(name, column):
            if date in points:
                raise ScenarioError([at.problem(f"{date} is there twice", "value", show_path(root, path))])
            points[date] = Node(number * column.times, at, at)
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or f"not a CSV file in UTF-8 of at most {MAX_BYTES // 1_000_000} MB"
        raise ScenarioError([problem(root, (*path, "file"), f"{name}: {reason}", "file")]) from None
    except LookupError as error:
        raise ScenarioError([problem(root, path, f"{name} has no column {error.args[0]}", "value")]) from None
    return Node(points, named.position, named.key)


def _rows(name: str, column: CsvColumn) -> Iterator[tuple[str, float, Position]]:
    """Date, number and place of each row. Raises LookupError for a column that is not there."""
    with open(name, encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        known = table.fieldnames or ()
        for needed in (column.date, column.column):
            if needed not in known:
                raise LookupError(f"{needed}{did_you_mean(needed, known)}")
        for row in table:
            at, written = Position(name, table.line_num, 1), row[column.column]
            try:
                number = float(written or "nan")
            except ValueError:
                number = nan
            if not isfinite(number) or number < 0.0:
                raise ScenarioError(
                    [at.problem(f"{column.column}: {show(written)} is not a number, 0 or more", "value")]
                )
            yield str(row[column.date]).strip(), number, at
