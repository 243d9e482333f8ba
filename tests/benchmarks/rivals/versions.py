"""All versions of the small model behind one face."""

from __future__ import annotations

import importlib
import importlib.util
import math
import multiprocessing
import pickle
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from tests.benchmarks.rivals import with_c
from tests.benchmarks.rivals.outcome import Outcome

HERE = "tests.benchmarks.rivals"
_NO_COMPILER = "There is no C compiler (cc, gcc) here, so the practical limit is not run."
_WARM = 5  # runs by which a process that has just begun gets warm, as the others are
_SMALL = 2  # exchanges of a run that only warms up


class Alone(NamedTuple):
    """One run in a process that does no more: its seconds, the most megabytes held, and what happened in it."""

    seconds: float
    megabytes: float
    events: int


@cache
def world(exchanges: int) -> Any:
    """The small model as our engines take it."""
    return importlib.import_module(f"{HERE}.world").world_of(exchanges)


@cache
def parameters(exchanges: int) -> Any:
    """The small model as the rivals take it."""
    return importlib.import_module(f"{HERE}.parameters").parameters_of(world(exchanges))


@dataclass(frozen=True)
class Version:
    """A version in Python.

    `module.function` runs it; `tolerance` is by how much its means may be off besides chance, see `agreement`. What a
    version needs is imported when it runs, so that a process that runs one does not hold the libraries of the others.
    """

    name: str
    module: str
    function: str = "run"
    tolerance: float = 0.0

    def absent(self) -> str | None:
        """Why it cannot be run here, in one sentence; None if it can."""
        return None

    def model(self, exchanges: int) -> Any:
        """The small model as this version takes it."""
        return world(exchanges)

    def run_model(self, model: Any, seed: int, replication: int) -> Outcome:
        """One run."""
        return getattr(importlib.import_module(f"{HERE}.{self.module}"), self.function)(model, seed, replication)

    def timed(self, exchanges: int, seed: int, replication: int) -> tuple[Outcome, float]:
        """One run and its seconds."""
        model = self.model(exchanges)
        began = time.perf_counter()
        outcome = self.run_model(model, seed, replication)
        return outcome, time.perf_counter() - began

    def ensemble(self, exchanges: int, seed: int, replications: int, workers: int) -> list[Outcome]:
        """Replications 0 up to `replications`, in so many processes."""
        if workers == 1:
            return [self.run_model(self.model(exchanges), seed, n) for n in range(replications)]
        jobs = [(self.name, exchanges, seed, n) for n in range(replications)]
        return list(_pool(workers).map(_job, jobs, chunksize=math.ceil(replications / (4 * workers))))

    def prepare(self, workers: int) -> None:
        """Whatever is done once: imports, compilation, start of the workers."""
        self.ensemble(_SMALL, 1, 4 * workers, workers)

    def alone(self, exchanges: int) -> Alone:
        """One run in a process of its own, which is handed the model ready-made."""
        models = pickle.dumps([self.model(_SMALL), self.model(exchanges)])
        command = [sys.executable, "-m", f"{HERE}.alone", self.name]
        return pickle.loads(subprocess.run(command, input=models, stdout=subprocess.PIPE, check=True).stdout)


class Library(Version):
    """A version with one of the known libraries, in objects or helped by NumPy's arrays."""

    def absent(self) -> str | None:
        library = self.name.split("+")[0]
        found = importlib.util.find_spec(library)
        return None if found else f"{library} is not installed: pip install 'regpressure[benchmarks]'."

    def model(self, exchanges: int) -> Any:
        return parameters(exchanges)


class Compiled(Version):
    """Our compiled engine."""

    def ensemble(self, exchanges: int, seed: int, replications: int, workers: int) -> list[Outcome]:
        return importlib.import_module(f"{HERE}.ours").ensemble(world(exchanges), seed, replications, workers)


class Program(Version):
    """Plain C."""

    def absent(self) -> str | None:
        return None if with_c.compiler() else _NO_COMPILER

    def timed(self, exchanges: int, seed: int, replication: int) -> tuple[Outcome, float]:
        """One run, and seconds per run of a few by the program's own clock: its start is no part of it."""
        batch = with_c.batch(parameters(exchanges), seed, replication, _WARM)
        return batch.outcomes[0], batch.seconds / _WARM

    def ensemble(self, exchanges: int, seed: int, replications: int, workers: int) -> list[Outcome]:
        return with_c.ensemble(parameters(exchanges), seed, replications, workers)

    def alone(self, exchanges: int) -> Alone:
        batch = with_c.batch(parameters(exchanges), 1, 0, 1)
        return Alone(batch.seconds, batch.megabytes, batch.outcomes[0].events)


OURS = "compiled"
"""The version that all others are compared with."""
_DAILY = 0.005  # for versions that go from day to day
VERSIONS = {
    version.name: version
    for version in (
        Compiled(OURS, "ours"),
        Version("reference", "ours", "run_reference"),
        Library("simpy", "with_simpy"),
        Library("salabim", "with_salabim"),
        Library("mesa", "with_mesa", tolerance=_DAILY),
        Library("agentpy", "with_agentpy", tolerance=_DAILY),
        Library("simpy+numpy", "with_simpy", "run_arrays"),
        Library("salabim+numpy", "with_salabim", "run_arrays"),
        Library("mesa+numpy", "with_mesa", "run_arrays", tolerance=_DAILY),
        Library("agentpy+numpy", "with_agentpy", "run_arrays", tolerance=_DAILY),
        Program("c", "with_c"),
    )
}


@cache
def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _job(job: tuple[str, int, int, int]) -> Outcome:
    name, exchanges, seed, replication = job
    version = VERSIONS[name]
    return version.run_model(version.model(exchanges), seed, replication)
