"""Facts: what the record of an episode says, the statistic that reads it off a run, and how runs compare with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from os import PathLike, fspath
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.clock import DAY
from sim.evidence.checks import recorded_columns, said_twice, statistics_of, unknown_names, wrong_windows
from sim.evidence.episode import Episode
from sim.evidence.evidence_file import EvidenceFile, Fact, Forecast
from sim.evidence.run_episode import RunEpisode
from sim.evidence.series import Column, Recorded, SeriesTable
from sim.evidence.statistics import Statistic
from sim.scenario.document.validation import validated
from sim.scenario.document.yaml_tree import read_file
from sim.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.results.run import Run
    from sim.scenario.scenario import Scenario

BAND = 0.9
"""Part of the replications within the band of a table."""


@dataclass(frozen=True)
class Evidence:
    """The record of an episode: facts by id in the order of the file, and how those with a statistic are read.

    Beside them the series that are forecast, and how a month of each is read.
    """

    facts: Mapping[str, Fact]
    series: SeriesTable
    statistics: Mapping[str, Statistic]
    forecasts: Mapping[str, Forecast]
    monthly: Mapping[str, Statistic]

    @property
    def compared(self) -> Mapping[str, Fact]:
        """The facts that have a statistic."""
        return {name: self.facts[name] for name in self.statistics}

    def with_months(self, until: date) -> Evidence:
        """With a fact more, of use `validate`, for each month that is forecast: `forecast-2018-01` and so on.

        Of a month that is not over when runs end, the days before.
        """
        facts, statistics = dict(self.facts), dict(self.statistics)
        for name, forecast in self.forecasts.items():
            for month in forecast.months_of(forecast.months):
                id_ = f"{name}-{month[0]:%Y-%m}"
                facts[id_] = Fact(
                    id=id_, about=forecast.about, window=(month[0], min(month[1], until - DAY)), unit="", grade="A",
                    use="validate", value=self.series.columns[forecast.record].mean(month),
                    source=forecast.source,
                )  # fmt: skip
                statistics[id_] = self.monthly[name]
        return replace(self, facts=facts, statistics=statistics)

    def values(self, episode: Episode) -> NDArray[np.float64]:
        """What replications say to each fact that has a statistic, (R, facts).

        NaN where they do not reach its days, have nothing to read, or something comes from nothing.
        """
        undefined = np.full(episode.replications, np.nan)
        rows = [
            statistic.read(episode, self.facts[name].window) if episode.covers(self.facts[name].last_day) else undefined
            for name, statistic in self.statistics.items()
        ]
        values = np.stack(rows, axis=1) if rows else np.zeros((episode.replications, 0))
        return np.where(np.isfinite(values), values, np.nan)

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
        # Between values nothing is interpolated, which is sound where some of them are infinite.
        band = values.quantile([tail, 1.0 - tail], interpolation="nearest").tolist() if by_run else [middle, middle]
        return {
            "record": fact.value, "low": low, "high": high, "median": middle, "band_low": band[0], "band_high": band[1],
            "inside": fact.agrees(middle), "meets": band[0] <= high and band[1] >= low, "defined": len(values),
            "unit": fact.unit, "grade": fact.grade, "use": fact.use, "about": fact.about,
        }  # fmt: skip


def read_evidence(path: str | PathLike[str], scenario: Scenario | None = None) -> Evidence:
    """The evidence in a YAML file. Raises ScenarioError with everything that is wrong in it, and where.

    With a scenario, names of exchanges, segments and offices must be among its own, and what is read of a run within
    its days.
    """
    root = read_file(fspath(path))
    file, problems = validated(EvidenceFile, root)
    if file is None:
        raise ScenarioError(problems)
    columns, wrong_files = recorded_columns(root, file, File(path).parent)
    statistics, wrong_statistics = statistics_of(root, file)
    problems = [
        *wrong_files, *wrong_statistics, *unknown_names(root, file.series, scenario), *said_twice(root, file),
        *wrong_windows(root, file, statistics, scenario),
    ]  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return evidence_in(file, columns, statistics)


def evidence_in(
    file: EvidenceFile, columns: Mapping[Recorded, Column], statistics: Mapping[str, Statistic]
) -> Evidence:
    """The evidence in a file, with the columns of CSV files that it names, and the statistics of its items by id."""
    facts, forecasts = {fact.id: fact for fact in file.facts}, {each.id: each for each in file.forecasts}
    of_facts = {name: each for name, each in statistics.items() if name in facts}
    monthly = {name: each for name, each in statistics.items() if name in forecasts}
    return Evidence(facts, SeriesTable(file.series, columns), of_facts, forecasts, monthly)
