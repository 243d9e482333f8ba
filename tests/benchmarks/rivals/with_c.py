"""The small model in plain C, compiled on the spot: `small.c`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import RECORDS, STRATEGIES, Parameters, Step

SOURCE = Path(__file__).with_name("small.c")
_FLAGS = ("-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2")
_NUMBERS = 4 * len(RECORDS)


@dataclass(frozen=True)
class Batch:
    """Some runs of one process: seconds from the first to the last, and the most megabytes held."""

    outcomes: list[Outcome]
    seconds: float
    megabytes: float


def compiler() -> str | None:
    """The C compiler of this machine, None if there is none."""
    return shutil.which("cc") or shutil.which("gcc")


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Where the program is kept while this process lives."""
    return tempfile.TemporaryDirectory(prefix="rivals-")


@cache
def program() -> Path:
    """The compiled program."""
    found = compiler()
    if found is None:
        raise FileNotFoundError("there is no C compiler (cc, gcc)")
    made = Path(_folder().name) / "small"
    subprocess.run([found, *_FLAGS, "-o", str(made), str(SOURCE), "-lm"], check=True)
    return made


def batch(p: Parameters, seed: int, first: int, count: int) -> Batch:
    """Replications `first` up to `first + count` in one process."""
    command = [str(program()), str(seed), str(first), str(count)]
    told = subprocess.run(command, input=_written(p), capture_output=True, text=True, check=True).stdout.splitlines()
    seconds, kilobytes = told[-1].split()
    return Batch([_outcome(line) for line in told[:-1]], float(seconds), float(kilobytes) / 1024.0)


def ensemble(p: Parameters, seed: int, replications: int, workers: int) -> list[Outcome]:
    """Replications 0 up to `replications`, in so many processes."""
    program()  # once, before the threads ask for it
    bounds = np.linspace(0, replications, workers + 1).astype(int).tolist()
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(lambda n: batch(p, seed, bounds[n], bounds[n + 1] - bounds[n]), range(workers))
        return [outcome for part in parts for outcome in part.outcomes]


def _outcome(line: str) -> Outcome:
    numbers = line.split()
    shares = np.array(numbers[:_NUMBERS], dtype=float).reshape(len(RECORDS), 4)
    counts = [int(number) for number in numbers[_NUMBERS:]]
    last = len(STRATEGIES)
    return Outcome(shares, tuple(counts[:last]), *counts[last:])


def _written(p: Parameters) -> str:
    """The parameters in the order in which the program reads them, which is that of the fields."""
    numbers = [p.exchanges, len(p.steps)]
    numbers += [x for value in astuple(p)[1:-1] for x in np.ravel(value)]
    return " ".join(repr(float(x)) for x in numbers + [x for step in p.steps for x in _step(step)])


def _step(step: Step) -> list[float]:
    modes = float(np.dot(step.modes, [1, 2, 4]))
    head = [step.day, step.risk, step.attention, modes, step.reacts, step.announces_end, step.ends]
    return [*head, *step.hazard, *step.reach.ravel()]
