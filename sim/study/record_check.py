"""Whether a scenario could have said what the record says, and which facts the interventions move at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pandas import DataFrame

from sim.engine import Engine
from sim.evidence.evidence_file import Fact, Forecast
from sim.evidence.facts import Evidence
from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted
from sim.scenario.fields import tree_of
from sim.scenario.policy.dates import begin
from sim.scenario.policy.interventions import Intervention, Rule
from sim.scenario.policy.policy import Policy, dates_of
from sim.scenario.scenario import Scenario
from sim.study.call_arguments import check_scenario, evidence_in
from sim.study.fact_values import FactValues, fact_values
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.worker_pool import Workers
from sim.study.point_worlds import Point
from sim.study.statistics.confidence_intervals import Array
from sim.study.statistics.parameter_draws import drawn_values
from sim.study.statistics.posterior import Posterior, posterior_file, posterior_of
from sim.study.statistics.predictions import HISTORIES, NARROW, Prediction
from sim.study.statistics.scores import crps, linear_trend, no_change
from sim.study.study import BASELINE
from sim.suggest import check_known

if TYPE_CHECKING:
    from sim.plot.figure_table import CheckPlots

DrawnPoints = Posterior | Literal["posterior", "ranges"] | None
"""From where parameters are drawn. None: the posterior beside the scenario, or its ranges where there is none."""
POWERLESS = 0.2
"""Power below which a fact is no evidence: twice that of a fact on which nothing depends."""


def evidence_beside(scenario: Path) -> Path:
    """Where the evidence of a scenario file is unless told: the file of the same name in the folder `evidence`."""
    return scenario.parent / "evidence" / scenario.with_suffix(".yaml").name


def evidence_of(scenario: Scenario) -> Path:
    """The evidence beside the file of a scenario. Raises ValueError if there is none."""
    tree = tree_of(scenario)
    beside = None if tree is None else evidence_beside(Path(tree.position.file))
    if beside is None or not beside.is_file():
        raise ValueError(f"no evidence is beside {scenario.name}; name its file")
    return beside


@dataclass(frozen=True)
class Without:
    """A policy less the interventions and rules (`ids`) that begin from a year on; all of them if that is None."""

    year: int | None
    ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the table calls it: `all`, or `2018 on`."""
        return "all" if self.year is None else f"{self.year} on"


