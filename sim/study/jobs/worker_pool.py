"""Which worker runs which job: this process, a pool made here, or any executor of the caller's.

Each worker takes the next job when it is free, and only a few jobs are queued at a time. If a worker dies, its job is
run once more in a separate process. Worker processes import this package only, ignore Ctrl-C and end with their parent.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from multiprocessing.context import SpawnContext, SpawnProcess
from queue import SimpleQueue
from threading import Thread, current_thread, main_thread
from types import ModuleType
from typing import Any

from sim.study.jobs.job import Job, JobResult, lost_job, run_job

_JOBS_PER_WORKER = 2  # queued or running at a time
_ASSUMED_WORKERS = 64  # of an executor that does not say how many it has

Workers = Executor | int | None
"""None: this process. A number: so many threads for the compiled engine (it needs no interpreter), else processes.
Anything with `submit` as in `concurrent.futures`, such as Dask's `client.get_executor(pure=False)`; or the Dask client
itself."""

JobResults = Generator[JobResult, None, None]
"""Results one by one; closing the generator cancels the jobs that have not begun."""
RunJobs = Callable[[Iterable[Job]], JobResults]
"""Runs jobs and yields their results as they come, in any order."""

OnLostJob = Callable[[Job, Exception], None]
"""Called with a job that an executor did not finish, and why."""


@contextmanager
def worker_pool(workers: Workers, engine: str) -> Iterator[RunJobs]:
    """The workers, as a function that runs jobs.

    A pool that is made here ends with the block; an executor of the caller's is left open. Raises ValueError for a
    number of workers below one, TypeError for what is no executor.
    """
    with shared_workers(workers, engine) as executor:
        if executor is None:
            yield lambda jobs: (run_job(job) for job in jobs)
        elif hasattr(executor, "get_executor"):
            yield lambda jobs: _run_and_retry(executor.get_executor(pure=False), _worker_count(executor), jobs)
        elif hasattr(executor, "submit"):
            yield lambda jobs: _run_and_retry(executor, _worker_count(executor), jobs)
        else:
            raise TypeError(f"executor must be None, a number of workers or an executor, got {type(executor).__name__}")


@contextmanager
def shared_workers(workers: Workers, engine: str) -> Iterator[Workers]:
    """Workers that several worker pools use in turn: for a number, one executor, which ends with the block.

    Raises ValueError for a number below one.
    """
    if not isinstance(workers, int) or isinstance(workers, bool):
        yield workers
        return
    if workers < 1:
        raise ValueError(f"workers must be a number from 1 on, got {workers}")
    with ThreadPoolExecutor(workers) if engine == "compiled" else process_pool(workers) as executor:
        yield executor


def _worker_count(executor: Any) -> int:
    """How many workers an executor has, if it is Dask's or of the standard library; else enough to keep many busy."""
    client = getattr(executor, "_client", executor)
    if hasattr(client, "ncores"):
        return sum(client.ncores().values()) or _ASSUMED_WORKERS
    return int(getattr(executor, "_max_workers", 0) or _ASSUMED_WORKERS)


def _run_and_retry(executor: Any, worker_count: int, jobs: Iterable[Job]) -> JobResults:
    """Run jobs on an executor; run those that it loses once more, each in a process of its own.

    If the executor accepts no more jobs after a loss, the remaining ones go to new processes.
    """
    remaining, lost = iter(jobs), list[Job]()

    def on_lost_job(job: Job, error: Exception) -> None:
        if not lost:
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            warnings.warn(f"a job was lost and is run again on this machine ({reason})", RuntimeWarning, stacklevel=2)
        lost.append(job)

    if isinstance(executor, ProcessPoolExecutor):
        remaining = _prepared(remaining)
    yield from _submit_and_yield(executor, worker_count, run_job, remaining, on_lost_job)
    helpers = min(worker_count, os.cpu_count() or 1)
    with ThreadPoolExecutor(helpers) as threads:
        yield from _submit_and_yield(threads, helpers, _run_in_own_process, iter(lost), on_lost_job)
    if (job := next(remaining, None)) is not None:
        with process_pool(helpers) as pool:
            yield from _run_and_retry(pool, helpers, chain([job], remaining))


def _prepared(jobs: Iterator[Job]) -> Iterator[Job]:
    """The jobs; before the first is handed on, the model is compiled here, so that no process has to."""
    from sim.engine.compiled.entrances import prepare

    if (job := next(jobs, None)) is not None:
        prepare(job.world)
        yield job
        yield from jobs


def _submit_and_yield(
    executor: Any, worker_count: int, task: Callable[[Job], JobResult], jobs: Iterator[Job], on_lost_job: OnLostJob
) -> JobResults:
    """Keep the workers busy with few jobs queued, so that memory does not grow; at the end cancel what has not begun.

    After the executor has refused a job, the jobs that it was not offered are left in `jobs`.
    """
    pending: dict[Future[JobResult], Job] = {}
    done: SimpleQueue[Future[JobResult] | None] = SimpleQueue()
    most_pending, broken = _JOBS_PER_WORKER * worker_count, False
    interrupts = _Interrupts(done)
    try:
        while True:
            interrupts.check()
            while not broken and len(pending) < most_pending and (job := next(jobs, None)) is not None:
                try:
                    future = executor.submit(task, job)
                except Exception as error:
                    broken = True
                    on_lost_job(job, error)
                else:
                    pending[future] = job
                    future.add_done_callback(done.put)
            if not pending:
                break
            if (future := done.get()) is None:
                continue
            job = pending.pop(future)
            if (cause := _worker_error(future)) is None:
                yield future.result()
            else:
                on_lost_job(job, cause)
    finally:
        for future in pending:
            future.cancel()
        interrupts.end()
    interrupts.check()


class _Interrupts:
    """Ctrl-C, noticed between jobs only: raised at any other moment it could leave a lock of the pool taken for ever.

    It wakes the thread that waits for `done`. A second Ctrl-C is raised at once, as usual. Only the main thread
    receives any.
    """

    def __init__(self, done: SimpleQueue[Future[JobResult] | None]) -> None:
        self._done, self._received = done, False
        usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        self._listening = usual and current_thread() is main_thread()
        if self._listening:
            signal.signal(signal.SIGINT, self._on_interrupt)

    def _on_interrupt(self, *_: Any) -> None:
        self._received = True
        self.end()
        self._done.put(None)

    def check(self) -> None:
        """Raise KeyboardInterrupt if there was one."""
        if self._received:
            raise KeyboardInterrupt

    def end(self) -> None:
        """Leave the next one to Python."""
        if self._listening:
            self._listening = False
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _worker_error(future: Future[JobResult]) -> Exception | None:
    """Why a worker died, None if it did not: `run_job` never raises when a replication fails."""
    try:
        future.result()
    except Exception as error:
        return error
    return None


def _run_in_own_process(job: Job) -> JobResult:
    """Run a job in a process of its own, which may die without affecting other jobs."""
    try:
        with process_pool(1) as pool:
            return pool.submit(run_job, job).result()
    except Exception as error:
        return lost_job(job, error)


def process_pool(workers: int) -> ProcessPoolExecutor:
    """A pool of `workers` processes, spawned on every platform: a fork would copy the locks of threads."""
    return ProcessPoolExecutor(workers, mp_context=_Context(), initializer=_set_up_worker)


class _Process(SpawnProcess):
    """A process that does not import the caller's `__main__`, which may be a notebook or a script without guard."""

    def start(self) -> None:
        """Start with an empty module in place of `__main__`."""
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Process


def _set_up_worker() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
