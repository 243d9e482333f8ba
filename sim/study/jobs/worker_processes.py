"""Worker processes that import this package only, ignore Ctrl-C and end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Thread
from types import ModuleType


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
