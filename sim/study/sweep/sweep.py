"""Compare policies at many points of the parameter space; of each point, only the estimates are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pandas import Categorical, DataFrame, RangeIndex

from sim.arguments import whole
from sim.atomic_write import write_whole
from sim.engine import Engine, batch_simulator
from sim.evidence.facts import Evidence
from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario, check_paths
from sim.study.call_arguments import check_scenario, evidence_in
from sim.study.compare import Policies, chosen_policies, compare
from sim.study.drawn_from import DrawnFrom, drawn_at, drawn_from
from sim.study.fact_names import FACT
from sim.study.jobs.measure_reader import measure_reader, stored_names
from sim.study.jobs.worker_pool import Workers, shared_workers
from sim.study.statistics.parameter_draws import interval_scope
from sim.study.study import Study
from sim.study.sweep.design import Over, points_of
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from sim.plot.figure_table import SweepPlots

COLUMNS = ("mean", "low", "high", "n", "difference", "difference_low", "difference_high", "pairs")
"""The estimates of a measure: its mean with interval and n, and its paired difference to the baseline likewise."""
DRAW_COLUMNS = ("draws_low", "draws_high")
"""If parameters were drawn, also where the middle 95 % of the draws have the difference."""


@dataclass(frozen=True)
class PointFailure:
    """What failed at a point: its scenario (then policy is "" and replication -1), or one replication."""

    point: int
    policy: str
    replication: int
    stage: str
    error: str


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """Policies compared at many points of the parameters; `sim.sweep` makes it.

    `points`: the values by path at each point; the first is point 1. `estimates` (points, policies, measures, C): the
    last axis as in `columns`, NaN at points that failed. `draws`: how many draws of the other parameters there are at
    each point, the same at all, and whether they come `from_record`, out of a posterior.
    """

    scenario: Scenario
    seed: int
    engine: str
    replications: int
    confidence: float
    points: tuple[Mapping[str, object], ...]
    policies: tuple[str, ...]
    measures: tuple[str, ...]
    estimates: Floats
    failed: tuple[PointFailure, ...] = ()
    draws: int | None = None
    from_record: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names along the last axis of `estimates`."""
        return COLUMNS if self.draws is None else (*COLUMNS, *DRAW_COLUMNS)

    @property
    def interval_scope(self) -> str:
        """What the intervals cover, and how to see the rest."""
        others = len(self.scenario.uncertainties.keys() - self.points[0].keys())
        used = None if self.draws is None else min(self.draws, self.replications)
        return interval_scope(others, used, self.from_record, values="the values of each point")

    def table(self) -> DataFrame:
        """One row per point, policy and measure: point, the parameters by path, policy, measure, and `columns`.

        `n` and `pairs` are the replications, or draws, in which the measure, and the difference, are defined.
        """
        per_point = len(self.policies) * len(self.measures)
        rows = len(self.points) * per_point
        table = DataFrame({"point": np.repeat(np.arange(1, len(self.points) + 1), per_point)})
        for path in self.points[0]:
            table[path] = np.repeat(np.array([point[path] for point in self.points]), per_point)
        row = np.arange(rows)
        policy, measure = row // len(self.measures) % len(self.policies), row % len(self.measures)
        table["policy"] = Categorical(np.array(self.policies)[policy], categories=list(self.policies))
        table["measure"] = Categorical(np.array(self.measures)[measure], categories=list(self.measures))
        values = self.estimates.reshape(rows, len(self.columns))
        for column, name in enumerate(self.columns):
            table[name] = values[:, column].astype(int) if name in ("n", "pairs") else values[:, column]
        return table

    @property
    def plot(self) -> SweepPlots:
        """Figures of this sweep: `sweep.plot.response("leakage", PATH)` and others."""
        plots: SweepPlots = fetch(CONVENIENCES["Sweep.plot"])(self)
        return plots

    def failures(self) -> DataFrame:
        """What failed: point, policy, replication, stage (`scenario`: the values are not valid together), error."""
        columns = list(PointFailure.__dataclass_fields__)
        return DataFrame([vars(failure) for failure in self.failed], columns=columns)

    def __repr__(self) -> str:
        failed = f", {counted(len({f.point for f in self.failed}), 'point')} with failures" if self.failed else ""
        return (
            f"Sweep of {self.scenario.name}: {counted(len(self.points), 'point')} of {', '.join(self.points[0])}; "
            f"{counted(len(self.policies), 'policy', 'policies')}, {counted(self.replications, 'replication')} each, "
            f"seed {self.seed}{failed}"
        )


