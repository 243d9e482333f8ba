"""Who does the work: this process, a pool of its own, or any executor that is handed in."""

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

from sim.study.jobs.job import Part, Work, lost, perform

_AHEAD = 2  # pieces of work in hand for each that is being done
_UNKNOWN = 64  # workers of an executor that does not say how many it has

Workers = Executor | int | None
"""None: this process. A number: so many threads if the engine is compiled (it needs no interpreter), else processes.
Anything with `submit` as in `concurrent.futures`: that, such as Dask's `client.get_executor(pure=False)`; or the Dask
client itself."""

Parts = Generator[Part, None, None]
Do = Callable[[Iterable[Work]], Parts]
"""Does pieces of work and yields the parts as they come, in any order, few at a time."""

Lose = Callable[[Work, Exception], None]


@contextmanager
def crew(workers: Workers, engine: str) -> Iterator[Do]:
    """Those who do pieces of work.

    A pool that is made here ends with the block; an executor of the caller's is left alone. Raises ValueError for a
    number of workers below one, TypeError for what is no executor.
    """
    if workers is None:
        yield lambda pieces: (perform(piece) for piece in pieces)
    elif isinstance(workers, int) and not isinstance(workers, bool):
        if workers < 1:
            raise ValueError(f"workers must be a number from 1 on, got {workers}")
        with ThreadPoolExecutor(workers) if engine == "compiled" else _processes(workers) as pool:
            yield lambda pieces: _stream(pool, workers, pieces)
    elif hasattr(workers, "get_executor"):
        yield lambda pieces: _stream(workers.get_executor(pure=False), _width(workers), pieces)
    elif hasattr(workers, "submit"):
        yield lambda pieces: _stream(workers, _width(workers), pieces)
    else:
        raise TypeError(f"executor must be None, a number of workers or an executor, got {type(workers).__name__}")


@contextmanager
def opened(workers: Workers, engine: str) -> Iterator[Workers]:
    """Workers for several crews in a row: a pool that a number asks for is made once. Raises ValueError below one."""
    if not isinstance(workers, int) or isinstance(workers, bool):
        yield workers
        return
    if workers < 1:
        raise ValueError(f"workers must be a number from 1 on, got {workers}")
    with ThreadPoolExecutor(workers) if engine == "compiled" else _processes(workers) as pool:
        yield pool


def _width(executor: Any) -> int:
    """How many workers an executor has: the standard library's and Dask's know, others are given plenty to do."""
    client = getattr(executor, "_client", executor)
    if hasattr(client, "ncores"):
        return sum(client.ncores().values()) or _UNKNOWN
    return int(getattr(executor, "_max_workers", 0) or _UNKNOWN)


def _stream(executor: Any, width: int, pieces: Iterable[Work]) -> Parts:
    """What an executor makes of the pieces; what it loses is done once more, each piece in a process of its own.

    If it takes no more work then, the rest goes to new processes.
    """
    left, again = iter(pieces), list[Work]()

    def lose(work: Work, error: Exception) -> None:
        if not again:
            told = f"{type(error).__name__}: {error}".splitlines()[0]
            warnings.warn(f"work was lost and is done again on this machine ({told})", RuntimeWarning, stacklevel=2)
        again.append(work)

    yield from _through(executor, width, perform, left, lose)
    helpers = min(width, os.cpu_count() or 1)
    with ThreadPoolExecutor(helpers) as threads:
        yield from _through(threads, helpers, _alone, iter(again), lose)
    if (piece := next(left, None)) is not None:
        with _processes(helpers) as pool:
            yield from _stream(pool, helpers, chain([piece], left))


def _through(executor: Any, width: int, task: Callable[[Work], Part], pieces: Iterator[Work], lose: Lose) -> Parts:
    """Keep `width` workers busy with little in hand, so that memory stays flat; then call off what has not begun.

    An executor that takes no more work is let be; the pieces that it did not see are then left in `pieces`.
    """
    waiting: dict[Future[Part], Work] = {}
    done: SimpleQueue[Future[Part] | None] = SimpleQueue()
    broken = False
    interrupts = _Interrupts(done)
    try:
        while True:
            interrupts.check()
            while not broken and len(waiting) < _AHEAD * width and (piece := next(pieces, None)) is not None:
                try:
                    future = executor.submit(task, piece)
                except Exception as error:
                    broken = True
                    lose(piece, error)
                else:
                    waiting[future] = piece
                    future.add_done_callback(done.put)
            if not waiting:
                break
            if (future := done.get()) is None:
                continue
            piece = waiting.pop(future)
            if (fault := _fault(future)) is None:
                yield future.result()
            else:
                lose(piece, fault)
    finally:
        for future in waiting:
            future.cancel()
        interrupts.end()
    interrupts.check()


class _Interrupts:
    """Ctrl-C, heard between pieces only: raised anywhere, it could leave a lock of the pool taken for ever.

    It wakes whoever waits for `done`. A second one is raised at once, as always. Only the main thread hears any.
    """

    def __init__(self, done: SimpleQueue[Future[Part] | None]) -> None:
        self._done, self._heard = done, False
        usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        self._listens = usual and current_thread() is main_thread()
        if self._listens:
            signal.signal(signal.SIGINT, self._hear)

    def _hear(self, *_: Any) -> None:
        self._heard = True
        self.end()
        self._done.put(None)

    def check(self) -> None:
        """Raise KeyboardInterrupt if one was heard."""
        if self._heard:
            raise KeyboardInterrupt

    def end(self) -> None:
        """Leave the next one to Python."""
        if self._listens:
            self._listens = False
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _fault(future: Future[Part]) -> Exception | None:
    """What a worker died of. A replication that fails is no such thing, `perform` makes a row of it."""
    try:
        future.result()
    except Exception as error:
        return error
    return None


def _alone(work: Work) -> Part:
    """Do a piece in a process of its own, which may die without taking others along."""
    try:
        with _processes(1) as pool:
            return pool.submit(perform, work).result()
    except Exception as error:
        return lost(work, error)


def _processes(workers: int) -> ProcessPoolExecutor:
    """Processes that are spawned, as everywhere: a fork would copy the threads' locks."""
    return ProcessPoolExecutor(workers, mp_context=_Context(), initializer=_begin)


class _Process(SpawnProcess):
    """A process that imports this package and never the caller's `__main__`, a notebook or a script without guard."""

    def start(self) -> None:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Process


def _begin() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
