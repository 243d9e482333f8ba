"""Facts: what the record of an episode says, the statistic that reads it off a run, and how runs compare with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from os import PathLike, fspath
from pathlib import Path as File
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.evidence.series import EpisodeSeries, Recorded, Traded, Window
from sim.evidence.statistics import STATISTICS, Statistic
from sim.scenario.document.tree import Node, follow, problem
from sim.scenario.document.validation import validated
from sim.scenario.document.yaml_tree import read_file
from sim.scenario.errors import Path, Problem, ScenarioError
from sim.scenario.values.base import FileBlock, Id, Name
from sim.scenario.values.units import show
from sim.scenario.world.exchanges import member_ids
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.results.run import Run
    from sim.scenario.scenario import Scenario

BAND = 0.9
"""Part of the replications within the band of a table."""
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


def _both_days(value: Any) -> Any:
    """A single day is first and last."""
    return value if isinstance(value, list | tuple) else [value, value]


class Fact(FileBlock):
    """One stylised fact: a value over some days, and the bounds of what it may honestly be called."""

    id: Id
    about: str
    window: Annotated[Window, BeforeValidator(_both_days)] = Field(description="first and last day, or the only one")
    statistic: str | None = Field(None, description="how it is read off a run; default: it is not")
    arguments: Mapping[str, Any] = Field({}, description="of the statistic")
    value: float | None = Field(None, description="default: an event, which has no value")
    low: float | None = Field(None, description="least that the sources support; default: the value")
    high: float | None = Field(None, description="most that they support; default: the value")
    unit: Name
    grade: Literal["A", "B", "C"]
    use: Literal["fix", "calibrate", "validate"]
    source: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.window[0] > self.window[1]:
            raise ValueError("the last day comes before the first")
        low, value, high = self.bounds[0], self.value, self.bounds[1]
        if value is not None and not low <= value <= high:
            raise ValueError("low, value and high are not in order")
        if self.statistic is not None and value is None:
            raise ValueError("a statistic needs a value to be compared with")
        return self

    @property
    def first_day(self) -> date:
        """The first day that it is about."""
        return self.window[0]

    @property
    def last_day(self) -> date:
        """The last."""
        return self.window[1]

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and most that it may be called; NaN for an event."""
        value = math.nan if self.value is None else self.value
        return value if self.low is None else self.low, value if self.high is None else self.high

    def agrees(self, value: float) -> bool:
        """Whether a value falls within the bounds."""
        return self.bounds[0] <= value <= self.bounds[1]