@dataclass(frozen=True, eq=False, repr=False)
class RecordCheck:
    """A scenario beside its record; `sim.check` makes it.

    `parameters` says in words where the parameters of `values` come from. `histories` are more replications of some of
    these worlds. `less` are the same replications without some interventions, the first without all.
    """

    scenario: Scenario
    policy: str
    seed: int
    evidence: Evidence
    parameters: str
    values: FactValues
    histories: FactValues
    less: Mapping[Without, FactValues]

    @property
    def runs(self) -> int:
        """Number of replications, with all draws of the parameters."""
        return self.values.values[..., 0].size

    def prediction(self, fact: str, less: Without | None = None) -> Prediction:
        """What the record is predicted to say to a fact; `less`: without some interventions."""
        found = self.values if less is None else self.less[less]
        errors, lowest = self.evidence.facts[fact].errors, self.evidence.statistics[fact].lowest
        return Prediction(found.of(fact).ravel(), errors.both, lowest)

    def power(self, fact: str, less: Without) -> float:
        """How likely a record as predicted would speak against a world without some interventions, at a level of 10 %.

        A tenth if the fact does not depend on them.
        """
        return self.prediction(fact).share_outside(self.prediction(fact, less))

    def width(self, fact: str) -> float:
        """How wide the interval of a prediction is, as a multiple of nine tenths of what the record may be called."""
        return self.prediction(fact).width(self.evidence.facts[fact].errors.record)

    def known(self, fact: str) -> Prediction:
        """What the record would be predicted to say if the parameters were known: of chance and errors alone."""
        return self.prediction(fact).known(self.histories.of(fact))

    def width_known(self, fact: str) -> float:
        """How wide the interval would be if the parameters were known; no calibration makes it narrower."""
        return self.known(fact).width(self.evidence.facts[fact].errors.record)

    def width_errors(self, fact: str) -> float:
        """How wide it would be without chance too, of the errors of record and model alone."""
        errors = self.evidence.facts[fact].errors
        return errors.both / errors.record if errors.record > 0.0 else np.nan

    def table(self) -> DataFrame:
        """One row per fact: record and prediction.

        Columns: record with its bounds (low, high), unit, grade, use; median of the replications (the mean, for a yes
        or no), the ends of the 90 % interval of the prediction, its width as a multiple of the record's own, what would
        be left of it if the parameters were known (`width_known`) and without chance too (`width_errors`), whether the
        record is `inside`, in which part of the replications the fact is defined, the standard deviations of the
        replications (`spread`, of chance and parameters) and of the errors of record and model, and the power against a
        world without interventions (`power all`), and without those that begin from a year on (`power 2018 on`).
        """
        rows = {name: self._row(name, fact) for name, fact in self.evidence.compared.items()}
        return DataFrame.from_dict(rows, orient="index").rename_axis("fact")

    def _row(self, name: str, fact: Fact) -> dict[str, Any]:
        found, errors = self.prediction(name), fact.errors
        centre = found.median if self.evidence.statistics[name].by_run else found.mean
        return {
            "record": fact.value, "low": fact.bounds[0], "high": fact.bounds[1], "unit": fact.unit, "grade": fact.grade,
            "use": fact.use, "median": centre, "interval_low": found.interval[0], "interval_high": found.interval[1],
            "width": self.width(name), "width_known": self.width_known(name), "width_errors": self.width_errors(name),
            "inside": self.inside(name), "defined": found.defined, "spread": found.spread,
            "record_error": errors.record, "model_error": errors.model,
            **{f"power {less.name}": self.power(name, less) for less in self.less}, "about": fact.about,
        }  # fmt: skip

    def inside(self, fact: str) -> bool:
        """Whether the record lies within the interval of the prediction."""
        value = self.evidence.facts[fact].value
        return value is not None and self.prediction(fact).holds(value)

    @cached_property
    def held_out(self) -> tuple[str, ...]:
        """Facts that were kept aside."""
        return tuple(name for name, fact in self.evidence.compared.items() if fact.use == "validate")

    @cached_property
    def fitted(self) -> tuple[str, ...]:
        """Facts that parameters were chosen by."""
        return tuple(name for name in self.evidence.compared if name not in self.held_out)

    def forecasts(self) -> DataFrame:
        """One row per series that is forecast by month: scores by CRPS of the logarithm; the smaller the better.

        Columns: months, the score of the model (its replications are the ensemble), the mean distance of its median
        from the record (`median`), and the scores of `no_change` and `linear_trend`, two naive forecasts from the
        months known before. A naive forecast is a single value, whose score is its distance from the record.
        """
        rows = {name: self._score(forecast) for name, forecast in self.evidence.forecasts.items()}
        return DataFrame.from_dict(rows, orient="index").rename_axis("forecast")

    def months(self, forecast: str) -> tuple[Array, Array, Array]:
        """What is recorded of the months known (k,) and of those forecast (m,), and what runs say to these (n, m).

        Raises ValueError for an unknown forecast.
        """
        check_known(forecast, self.evidence.forecasts, "forecast")
        about = self.evidence.forecasts[forecast]
        column = self.evidence.series.columns[about.record]
        spans = (about.known, about.months)
        past, ahead = (np.array([column.mean(month) for month in about.months_of(days)]) for days in spans)
        ids = [name for name in self.values.facts if name.startswith(f"{forecast}-")]
        return past, ahead, np.stack([self.values.of(name).ravel() for name in ids], axis=1)

    def _score(self, forecast: Forecast) -> dict[str, float]:
        past, record, runs = self.months(forecast.id)
        with np.errstate(divide="ignore", invalid="ignore"):
            known, logs, ensemble = np.log(past), np.log(record), np.log(runs)
        forecasts = {
            "median": np.median(ensemble, axis=0), "no_change": no_change(known, len(logs)),
            "linear_trend": linear_trend(known, len(logs)),
        }  # fmt: skip
        model = float(np.mean([crps(ensemble[:, m], logs[m]) for m in range(len(logs))]))
        distances = {name: float(np.abs(values - logs).mean()) for name, values in forecasts.items()}
        return {"months": len(logs), "model": model, **distances}

    def words(self) -> list[str]:
        """What the check says, in sentences."""
        return [*self._troubles(), *self._covered(), *self._wide(), *self._moved(), *self._scored()]

    def _troubles(self) -> Iterator[str]:
        for what, found in (("draws are not valid", self.values.invalid), ("replications failed", self.values.failed)):
            if found:
                yield f"{len(found)} {what} and left out; the first: {next(iter(found.values()))}"

    def _covered(self) -> Iterator[str]:
        for kind, names in (("fitted", self.fitted), ("held out", self.held_out)):
            if names:
                inside = [name for name in names if self.inside(name)]
                narrow = len([name for name in inside if self.width(name) <= NARROW])
                yield (
                    f"The 90 % interval of the prediction holds {len(inside)} of {len(names)} facts {kind}; "
                    f"{narrow} of these intervals are at most twice as wide as the bounds of the record."
                )

    def _wide(self) -> Iterator[str]:
        wide = [name for name in self.evidence.compared if self.width(name) > NARROW]
        chance = [name for name in wide if self.width_known(name) > NARROW]
        if chance:
            yield (
                "Wider than twice the bounds by chance and errors alone, so whatever the record told of parameters: "
                f"{', '.join(chance)}."
            )
        if others := [name for name in wide if name not in chance]:
            yield f"Wider than twice the bounds by parameters that are not known: {', '.join(others)}."

    def _moved(self) -> Iterator[str]:
        known: list[str] | None = None
        for less in self.less:
            telling = [name for name in self.evidence.compared if self.power(name, less) >= POWERLESS]
            if telling != known:
                yield self._evidence_about(less, telling)
            known = telling

    def _evidence_about(self, less: Without, telling: Sequence[str]) -> str:
        which, count = "the interventions", counted(len(less.ids), "intervention")
        if less.year is not None:
            which = f"what begins in {less.year} or later ({count})"
        blind = [name for name in self.evidence.compared if name not in telling]
        if not telling:
            return f"No fact would come out otherwise without {which}: the record is no evidence about it."
        if not blind:
            return f"Every fact is evidence about {which}."
        if len(blind) <= len(telling):
            return f"No evidence about {which}, since they would come out much the same without: {', '.join(blind)}."
        held = len([name for name in blind if name in self.held_out])
        return (
            f"The only evidence about {which} is {', '.join(telling)}: {len(blind)} facts, among them {held} of the "
            f"{len(self.held_out)} held out, would come out much the same without."
        )

    def _scored(self) -> Iterator[str]:
        for name, row in self.forecasts().iterrows():
            beaten = [naive.replace("_", " ") for naive in ("no_change", "linear_trend") if row["model"] < row[naive]]
            verdict = f"better than {' and '.join(beaten)}" if beaten else "worse than both naive forecasts"
            yield (
                f"Forecast of {name}, {row['months']:.0f} months, CRPS of the logarithm: model {row['model']:.3f}, no "
                f"change {row['no_change']:.3f}, linear trend {row['linear_trend']:.3f}; {verdict}."
            )

    @property
    def plot(self) -> CheckPlots:
        """Figures of this check: `check.plot.record()` and `check.plot.forecast()`."""
        plots: CheckPlots = fetch(CONVENIENCES["RecordCheck.plot"])(self)
        return plots

    def __repr__(self) -> str:
        return f"Check of {self.scenario.name}, policy {self.policy}, seed {self.seed}\n" + "\n".join(self.words())


