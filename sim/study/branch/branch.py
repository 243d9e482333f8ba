"""One history up to a date, several futures after it, each under another policy.

Random draws have addresses. So the future of a history is a complete run under a policy that is the same until the
branch: it is simulated from the first day, and what it does before the branch must equal the history, bit for bit.

One past has no replications of its future: what is drawn once for an exchange is used in all its decisions, so other
draws after the branch would belong to other exchanges than those that made the past. To compare futures over many
replications, let each replication have its own past: `sim.compare(scenario, sim.futures(...))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.arguments import of_type
from sim.clock import days_from
from sim.engine import Engine
from sim.lazy_imports import CONVENIENCES, fetch
from sim.results.run import Run
from sim.results.simulate import simulate
from sim.study.branch.futures import Future, moment_in
from sim.study.branch.futures import futures as futures_of

if TYPE_CHECKING:
    from xarray import Dataset

    from sim.plot.figure_table import BranchesPlots

AS_IT_WAS = "as it was"
"""The future under the policy of the past."""


@dataclass(frozen=True, eq=False, repr=False)
class Branches(Mapping[str, Run]):
    """Complete runs by name that are one history until `at`; `as it was` is the one under the policy of the past."""

    at: datetime
    runs: Mapping[str, Run] = field(repr=False)

    def __getitem__(self, name: str) -> Run:
        return self.runs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def __repr__(self) -> str:
        run = next(iter(self.runs.values()))
        return (
            f"{len(self.runs)} futures of {run.scenario.name} from {self.at:%Y-%m-%d} on, seed {run.seed}, "
            f"replication {run.replication}\n{', '.join(self.runs)}"
        )

    @property
    def plot(self) -> BranchesPlots:
        """Figures of the futures: `branches.plot.futures("otc")`."""
        plots: BranchesPlots = fetch(CONVENIENCES["Branches.plot"])(self)
        return plots

    def table(self) -> DataFrame:
        """The measures, one row each, and one column per future; NaN where a measure is not defined."""
        return DataFrame({name: dict(run.measures) for name, run in self.runs.items()}).rename_axis("measure")


def branch(
    history: Run, futures: Mapping[str, Future] | None = None, *, at: str | date | None = None, engine: Engine = "auto"
) -> Branches:
    """One past, many futures: the history goes on from its last day (or from `at`) under other policies.

        history = sim.run(china, until="2017-09-10")
        sim.branch(history, {"no closures": {"drop": ["closure-shanghai", "closure-beijing"]}, "licences": licensing})

    A future is a policy, the name of one, or changes to the policy of the past as a scenario file writes them. Until
    the branch it must be what it was: only what begins on that date or later may differ, and what was announced may be
    lifted. `as it was`, the policy of the past itself, is always there. `engine` is as in `run`.

    Returns full runs by name. Each is bit for bit the history until the branch, which is checked, and the run that
    `sim.run` gives for its policy. For many replications, each with its own past, and for many plausible worlds:
    `compare(scenario, futures(...), draws="posterior")`. Raises ValueError, with interventions and dates, for a future
    that changes the past, and RuntimeError if a run does not repeat the history.
    """
    of_type("history", history, Run, "sim.run(scenario, until='2017-09-10')")
    moment = _branch_date(history, at)
    scenario = history.scenario
    branches = futures_of(scenario, futures or {}, moment, history.policy)
    if AS_IT_WAS not in branches:
        branches = {AS_IT_WAS: scenario.policies[history.policy], **branches}
    scenario = scenario.with_policies(branches)
    runs = {name: simulate(scenario, name, history.seed, history.replication, None, engine) for name in branches}
    for name, run in runs.items():
        _check_past(history, run, name, moment)
    return Branches(moment, runs)


def _branch_date(history: Run, at: str | date | None) -> datetime:
    if at is None and history.until is None:
        raise ValueError("this history goes to the end of the scenario; say where it branches, at='2017-09-03'")
    moment = moment_in(history.scenario, history.until if at is None else at)  # type: ignore[arg-type]
    if history.until is not None and moment.date() > history.until:
        raise ValueError(f"the history ends on {history.until}, before the branch on {moment:%Y-%m-%d}")
    return moment


def _check_past(history: Run, run: Run, name: str, at: datetime) -> None:
    """Raise RuntimeError unless the run equals the history before the branch."""
    day = days_from(history.scenario.start, at)
    for content in (*_differing_tables(history, run, day), *_differing_series(history.data, run.data, day)):
        raise RuntimeError(
            f"{name}: {content} before {at:%Y-%m-%d} differs from the history, which was perhaps made by another "
            "version, from another scenario, or changed since"
        )


def _differing_tables(history: Run, run: Run, day: float) -> Iterator[str]:
    for name in ("journal", "decisions", "options"):
        if not _rows_before(history, name, day).equals(_rows_before(run, name, day)):
            yield name


def _rows_before(run: Run, name: str, day: float) -> DataFrame:
    """The rows of a table of the run that belong to the time before a day."""
    if name == "options":
        rows = run.options["decision"].isin(run.decisions[run.decisions["day"] < day]["decision"])
    else:
        rows = getattr(run, name)["day"] < day
    table: DataFrame = getattr(run, name)[rows]
    return table.reset_index(drop=True)


def _differing_series(past: Dataset, data: Dataset, day: float) -> Iterator[str]:
    """Names of series that differ before a day; of levers and interventions, those that both have are compared."""
    for name in past.data_vars:
        a, b = past[name], data[name]
        for dim in {"lever", "intervention"} & set(a.dims):
            both = [x for x in a[dim].values if x in b[dim].values]
            a, b = a.sel({dim: both}), b.sel({dim: both})
        before = a.values[a["day"].values < day], b.values[b["day"].values < day]
        if not np.array_equal(*before, equal_nan=a.dtype.kind == "f"):
            yield str(name)
