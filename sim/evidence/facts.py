"""Facts: what the record of an episode says, the statistic that reads it off a run, and how runs compare with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from os import PathLike, fspath
from pathlib import Path as File
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from sim.evidence.checks import recorded_columns, said_twice, statistics_of, unknown_names
from sim.evidence.episode import Episode
from sim.evidence.run_episode import RunEpisode
from sim.evidence.series import Recorded, SeriesTable, Traded, Window
from sim.evidence.statistics import Statistic
from sim.scenario.document.validation import validated
from sim.scenario.document.yaml_tree import read_file
from sim.scenario.errors import ScenarioError
from sim.scenario.values.base import FileBlock, Id, Name

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.results.run import Run
    from sim.scenario.scenario import Scenario

BAND = 0.9
"""Part of the replications within the band of a table."""


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
    series: SeriesTable
    statistics: Mapping[str, Statistic]

    @property
    def compared(self) -> Mapping[str, Fact]:
        """The facts that have a statistic."""
        return {name: self.facts[name] for name in self.statistics}

    def values(self, episode: Episode) -> NDArray[np.float64]:
        """What replications say to each fact that has a statistic, (R, facts); NaN where they do not reach its days."""
        undefined = np.full(episode.replications, np.nan)
        rows = [
            statistic.read(episode, self.facts[name].window) if episode.covers(self.facts[name].last_day) else undefined
            for name, statistic in self.statistics.items()
        ]
        return np.stack(rows, axis=1) if rows else np.zeros((episode.replications, 0))

    def read(self, run: Run) -> dict[str, float]:
        """What a run says to each fact that has a statistic. Raises ValueError unless it has a record every day."""
        values = self.values(RunEpisode(run, self.series))[0]
        return dict(zip(self.statistics, values.tolist(), strict=True))

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
    columns, wrong_files = recorded_columns(root, file.series, File(path).parent)
    statistics, wrong_statistics = statistics_of(root, file.facts)
    problems = [
        *wrong_files,
        *wrong_statistics,
        *unknown_names(root, file.series, scenario),
        *said_twice(root, file.facts),
    ]
    if problems:
        raise ScenarioError(problems)
    return Evidence({fact.id: fact for fact in file.facts}, SeriesTable(file.series, columns), statistics)


def _quantile(values: Any, part: float) -> float:
    """As NumPy has it, but sound where values are infinite."""
    return float(values.quantile(part, interpolation="nearest")) if len(values) else math.nan
