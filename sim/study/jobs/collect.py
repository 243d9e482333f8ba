"""The results of a study while it runs: those that its store already has are not simulated again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from sim.study.jobs.job import Failure, Job, JobResult, joined_arrays
from sim.study.jobs.measure_reader import MeasureReader
from sim.study.jobs.measure_table import measure_tables
from sim.study.jobs.plan import Plan
from sim.study.jobs.worker_pool import RunJobs
from sim.study.precision import PrecisionReport
from sim.study.store.resumable_store import Store
from sim.study.study import Results
from sim.world.arrays import Floats

MOST_IN_MEMORY = 10_000
"""Replications of each policy whose measures are held in memory: 3 MB."""


@dataclass(frozen=True)
class Progress:
    """How far a study is: runs simulated now, runs that its store had, and runs needed so far in all.

    `precision` is the report of the last checkpoint.
    """

    simulated: int = 0
    stored: int = 0
    total: int = 0
    precision: tuple[PrecisionReport, ...] = ()


Watcher = Callable[[Progress], None]
"""Called with the progress of a study whenever it changes."""


class Collector:
    """The results of jobs by policy.

    So that memory does not grow with them, paths stay in the files of a store, and measures of more than
    `MOST_IN_MEMORY` replications go to a file too. `most` is how many there can be.
    """

    def __init__(
        self, plan: Plan, most: int, measures: int, store: Store | None = None, watch: Watcher | None = None
    ) -> None:
        self.plan, self.store, self.watch = plan, store, watch
        self.job_results: dict[str, list[JobResult]] = {policy: [] for policy in plan.worlds}
        self.tables = measure_tables(tuple(plan.worlds), most, measures) if most > MOST_IN_MEMORY else {}
        self.done = dict.fromkeys(plan.worlds, 0)
        self.progress = Progress()

    def extend(self, run_jobs: RunJobs, last: int) -> None:
        """Add the replications of every policy up to `last`, of all policies at the same pace."""
        jobs = heapq.merge(*[self._missing_jobs(policy, last) for policy in self.done], key=lambda job: job.first)
        if self.store is not None:
            for policy, first in self.done.items():
                for result in self.store.stored_results(policy, first, last):
                    self._keep(result)
                    self._report(stored=len(result.measures))
        self.done = {policy: max(first, last) for policy, first in self.done.items()}
        self._report(total=sum(self.done.values()) - self.progress.total)
        with closing(run_jobs(jobs)) as results:
            for result in results:
                if self.store is not None:
                    self.store.write(result)
                self._keep(result)
                self._report(simulated=len(result.measures))

    def report_precision(self, reports: tuple[PrecisionReport, ...]) -> None:
        """Pass the reports of a checkpoint to the watcher."""
        self.progress = replace(self.progress, precision=reports)
        self._report()

    def values(self, policy: str, reader: MeasureReader) -> Floats:
        """The measures that are asked for in the replications of a policy so far, (n, len(reader.names))."""
        results, n = self._ordered(policy), self.done[policy]
        stored = self.tables[policy].of(n) if self.tables else np.concatenate([each.measures for each in results])
        if not reader.records:
            return reader.values(stored, None)
        kept = self.store.paths(policy, n) if self.store is not None else None
        return reader.values(stored, np.concatenate([each.paths for each in results]) if kept is None else kept)

    def failures(self) -> tuple[Failure, ...]:
        """All failures, by policy and replication."""
        results = (result for policy in self.job_results for result in self._ordered(policy))
        return tuple(failure for result in results for failure in result.failures)

    def results(self, policy: str, rules: tuple[str, ...]) -> Results:
        """All results of a policy, which the collector no longer holds afterwards."""
        arrays = joined_arrays(self.job_results.pop(policy))
        if self.tables:
            arrays["measures"] = self.tables[policy].of(len(arrays["measures"]))
        if self.store is not None:
            arrays["paths"] = self.store.paths(policy, len(arrays["measures"]))
        return Results(**arrays, rules=rules)

    def _missing_jobs(self, policy: str, last: int) -> Iterator[Job]:
        """The jobs of a policy that are still to be run, each made when it is asked for."""
        first = self.done[policy]
        ranges = [(first, last)] if self.store is None else self.store.missing(policy, first, last)
        return (job for missing in ranges for job in self.plan.jobs(policy, *missing))

    def _ordered(self, policy: str) -> list[JobResult]:
        return sorted(self.job_results[policy], key=lambda result: result.first)

    def _keep(self, result: JobResult) -> None:
        if self.store is not None:
            result = replace(result, paths=result.paths[:, :0].copy())
        if self.tables:
            self.tables[result.policy].write(result.first, result.measures)
            result = replace(result, measures=result.measures[:, :0].copy())
        self.job_results[result.policy].append(result)

    def _report(self, **more: int) -> None:
        """Add runs to the progress and pass it on."""
        self.progress = replace(self.progress, **{name: getattr(self.progress, name) + n for name, n in more.items()})
        if self.watch is not None:
            self.watch(self.progress)
