"""Replications at many points of the parameters: simulated, or read from the folder that keeps points that are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sim.evidence.fact_reader import FactReader
from sim.model.outcomes.tally import EVERY
from sim.scenario.errors import ScenarioError
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.job import Job, JobResult
from sim.study.jobs.worker_pool import Workers, worker_pool
from sim.study.store.point_files import PointFiles
from sim.world.arrays import Floats, World

_POINTS_PER_FILE = 64
_MOST_PER_JOB = 256

Errors = dict[tuple[int, int, int], str]
"""What went wrong in a replication, by the numbers of its point, its policy and itself."""


@dataclass(frozen=True)
class PointJobs:
    """How points are simulated, and what is kept of them.

    `worlds` makes the world of each policy at a point, and raises ScenarioError or ValueError for values that are not
    valid together. `first_of` is the number of the first replication of a point. `read` gives what is kept of the
    replications of a result, (n, M). `records` and `reader` are those of each `Job`.
    """

    engine: str
    seed: int
    until: float
    worlds: Callable[[int], Iterable[World]]
    first_of: Callable[[int], int]
    read: Callable[[JobResult], Floats]
    records: tuple[int, ...] = ()
    reader: FactReader | None = None

    def of(self, points: range, replications: int, invalid: dict[int, str]) -> Iterator[Job]:
        """The jobs of some points, each made when it is asked for; points that are none go to `invalid`."""
        for p in points:
            try:
                worlds = self.worlds(p)
            except (ScenarioError, ValueError) as error:
                invalid[p] = str(error)
                continue
            for k, world in enumerate(worlds):
                for r in range(0, replications, _MOST_PER_JOB):
                    yield Job(
                        f"{p} {k}", world, self.engine, self.seed, self.first_of(p) + r,
                        min(_MOST_PER_JOB, replications - r), self.until, EVERY, self.records, reader=self.reader,
                    )  # fmt: skip


def fill_points(
    jobs: PointJobs, values: Floats, executor: Workers, folder: Path | None, watch: Watcher | None
) -> tuple[dict[int, str], Errors]:
    """Fill `values` (points, policies, replications, M), and say which points are not valid and what failed.

    With a `folder`, points that it keeps are not simulated, and the others are kept there.
    """
    points, policies, replications, _ = values.shape
    invalid: dict[int, str] = {}
    failed: Errors = {}
    files = PointFiles(folder, values, invalid)
    size = max(points, 1) if folder is None else _POINTS_PER_FILE
    simulated = stored = 0

    def tell() -> None:
        if watch is not None:
            watch(Progress(simulated, stored, (points - len(invalid)) * policies * replications))

    with worker_pool(executor, jobs.engine) as run_jobs:
        for start in range(0, points, size):
            chunk = range(start, min(start + size, points))
            if files.restore(chunk):
                stored += sum(p not in invalid for p in chunk) * policies * replications
                tell()
                continue
            with closing(run_jobs(jobs.of(chunk, replications, invalid))) as results:
                for result in results:
                    p, k = map(int, result.policy.split())
                    begin = jobs.first_of(p)
                    values[p, k, result.first - begin : result.last - begin] = jobs.read(result)
                    failed |= {(p, k, each.replication - begin): each.error for each in result.failures}
                    simulated += len(result.measures)
                    tell()
            files.keep(chunk, (p for p, _, _ in failed))
    return invalid, failed
