"""One history: what a policy did to the exchanges in one replication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import escape
from math import isnan
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import Dataset

    from sim.engine import Engine
    from sim.plot.figure_table import RunPlots
    from sim.results.frames import Rows
    from sim.scenario.scenario import Scenario
    from sim.study.branch.branch import Branches
    from sim.study.explain.explain import Explanation


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """One replication of one policy, with everything that was recorded. Immutable; `sim.run` makes it.

    `data` holds the time series (xarray), `journal` what happened, `decisions` every decision and `options`
    the options that were weighed in it (pandas; columns in `sim.results.journal_tables`). `until` is the date up to
    which the run went when that is before the end of the scenario. `environment` says where and with what the
    run was computed; it is filled in when a run is saved and kept when it is opened again. `stored` holds the
    measures read from a folder.
    """

    scenario: Scenario
    policy: str
    seed: int
    replication: int
    until: date | None
    data: Dataset
    journal: DataFrame
    decisions: DataFrame
    options: DataFrame
    engine: str = "reference"
    environment: Mapping[str, Any] = field(default_factory=dict)
    stored: Mapping[str, float] | None = None

    @cached_property
    def measures(self) -> Mapping[str, float]:
        """Summary measures by name (meanings in `table()`), computed once; NaN where one is not defined."""
        from sim.results.run_measures import measure

        return measure(self) if self.stored is None else dict(self.stored)

    @property
    def plot(self) -> RunPlots:
        """Figures of this run: `run.plot.shares()` and others."""
        plots: RunPlots = fetch(CONVENIENCES["Run.plot"])(self)
        return plots

    def explain(self, exchange: str, without: str | Iterable[str] = ()) -> Explanation:
        """Each decision of an exchange (id or name), why, and what would have flipped it at that moment.

        `without`: ids of interventions or rules without which the history is also run again, from its start. Raises
        ValueError for an exchange or id that the run does not have.
        """
        explanation: Explanation = fetch(CONVENIENCES["Run.explain"])(self, exchange, without)
        return explanation

    def idle_interventions(self) -> tuple[str, ...]:
        """Interventions and rules (ids) that changed no share and no exchange: the history is run again without each.

        Two that do the same are both named, since each could be left out alone.
        """
        idle: tuple[str, ...] = fetch(CONVENIENCES["Run.idle_interventions"])(self)
        return idle

    def branch(
        self, futures: Mapping[str, Any] | None = None, *, at: str | date | None = None, engine: Engine = "auto"
    ) -> Branches:
        """Full runs under other policies from the last day of this one on, or from `at` (see `sim.branch`)."""
        branches: Branches = fetch(CONVENIENCES["Run.branch"])(self, futures, at=at, engine=engine)
        return branches

    def own_measures(self) -> Mapping[str, float]:
        """The measures that were added with `sim.extensions.measure`, by name; no file of a run holds them."""
        from sim.results.own_measures import OWN, paths_of, read_own

        return {name: float(read_own(name, paths_of(self))[0]) for name in OWN}

    def table(self) -> DataFrame:
        """The summary measures, and those that were added, one row each.

        Columns: value, unit, meaning, why the value is undefined, if it is, and a remark. The remark says in words what
        a value outside of its usual bounds means, such as a leakage above 1.
        """
        from pandas import DataFrame

        from sim.model.outcomes.measures import describe, why_undefined
        from sim.results.measure_remarks import remark

        measures = {**self.measures, **self.own_measures()}
        described = {name: (value, describe(name)) for name, value in measures.items()}
        rows = {
            name: (value, what.unit, what.meaning, why_undefined(name) if isnan(value) else "", remark(name, value))
            for name, (value, what) in described.items()
        }
        frame = DataFrame.from_dict(rows, orient="index", columns=["value", "unit", "meaning", "undefined", "remark"])
        return frame.rename_axis("measure")

    def to_frame(self, rows: Rows = "date") -> DataFrame:
        """The time series as one table, for a spreadsheet or another program; `.to_csv(path)` writes it.

        One row per record, with columns date, domestic, otc, offshore and outside (shares of focal demand, which is
        that of the first day throughout; they sum to one), focal_volume and volume (per day), blocked_sites and
        agency_days (so far). With rows "exchange" one row per record, exchange and mode: date, exchange, name, mode,
        share (of focal demand), focal_volume, volume, status, strategy and host. What `data` holds besides is one table
        each, for instance `run.data["habit"].to_dataframe()`. Raises ValueError for other `rows`.
        """
        from sim.results.frames import run_frame

        return run_frame(self, rows)

    def save(self, folder: str | PathLike[str], overwrite: bool = False) -> Path:
        """Write the run to a folder, whole or not at all, and return the path.

        What the folder holds and what is raised when: see `sim.results.save.save`.
        """
        from sim.results.save import save

        return save(self, folder, overwrite=overwrite)

    def __repr__(self) -> str:
        title, facts = self._caption()
        return f"{title}\n{facts}"

    def _repr_html_(self) -> str:
        title, facts = self._caption()
        return f"<p><b>{escape(title)}</b><br>{escape(facts)}</p>"

    def _caption(self) -> tuple[str, str]:
        """Two lines for people: which run this is, and what is in it."""
        days = self.data["time"].values.astype("datetime64[D]")
        span = f"{days[0]} to {days[-1]}" if days.size else "nothing recorded"
        draws = f"seed {self.seed}, replication {self.replication}"
        title = f"Run of {self.scenario.name}, policy {self.policy}, {draws}"
        counts = (
            counted(self.data.sizes["exchange"], "exchange"),
            counted(self.data.sizes["segment"], "segment"),
            counted(len(self.journal), "journal entry", "journal entries"),
            counted(len(self.decisions), "decision"),
        )
        return title, ", ".join([span, *counts])
