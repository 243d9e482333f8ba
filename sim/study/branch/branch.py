"""One past, many futures: a history goes on under other policies.

Draws have addresses, so the future of a history is a run of its own under a policy that was the same until the branch.
The run is made from the first day, and what it did before the branch is compared with the history, bit for bit.

There are no replications of the future of one past. A draw belongs to (seed, replication) for the whole run: what an
exchange likes, how careful it is and which errors it keeps are drawn once and looked up again at each decision. Other
draws after the branch would give exchanges other characters than those that made the past. What can be said over many
replications is how futures differ when each replication has its own past: `sim.compare(scenario, sim.futures(...))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import days_from
from sim.study.branch.futures import Future, futures, moment_in

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import Dataset

    from sim.engine import Engine
    from sim.results.run import Run

AS_IT_WAS = "as it was"
"""The future under the policy of the past."""


@dataclass(frozen=True, eq=False, repr=False)
class Branches(Mapping[str, "Run"]):
    """Full runs by name that are one history until `at`; `as it was` is the one under the policy of the past."""

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

    def table(self) -> DataFrame:
        """The summary measures, one row each, and one column per future. NaN where one is not defined."""
        from pandas import DataFrame

        return DataFrame({name: dict(run.measures) for name, run in self.runs.items()}).rename_axis("measure")


def branch(
    history: Run,
    policies: Mapping[str, Future] | None = None,
    at: str | date | None = None,
    engine: Engine = "auto",
) -> Branches:
    """See `sim.branch`."""
    from sim.results.simulate import simulate

    engine = "compiled" if engine == "auto" else engine
    moment = _branch_date(history, at)
    scenario = history.scenario
    joined = futures(scenario, policies or {}, moment, history.policy)
    if AS_IT_WAS not in joined:
        joined = {AS_IT_WAS: scenario.policies[history.policy], **joined}
    scenario = scenario.with_policies(joined)
    runs = {}
    for name in joined:
        runs[name] = simulate(scenario, name, history.seed, history.replication, None, engine)
        _check_past(history, runs[name], name, moment)
    return Branches(moment, runs)


def _branch_date(history: Run, at: str | date | None) -> datetime:
    if at is None and history.until is None:
        raise ValueError("this history goes to the end of the scenario; say where it branches, at='2017-09-03'")
    moment = moment_in(history.scenario, history.until if at is None else at)  # type: ignore[arg-type]
    if history.until is not None and moment.date() > history.until:
        raise ValueError(f"the history ends on {history.until}, before the branch on {moment:%Y-%m-%d}")
    return moment


def _check_past(history: Run, run: Run, name: str, at: datetime) -> None:
    """Raise RuntimeError unless the run did, before the branch, what the history did."""
    day = days_from(history.scenario.start, at)
    for what in ("journal", "decisions", "options"):
        if not _rows(history, what, day).equals(_rows(run, what, day)):
            raise RuntimeError(_differs(name, what, at))
    for what in _differing(history.data, run.data, day):
        raise RuntimeError(_differs(name, what, at))


def _differs(name: str, what: str, at: datetime) -> str:
    return (
        f"{name}: {what} before {at:%Y-%m-%d} is not that of the history, which was perhaps made by another version, "
        "from another scenario, or changed since"
    )


def _rows(run: Run, what: str, day: float) -> DataFrame:
    """The rows of a table that tell of the time before a day."""
    decisions = run.decisions[run.decisions["day"] < day]
    if what == "options":
        return run.options[run.options["decision"].isin(decisions["decision"])].reset_index(drop=True)
    table: DataFrame = getattr(run, what)
    return table[table["day"] < day].reset_index(drop=True)


def _differing(past: Dataset, data: Dataset, day: float) -> Iterator[str]:
    """Names of series that differ before a day. Of levers and interventions, those that both have are compared."""
    for name in past.data_vars:
        a, b = past[name], data[name]
        for dim in ("lever", "intervention"):
            if dim in a.dims:
                both = [str(x) for x in a[dim].values if x in set(b[dim].values)]
                a, b = a.sel({dim: both}), b.sel({dim: both})
        if not np.array_equal(_until(a, day), _until(b, day), equal_nan=a.dtype.kind == "f"):
            yield str(name)


def _until(series: Any, day: float) -> Any:
    return series.values[series["day"].values < day]
