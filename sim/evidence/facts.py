"""Facts: what the record of an episode says, and how runs compare with it."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame


class FactsError(ValueError):
    """A file of facts cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Fact:
    """One stylised fact: a value over some days, and the bounds of what it may honestly be called.

    `value`, `low` and `high` are NaN for a fact that is an event. `grade` and `use` as in configs/evidence/README.md.
    """

    id: str
    about: str
    first_day: date
    last_day: date
    value: float
    low: float
    high: float
    unit: str
    grade: str
    use: str
    source: str

    def agrees(self, value: float) -> bool:
        """Whether a value falls within the bounds."""
        return self.low <= value <= self.high


def read_facts(path: str | PathLike[str]) -> dict[str, Fact]:
    """The facts of a CSV file by id, in its order.

    Raises FactsError, with file and line, for a missing column, what is no date or number, bounds that do not hold the
    value, or an id that comes twice.
    """
    file, facts = Path(path), dict[str, Fact]()
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines)
        missing = [field.name for field in fields(Fact) if field.name not in (table.fieldnames or ())]
        if missing:
            raise FactsError(f"{file}:1: no column {' and '.join(missing)}")
        for row in table:
            fact = _fact(row, f"{file}:{table.line_num}")
            if fact.id in facts:
                raise FactsError(f"{file}:{table.line_num}: {fact.id} comes twice")
            facts[fact.id] = fact
    return facts


def _fact(row: Mapping[str, str], where: str) -> Fact:
    try:
        days = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
        value, low, high = (float(row[name]) if row[name] else math.nan for name in ("value", "low", "high"))
    except (TypeError, ValueError) as problem:
        raise FactsError(f"{where}: {row['id']}: {problem}") from None
    if days[0] > days[1] or low > value or value > high:
        raise FactsError(f"{where}: {row['id']}: first and last day, or low, value and high, are not in order")
    text = {name: row[name] for name in ("id", "about", "unit", "grade", "use", "source")}
    return Fact(first_day=days[0], last_day=days[1], value=value, low=low, high=high, **text)


def compare(facts: Mapping[str, Fact], replications: Iterable[Mapping[str, float]]) -> DataFrame:
    """What the record says beside what was read off the replications of a scenario.

    Each replication maps ids of facts to values; facts that none of them has are left out. One row per fact: the
    record with its bounds, the median, lowest and highest of the replications, whether the median is within the
    bounds, grade and use.
    """
    from pandas import DataFrame

    simulated = DataFrame(list(replications))
    rows = {}
    for name, values in simulated.items():
        fact, middle = facts[str(name)], float(values.median())
        rows[name] = {
            "about": fact.about, "record": fact.value, "low": fact.low, "high": fact.high, "simulated": middle,
            "lowest": values.min(), "highest": values.max(), "inside": fact.agrees(middle), "unit": fact.unit,
            "grade": fact.grade, "use": fact.use,
        }  # fmt: skip
    return DataFrame.from_dict(rows, orient="index").rename_axis("fact")
