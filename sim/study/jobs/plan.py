"""How a study is cut into jobs: by the size of the world alone, never by the workers or the replications asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.evidence.fact_reader import FactReader
from sim.study.jobs.job import Job
from sim.study.statistics.parameter_draws import Draws
from sim.world.arrays import World

# Rough costs of a run; they decide the size of a job and nothing else.
_SECONDS_PER_RUN = 1e-4
_SECONDS_PER_CELL = 1e-8  # per venue, segment and record
_REFERENCE_SLOWDOWN = 100.0  # of the reference engine against the compiled one
_JOB_SECONDS = 1.0
_MOST_REPLICATIONS = 4096  # of a job
_MOST_REPLICATIONS_DRAWN = 64  # of a job in which each replication may have a world of its own
_MOST_REPLICATIONS_WITH_FACTS = 256  # of a job that records what facts need, 30 kB for each
_MOST_RECORDS = 120  # of a path that is kept


@dataclass(frozen=True)
class Plan:
    """What all jobs of a study share; `readers` by policy if facts are to be read."""

    worlds: Mapping[str, World]
    engine: str
    seed: int
    until: float
    every: float
    records: tuple[int, ...]
    draws: Draws | None = None
    readers: Mapping[str, FactReader] = field(default_factory=dict)

    def jobs(self, policy: str, first: int, last: int) -> Iterator[Job]:
        """The jobs that simulate replications `first` up to `last` of a policy.

        They end at multiples of `job_size`. So the jobs that fill a gap in a study are those that would have been run
        there without an interruption.
        """
        size = self.job_size(policy)
        while first < last:
            end = min(last, (first // size + 1) * size)
            drawn = self.draws.worlds(policy, first, end - first) if self.draws is not None else ()
            yield Job(
                policy, self.worlds[policy], self.engine, self.seed, first, end - first,
                self.until, self.every, self.records, drawn, self.readers.get(policy),
            )  # fmt: skip
            first = end

    def job_size(self, policy: str) -> int:
        """Replications of a whole job."""
        cells = self.worlds[policy].exchanges.taste.size * (self.until / self.every + 1.0)
        slowdown = _REFERENCE_SLOWDOWN if self.engine == "reference" else 1.0
        most = _MOST_REPLICATIONS if self.draws is None else _MOST_REPLICATIONS_DRAWN
        most = min(most, _MOST_REPLICATIONS_WITH_FACTS) if self.readers else most
        seconds_per_run = slowdown * (_SECONDS_PER_RUN + _SECONDS_PER_CELL * cells)
        return int(min(most, max(1.0, _JOB_SECONDS / seconds_per_run)))


def recorded_indices(records: int, paths: bool) -> tuple[int, ...]:
    """Indices of the records whose paths are kept: evenly spread from the first to the last; none without `paths`."""
    if not paths:
        return ()
    return tuple(np.unique(np.linspace(0, records - 1, min(records, _MOST_RECORDS)).round().astype(int)).tolist())
