"""Measures by name in the results of jobs: those of the model, facts, and those that users added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.clock import days_from
from sim.engine.result import record_times
from sim.evidence.facts import Evidence
from sim.model.outcomes.measures import measures_of
from sim.model.outcomes.tally import EVERY
from sim.results.own_measures import OWN, paths_in, read_own
from sim.scenario.scenario import Scenario
from sim.study.fact_names import fact_names
from sim.study.jobs.measure_table import MeasureTable
from sim.study.jobs.plan import recorded_indices
from sim.suggest import check_known
from sim.world.arrays import Floats


@dataclass(frozen=True)
class MeasureReader:
    """Reads measures of these `names` off results of jobs, whose columns are the `stored` ones.

    Those that users added are read off paths, and so jobs need `records`: indices of the records whose paths are kept,
    none if there is no such measure. `day` are the days of these.
    """

    names: tuple[str, ...]
    stored: tuple[str, ...]
    records: tuple[int, ...]
    day: Floats

    def values(self, measures: Floats | MeasureTable, paths: object) -> Floats:
        """The measures (n, len(names)) of n replications, from their columns (n, M) and paths (n, T, 4)."""
        shares = paths_in(self.day, np.asarray(paths)) if self.records else None
        columns = [
            measures[:, self.stored.index(name)] if shares is None or name in self.stored else read_own(name, shares)
            for name in self.names
        ]
        return np.column_stack(columns)


def measure_names(scenario: Scenario, evidence: Evidence | None = None) -> tuple[str, ...]:
    """Names of all measures that runs of a scenario have: of the model, facts of evidence, and those users added."""
    return tuple(dict.fromkeys([*stored_names(scenario, evidence), *OWN]))


def stored_names(scenario: Scenario, evidence: Evidence | None = None) -> tuple[str, ...]:
    """Names of the measures that jobs return, in the order of their columns."""
    return (*measures_of(scenario), *(() if evidence is None else fact_names(evidence)))


def measure_reader(scenario: Scenario, names: Sequence[str], evidence: Evidence | None = None) -> MeasureReader:
    """What reads these measures. Raises ValueError, with what was probably meant, for an unknown one."""
    known, stored = measure_names(scenario, evidence), stored_names(scenario, evidence)
    for name in names:
        check_known(name, known, "measure")
    day = record_times(days_from(scenario.start, scenario.end), EVERY)
    records = recorded_indices(len(day), not set(names) <= set(stored))
    return MeasureReader(tuple(names), stored, records, day[list(records)])
