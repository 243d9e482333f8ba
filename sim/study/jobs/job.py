"""A job: replications of one policy that follow one another. It travels to a worker as plain arrays."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.result import Batch
from sim.evidence.fact_reader import FactReader
from sim.world.arrays import Floats, World

Float32s = NDArray[np.float32]
"""An array in single precision."""
ARRAYS = ("measures", "paths", "fired")
"""Names of the arrays of a result, with one row per replication."""
WORKER_DIED = "worker"
"""Stage of a failure: the process ended while it simulated, which says nothing about the replication itself."""


@dataclass(frozen=True)
class Job:
    """Replications `first` up to `first + count` of a policy in a world, recorded every `every` days.

    `records` are the indices of the records whose path is kept, none if it is empty. If parameters are drawn, `drawn`
    has the world of each replication, and replications with the same draw share one object. With a `reader`, facts are
    read off each replication.
    """

    policy: str
    world: World
    engine: str
    seed: int
    first: int
    count: int
    until: float
    every: float
    records: tuple[int, ...]
    drawn: tuple[World, ...] = ()
    reader: FactReader | None = None

    @property
    def replications(self) -> range:
        """Numbers of the replications."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True)
class Failure:
    """A replication that could not be simulated: its measures are NaN, all others are valid.

    `stage` is `simulate` for an error of the model or `WORKER_DIED`, `details` the traceback.
    """

    policy: str
    replication: int
    stage: str
    error: str
    details: str = ""


@dataclass(frozen=True)
class JobResult:
    """What a job gave: measures (n, M), paths (n, T, 4), days on which rules fired (n, A, rungs), and failures.

    Behind the measures come the facts that were read, if any. Paths are stored in single precision, which is enough for
    fans and bands and takes half the memory.
    """

    policy: str
    first: int
    measures: Floats
    paths: Float32s
    fired: Floats
    failures: tuple[Failure, ...] = ()

    @property
    def last(self) -> int:
        """The replication after the last."""
        return self.first + len(self.measures)


def run_job(job: Job) -> JobResult:
    """Simulate the replications of a job. One that fails becomes a row of NaN and a `Failure`; the others go on."""
    try:
        return _job_result(job, _simulate(job, job.replications))
    except Exception:
        return _run_one_by_one(job)


def lost_job(job: Job, error: BaseException) -> JobResult:
    """The result of a job whose worker died: all its replications are failures."""
    failures = tuple(_failure(job, number, WORKER_DIED, error) for number in job.replications)
    return _job_result(job, _empty_batch(job), failures)


def joined_arrays(results: Sequence[JobResult]) -> dict[str, Any]:
    """The arrays of several results of one policy by name, in the order of the replications."""
    ordered = sorted(results, key=lambda result: result.first)
    return {name: np.concatenate([getattr(result, name) for result in ordered]) for name in ARRAYS}


def _simulate(job: Job, numbers: Sequence[int]) -> Batch:
    """Simulate some replications of a job, those that share a draw of the parameters together."""
    from sim.engine import batch_simulator

    _, simulate_batch = batch_simulator(job.engine)  # type: ignore[arg-type]
    options: dict[str, Any] = {"until": job.until, "every": job.every, "paths": bool(job.records)}
    options["monitor"] = None if job.reader is None else job.reader.monitor
    if not job.drawn:
        return simulate_batch(job.world, job.seed, numbers, **options)
    worlds = [job.drawn[number - job.first] for number in numbers]
    rows_by_world: dict[int, list[int]] = {}
    for row, world in enumerate(worlds):
        rows_by_world.setdefault(id(world), []).append(row)
    batch = _empty_batch(job, len(numbers))
    for rows in rows_by_world.values():
        same_draw = simulate_batch(worlds[rows[0]], job.seed, [numbers[row] for row in rows], **options)
        _copy_rows(batch, rows, same_draw)
    return batch


def _run_one_by_one(job: Job) -> JobResult:
    failures, batch = [], _empty_batch(job)
    for row, number in enumerate(job.replications):
        try:
            single = _simulate(job, [number])
        except Exception as error:
            failures.append(_failure(job, number, "simulate", error))
        else:
            _copy_rows(batch, [row], single)
    return _job_result(job, batch, tuple(failures))


def _job_result(job: Job, batch: Batch, failures: tuple[Failure, ...] = ()) -> JobResult:
    paths = batch.paths[:, list(job.records)].astype(np.float32)
    measures = batch.measures
    if job.reader is not None:
        measures = np.hstack([measures, job.reader.values(batch.monitored)])
    return JobResult(job.policy, job.first, measures, paths, batch.fired, failures)


def _failure(job: Job, number: int, stage: str, error: BaseException) -> Failure:
    details = "".join(traceback.format_exception(error))
    return Failure(job.policy, number, stage, f"{type(error).__name__}: {error}".rstrip(": "), details)


def _copy_rows(batch: Batch, rows: Sequence[int], source: Batch) -> None:
    for name in (*ARRAYS, "monitored"):
        getattr(batch, name)[rows] = getattr(source, name)


def _empty_batch(job: Job, count: int | None = None) -> Batch:
    """A batch of NaN, of `count` replications or all of the job."""
    from sim.engine.result import empty_batch, record_times

    return empty_batch(
        job.world,
        job.count if count is None else count,
        len(record_times(job.until, job.every)) if job.records else 0,
        0 if job.reader is None else len(job.reader.monitor.row),
    )
