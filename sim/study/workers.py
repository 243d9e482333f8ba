"""Who does the work: this process, a pool of its own, or any executor that is handed in."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from sim.study.work import Part, Work, lost, perform

_AHEAD = 2  # pieces of work in hand for each that is being done
_UNKNOWN = 8  # workers of an executor that does not say how many it has

Workers = Executor | int | None
"""None: this process. A number: so many threads if the engine is compiled (it needs no interpreter), else processes.
Anything with `submit` as in `concurrent.futures`: that, such as Dask's `client.get_executor(pure=False)`."""


@contextmanager
def crew(workers: Workers, engine: str) -> Iterator[Callable[[Iterable[Work]], Iterator[Part]]]:
    """A function that does pieces of work and yields the parts as they come, in any order, few at a time.

    A pool that is made here ends with the block; an executor of the caller's is left alone. Raises ValueError for a
    number of workers below one, TypeError for what is no executor.
    """
    if workers is None:
        yield lambda pieces: map(perform, pieces)
    elif isinstance(workers, int):
        if workers < 1:
            raise ValueError(f"workers must be a number from 1 on, got {workers}")
        with _pool(workers, engine) as pool:
            yield lambda pieces: _stream(pool, workers, pieces)
    elif hasattr(workers, "submit"):
        count = int(getattr(workers, "_max_workers", 0) or _UNKNOWN)
        yield lambda pieces: _stream(workers, count, pieces)
    else:
        raise TypeError(f"executor must be None, a number of workers or an executor, got {type(workers).__name__}")


def _pool(workers: int, engine: str) -> Executor:
    if engine == "compiled":
        return ThreadPoolExecutor(workers)
    # Spawned, as everywhere: a fork would copy the threads' locks, and workers import the package, never __main__.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _stream(executor: Any, workers: int, pieces: Iterable[Work]) -> Iterator[Part]:
    """Keep `workers` busy with little in hand, so that memory stays flat; at the end, call off what has not begun."""
    waiting: dict[Future[Part], Work] = {}
    pieces = iter(pieces)
    try:
        while True:
            while len(waiting) < _AHEAD * workers and (piece := next(pieces, None)) is not None:
                waiting[executor.submit(perform, piece)] = piece
            if not waiting:
                return
            for future in _done(waiting):
                yield _result(future, waiting.pop(future))
    finally:
        for future in waiting:
            future.cancel()


def _done(waiting: dict[Future[Part], Work]) -> list[Future[Part]]:
    """Those that are done, at least one. Dask's futures are not of the standard library and are asked one by one."""
    if all(isinstance(future, Future) for future in waiting):
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        return [future for future in waiting if future in done]
    first = next((future for future in waiting if future.done()), next(iter(waiting)))
    return [first]


def _result(future: Future[Part], work: Work) -> Part:
    try:
        return future.result()
    except Exception as error:
        return lost(work, error)


@contextmanager
def opened(workers: Workers, engine: str) -> Iterator[Workers]:
    """Workers for several crews in a row: a pool that a number asks for is made once. Raises ValueError below one."""
    if isinstance(workers, int):
        if workers < 1:
            raise ValueError(f"workers must be a number from 1 on, got {workers}")
        with _pool(workers, engine) as pool:
            yield pool
    else:
        yield workers