def sweep(
    scenario: Scenario,
    over: Over = None,
    policies: Policies = None,
    replications: int = 20,
    *,
    points: int | None = None,
    measures: Sequence[str] | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    evidence: Evidence | str | PathLike[str] | None = None,
    draws: DrawnFrom = None,
) -> Sweep:
    """Compare policies at many points of the parameters.

        sim.sweep(china, {"demand.onramp": [0.5, 1, 2], "decisions.horizon": ["90 d", "365 d"]}, ["payments_first"])
        sim.sweep(china, {"demand.onramp": "0.5..3"}, points=50)

    `over`: by path the values, or a range `low..high` in the units of the file; or only paths, whose ranges stand under
    `uncertainties` (None: all of these). Without `points`, every combination of the values; with them, so many points
    of a Latin hypercube over values and ranges. All points share their random numbers. `measures`: those to keep
    (default: all that are not part of another). `policies`, `replications`, `executor` and `engine` as in `compare`.
    `store`: a folder that gets `points.csv` and a study per point, `point-0001` and so on. `evidence`, as in `check`:
    its facts are measures too, such as `fact:okex-share`.

    `draws`, as in `compare`, lets what else is uncertain vary at every point, in the same draws at all: those of
    `uncertainties` that are not swept over, or a posterior of other parameters. One of what is swept over is refused.

    A point at which the values are not valid together is a failure, and the others go on. Raises ValueError for what
    cannot be swept, ScenarioError for a path that leads nowhere.
    """
    check_scenario(scenario, points=points, replications=replications, seed=seed)
    facts = evidence_in(evidence, scenario)
    whole("replications", replications, 1)
    scenario, chosen = chosen_policies(scenario, policies)
    reader = measure_reader(scenario, _measures(scenario, measures, facts), facts)
    count, posterior = drawn_from(scenario, draws)
    design = points_of(scenario, over, points, seed)
    check_paths(scenario, design[0])
    if count is not None:
        drawn_at(scenario, design[0], posterior)  # what cannot be drawn is told before anything is simulated
    name, _ = batch_simulator(engine)
    columns = COLUMNS if count is None else (*COLUMNS, *DRAW_COLUMNS)
    folder = None if store is None else _prepare_folder(Path(store), design)
    estimates = np.full((len(design), len(chosen), len(reader.names), len(columns)), np.nan)
    estimates[..., [COLUMNS.index("n"), COLUMNS.index("pairs")]] = 0.0
    failed: list[PointFailure] = []
    with shared_workers(executor, name) as workers:
        for index, values in enumerate(design):
            point = index + 1
            try:
                varied = scenario.with_values(values)
            except ScenarioError as error:
                failed.append(PointFailure(point, "", -1, "scenario", str(error)))
                continue
            own = None
            if count is not None:
                varied, own = drawn_at(varied, values, posterior)
            study = compare(
                varied, chosen, replications, seed=seed, executor=workers, engine=engine, paths=bool(reader.records),
                store=folder and folder / f"point-{point:04d}", evidence=facts, draws=own or count,
            )  # fmt: skip
            estimates[index] = _estimates(study, reader.names, confidence)
            failed += [PointFailure(point, f.policy, f.replication, f.stage, f.error) for f in study.failed]
    return Sweep(
        scenario, seed, name, replications, confidence, tuple(design), chosen, reader.names, estimates, tuple(failed),
        count, posterior is not None,
    )  # fmt: skip


def _measures(scenario: Scenario, measures: Sequence[str] | None, evidence: Evidence | None) -> tuple[str, ...]:
    """The measures to keep: those named, by default all facts and what does not break down another measure."""
    if measures is None:
        return tuple(name for name in stored_names(scenario, evidence) if ":" not in name or name.startswith(FACT))
    return (measures,) if isinstance(measures, str) else tuple(measures)


def _estimates(study: Study, measures: Sequence[str], confidence: float) -> Floats:
    """(policies, measures, C), columns as in `Sweep.columns`."""

    def estimates(measure: str, policy: str) -> list[float]:
        level, paired = study.level(measure, policy, confidence), study.paired(measure, policy, confidence=confidence)
        values = [value for found in (level, paired) for value in (found.mean, found.low, found.high, found.n)]
        return values if study.draws is None else [*values, *study.draw_range(measure, policy)]

    return np.array([[estimates(measure, policy) for measure in measures] for policy in study.policies])


def _prepare_folder(folder: Path, design: Sequence[Mapping[str, object]]) -> Path:
    """Write the values of each point to `points.csv` in the folder. Raises ValueError if it holds other points."""
    text = DataFrame(design, index=RangeIndex(1, len(design) + 1, name="point")).to_csv()
    file = folder / "points.csv"
    if file.exists():
        if file.read_text(encoding="utf-8") != text:
            raise ValueError(f"{folder} holds a sweep over other points; choose another folder")
    else:
        write_whole(file, text)
    return folder
