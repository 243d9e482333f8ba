"""All versions of the small model behind one face."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import multiprocessing
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tests.benchmarks.rivals import ours, with_c
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import Parameters, parameters_of
from tests.benchmarks.rivals.world import world_of

_world = cache(world_of)
_WARM = 5  # runs by which a process that has just begun gets warm, as the others are
_MODULES = "tests.benchmarks.rivals.with_"


@cache
def _parameters(exchanges: int) -> Parameters:
    return parameters_of(_world(exchanges))


class Alone(NamedTuple):
    """One run in a process that does no more: its seconds, the most megabytes held, and what happened in it."""

    seconds: float
    megabytes: float
    events: int


@dataclass(frozen=True)
class Version:
    """A version; `tolerance` is by how much its means may be off besides chance, see `agreement`."""

    name: str
    tolerance: float = 0.0

    def absent(self) -> str | None:
        """Why it cannot be run here, in one sentence; None if it can."""
        return None

    def run(self, exchanges: int, seed: int, replication: int) -> Outcome:
        """One run."""
        raise NotImplementedError

    def timed(self, exchanges: int, seed: int, replication: int) -> tuple[Outcome, float]:
        """One run and its seconds, the making of the world aside."""
        _parameters(exchanges)
        began = time.perf_counter()
        outcome = self.run(exchanges, seed, replication)
        return outcome, time.perf_counter() - began

    def ensemble(self, exchanges: int, seed: int, replications: int, workers: int) -> list[Outcome]:
        """Replications 0 up to `replications`, in so many processes."""
        if workers == 1:
            return [self.run(exchanges, seed, replication) for replication in range(replications)]
        jobs = [(self.name, exchanges, seed, replication) for replication in range(replications)]
        return list(_pool(workers).map(_job, jobs, chunksize=math.ceil(replications / (4 * workers))))

    def prepare(self, workers: int) -> None:
        """Whatever is done once: imports, compilation, start of the workers."""
        self.ensemble(2, 1, 4 * workers if workers > 1 else 1, workers)

    def alone(self, exchanges: int) -> Alone:
        """One run in a process of its own."""
        command = [sys.executable, "-m", "tests.benchmarks.rivals.alone", self.name, str(exchanges)]
        return Alone(**json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout))


class Library(Version):
    """A version in Python with one of the known libraries."""

    def absent(self) -> str | None:
        found = importlib.util.find_spec(self.name)
        return None if found else f"{self.name} is not installed: pip install 'regpressure[benchmarks]'."

    def run(self, exchanges: int, seed: int, replication: int) -> Outcome:
        return importlib.import_module(_MODULES + self.name).run(_parameters(exchanges), seed, replication)


class Reference(Version):
    """Our reference engine."""

    def run(self, exchanges: int, seed: int, replication: int) -> Outcome:
        return ours.run_reference(_world(exchanges), seed, replication)


class Compiled(Version):
    """Our compiled engine."""

    def run(self, exchanges: int, seed: int, replication: int) -> Outcome:
        return ours.run(_world(exchanges), seed, replication)

    def ensemble(self, exchanges: int, seed: int, replications: int, workers: int) -> list[Outcome]:
        return ours.ensemble(_world(exchanges), seed, replications, workers)


class Program(Version):
    """Plain C."""

    def absent(self) -> str | None:
        return None if with_c.compiler() else "There is no C compiler (cc, gcc) here, so the practical limit is not run."

    def run(self, exchanges: int, seed: int, replication: int) -> Outcome:
        return self.timed(exchanges, seed, replication)[0]

    def timed(self, exchanges: int, seed: int, replication: int) -> tuple[Outcome, float]:
        """One run, and seconds per run of a few by the program's own clock: its start is no part of it."""
        batch = with_c.batch(_parameters(exchanges), seed, replication, _WARM)
        return batch.outcomes[0], batch.seconds / _WARM

    def ensemble(self, exchanges: int, seed: int, replications: int, workers: int) -> list[Outcome]:
        return with_c.ensemble(_parameters(exchanges), seed, replications, workers)

    def alone(self, exchanges: int) -> Alone:
        batch = with_c.batch(_parameters(exchanges), 1, 0, 1)
        return Alone(batch.seconds, batch.megabytes, batch.outcomes[0].events)


OURS = "compiled"
"""The version that all others are compared with."""
_DAILY = 0.005
VERSIONS = {
    version.name: version
    for version in (
        Compiled(OURS), Reference("reference"), Library("simpy"), Library("salabim"), Library("mesa", _DAILY),
        Library("agentpy", _DAILY), Program("c"),
    )
}  # fmt: skip


@cache
def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _job(job: tuple[str, int, int, int]) -> Outcome:
    name, exchanges, seed, replication = job
    return VERSIONS[name].run(exchanges, seed, replication)