class EvidenceFile(FileBlock):
    """What an evidence file holds."""

    series: Mapping[Name, tuple[Traded | Recorded, ...]] = Field({}, description="named volumes, each a sum")
    facts: tuple[Fact, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Evidence:
    """The record of an episode: facts by id in the order of the file, and how those with a statistic are read."""

    facts: Mapping[str, Fact]
    series: Mapping[str, tuple[Traded | Recorded, ...]]
    statistics: Mapping[str, Statistic]
    folder: File

    def read(self, run: Run) -> dict[str, float]:
        """What a run says to each fact that has a statistic; NaN where it ends before the days of the fact are over."""
        episode = EpisodeSeries(run, self.series, self.folder)
        return {
            name: float(statistic.read(episode, self.facts[name].window))
            if episode.covers(self.facts[name].last_day)
            else math.nan
            for name, statistic in self.statistics.items()
        }

    def table(self, replications: Iterable[Mapping[str, float]]) -> DataFrame:
        """What the record says beside what was read off the replications of a scenario.

        One row per fact: the record with its bounds, the median of the replications (the mean, for a yes or no), the
        ends of the band that holds 90 % of them, whether the median is `inside` the bounds and whether the band `meets`
        them, in how many replications the fact is defined, unit, grade, use, and what it is about.
        """
        from pandas import DataFrame

        simulated = DataFrame(list(replications))
        return DataFrame.from_dict(
            {str(name): self._row(str(name), values.dropna()) for name, values in simulated.items()}, orient="index"
        ).rename_axis("fact")

    def _row(self, name: str, values: Any) -> dict[str, Any]:
        fact, by_run = self.facts[name], self.statistics[name].by_run
        low, high = fact.bounds
        middle = float(values.median() if by_run else values.mean())
        tail = (1.0 - BAND) / 2.0
        ends = [float(_quantile(values, part)) if by_run else middle for part in (tail, 1.0 - tail)]
        return {
            "record": fact.value, "low": low, "high": high, "median": middle, "band_low": ends[0], "band_high": ends[1],
            "inside": fact.agrees(middle), "meets": ends[0] <= high and ends[1] >= low, "defined": len(values),
            "unit": fact.unit, "grade": fact.grade, "use": fact.use, "about": fact.about,
        }  # fmt: skip


def read_evidence(path: str | PathLike[str], scenario: Scenario | None = None) -> Evidence:
    """The evidence in a YAML file. Raises ScenarioError with everything that is wrong in it, and where.

    With a scenario, names of exchanges, segments and offices must be among its own.
    """
    root = read_file(fspath(path))
    file, problems = validated(EvidenceFile, root)
    if file is None:
        raise ScenarioError(problems)
    found = list(_statistics(root, file))
    problems = [each for _, _, wrong in found for each in wrong]
    problems += [*_unknown(root, file, scenario), *_twice(root, file)]
    if problems:
        raise ScenarioError(problems)
    statistics = {name: statistic for name, statistic, _ in found if statistic is not None}
    return Evidence({fact.id: fact for fact in file.facts}, file.series, statistics, File(path).parent)


def _statistics(root: Node, file: EvidenceFile) -> Iterator[tuple[str, Statistic | None, list[Problem]]]:
    """The statistic of each fact that has one, with what is wrong with it."""
    for index, fact in enumerate(file.facts):
        at = ("facts", index)
        if fact.statistic is None:
            continue
        if fact.statistic not in STATISTICS:
            said = f"no statistic called {show(fact.statistic)}{did_you_mean(fact.statistic, STATISTICS)}"
            yield fact.id, None, [problem(root, (*at, "statistic"), said, "value")]
            continue
        item = root.entries["facts"].items[index]
        node = item.child("arguments") or Node({}, item.position)
        statistic, problems = validated(STATISTICS[fact.statistic], node)
        prefix = f"facts.{fact.id}.arguments"
        yield fact.id, statistic, [replace(each, path=f"{prefix}.{each.path}".rstrip(".")) for each in problems]


def _twice(root: Node, file: EvidenceFile) -> Iterator[Problem]:
    seen = set()
    for index, fact in enumerate(file.facts):
        if fact.id in seen:
            yield problem(root, ("facts", index, "id"), f"{fact.id} comes twice", "value")
        seen.add(fact.id)


def _unknown(root: Node, file: EvidenceFile, scenario: Scenario | None) -> Iterator[Problem]:
    """Names of series that the file does not have, and of exchanges, segments and offices that a scenario has not."""
    known: dict[str, Iterable[str]] = {"series": list(file.series)}
    if scenario is not None:
        members = [name for each in scenario.exchanges if each.group for name in member_ids(each.group, each.count)]
        known["exchange"] = [*(name for each in scenario.exchanges if (name := each.id or each.group)), *members]
        known["segment"] = ["focal", "foreign", *(each.id for each in scenario.segments)]
        known["office"] = [each.id for each in scenario.offices]
    series = root.entries["series"].entries if file.series else {}
    blocks: list[Path] = [("series", name, index) for name, parts in series.items() for index, _ in parts.parts]
    blocks += [("facts", index, "arguments") for index in range(len(file.facts))]
    for block in blocks:
        for key, entry in follow(root, block)[0].entries.items():
            what = _NAMING.get(key)
            if what not in known:
                continue
            for at, item in ((), entry), *(((index,), item) for index, item in enumerate(entry.items)):
                if isinstance(item.value, str) and item.value not in known[what]:
                    said = f"no {what} called {show(item.value)}{did_you_mean(item.value, known[what])}"
                    yield problem(root, (*block, key, *at), said, "value")


def _quantile(values: Any, part: float) -> float:
    """As NumPy has it, but sound where values are infinite."""
    return float(values.quantile(part, interpolation="nearest")) if len(values) else math.nan