def check(
    scenario: Scenario,
    evidence: Evidence | str | PathLike[str] | None = None,
    policy: str = BASELINE,
    replications: int = 100,
    *,
    draws: DrawnPoints = None,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    watch: Watcher | None = None,
) -> RecordCheck:
    """Set a scenario beside the facts of its record: what it predicts, and which its interventions move at all.

        found = sim.check(sim.load("china_2017"), executor=2)
        found.table()       # record, prediction with its 90 % interval, inside or not, power
        found.forecasts()   # monthly series against two naive forecasts
        found.plot.record()

    `evidence`: an evidence file (`configs/evidence/README.md`), or what `sim.evidence.facts.read_evidence` made of one;
    None: the file of the scenario's name in the folder `evidence` beside it. `policy` is what happened. Each
    replication has a draw of its own of what is uncertain, so a prediction holds chance and parameters, and the errors
    of model and record that stand with each fact. `draws`: "ranges" of the file, its "posterior", or one that is handed
    in; None: the posterior beside the file, or the ranges where there is none. The same replications without the
    interventions give the **power** of a fact: how likely a record as predicted would speak against a world without
    them, at a level of 10 %. Ten replications in each of some of these worlds tell what would be left of an interval if
    the parameters were known (`width_known`). `executor` and `engine` are as in `compare`; `watch`
    is called with the progress whenever it changes.

    Raises ValueError for an unknown policy, for a posterior that is not the scenario's, and where no evidence is found,
    ScenarioError for what is wrong in its file.
    """
    check_scenario(scenario, replications=replications, seed=seed)
    record = evidence_in(evidence_of(scenario) if evidence is None else evidence, scenario)
    assert record is not None
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    points, parameters = _drawn(scenario, draws, seed, replications)
    each = 1 if len(points) > 1 else replications
    read = record.with_months(scenario.end.date())
    groups = groups_of(scenario, scenario.policies[policy])
    worlds = points[: max(1, len(points) // HISTORIES)]
    total, done = (1 + len(groups)) * len(points) * each, 0
    total += len(worlds) * HISTORIES if len(points) > 1 else 0

    def simulated(chosen: Sequence[Point], replications: int, without: tuple[str, ...] = ()) -> FactValues:
        nonlocal done

        def shifted(now: Progress, before: int = done) -> None:
            if watch is not None:
                watch(replace(now, simulated=before + now.simulated, total=total))

        found = fact_values(
            scenario, read, chosen, replications, seed, policy, executor, engine, shifted, without=without
        )  # fmt: skip
        done += len(chosen) * replications
        return found

    values = simulated(points, each)
    histories = simulated(worlds, HISTORIES) if len(points) > 1 else values
    less = {group: simulated(points, each, group.ids) for group in groups}
    return RecordCheck(scenario, policy, seed, record, parameters, values, histories, less)


def _drawn(scenario: Scenario, draws: DrawnPoints, seed: int, count: int) -> tuple[Sequence[Point], str]:
    """Values of what is uncertain, one for each replication, and where they come from in words.

    The file's own alone if nothing is. Raises ValueError for a posterior that is not that of the scenario.
    """
    beside = posterior_file(scenario)
    if draws == "posterior" or isinstance(draws, Posterior) or (draws is None and beside and beside.is_file()):
        rows = posterior_of(scenario, draws if isinstance(draws, Posterior) else None).rows
        return [rows[number % len(rows)] for number in range(count)], f"{len(rows):,} plausible worlds of the posterior"
    if not (uncertain := len(scenario.uncertainties)):
        return [{}], "the file's values"
    return [drawn_values(scenario, seed, draw) for draw in range(count)], f"{uncertain} ranges of the file"


def groups_of(scenario: Scenario, policy: Policy) -> list[Without]:
    """What is left out of a policy: everything, and what begins from each later calendar year on."""
    items: tuple[Intervention | Rule, ...] = (*policy.interventions, *policy.rules)
    years = {item.id: max(scenario.start, _begins(scenario, item)).year for item in items}
    later = sorted(set(years.values()))[1:]
    groups = [Without(year, tuple(name for name, begins in years.items() if begins >= year)) for year in later]
    return [Without(None, policy.ids), *groups] if items else []


def _begins(scenario: Scenario, item: Intervention | Rule) -> datetime:
    """When it begins; a rule when it starts to watch; the start of the scenario if nothing is said."""
    dates = dates_of(item)
    day = dates.get("starts", begin(dates))
    if day is None:
        return scenario.start
    return scenario.start + day if isinstance(day, timedelta) else day
