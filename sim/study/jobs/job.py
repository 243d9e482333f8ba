"""One piece of work: a policy's replications from first to last. It travels to a worker as plain arrays."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.engine.batch import Batch
    from sim.world.arrays import World

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Work:
    """Replications `first` up to `first + count` of a policy in a world, recorded every `every` days.

    `records` are the indices of the records whose path is kept, none if it is empty. If parameters are drawn, `drawn`
    has the world of each replication, and those of one draw share it.
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


DIED = "worker"
"""Stage of a failure: the process that did the work ended, which says nothing of the replications."""


@dataclass(frozen=True)
class Failure:
    """A replication that could not be simulated: its measures are NaN, the others stand."""

    policy: str
    replication: int
    stage: str
    error: str
    details: str = ""


@dataclass(frozen=True)
class Part:
    """What a piece of work gave: measures (n, M), paths (n, T, 4), days of firing (n, A, rungs), and failures.

    Paths are kept to seven digits, as they are for fans and bands: half the memory.
    """

    policy: str
    first: int
    measures: Floats
    paths: Singles
    fired: Floats
    failures: tuple[Failure, ...] = ()

    @property
    def last(self) -> int:
        """The replication after the last."""
        return self.first + len(self.measures)


def perform(work: Work) -> Part:
    """Do a piece of work. A replication that fails is a row of NaN and a failure, never the end of the others."""
    numbers = range(work.first, work.first + work.count)
    try:
        return _part(work, _simulate(work, numbers))
    except Exception:
        return _one_by_one(work, numbers)


def lost(work: Work, error: BaseException) -> Part:
    """The part of a worker that died: all its replications are failures."""
    failures = tuple(_failure(work, number, DIED, error) for number in range(work.first, work.first + work.count))
    return _part(work, _empty(work), failures)


def _simulate(work: Work, numbers: Sequence[int]) -> Batch:
    from sim.engine import batch_simulator

    _, simulate_batch = batch_simulator(work.engine)  # type: ignore[arg-type]
    options = {"until": work.until, "every": work.every, "paths": bool(work.records)}
    if not work.drawn:
        return simulate_batch(work.world, work.seed, numbers, **options)
    worlds = [work.drawn[number - work.first] for number in numbers]
    groups: dict[int, list[int]] = {}
    for row, world in enumerate(worlds):
        groups.setdefault(id(world), []).append(row)
    block = _empty(work, len(numbers))
    for rows in groups.values():
        one = simulate_batch(worlds[rows[0]], work.seed, [numbers[row] for row in rows], **options)
        _fill(block, rows, one)
    return block


def _one_by_one(work: Work, numbers: Sequence[int]) -> Part:
    failures, block = [], _empty(work)
    for row, number in enumerate(numbers):
        try:
            one = _simulate(work, [number])
        except Exception as error:
            failures.append(_failure(work, number, "simulate", error))
        else:
            _fill(block, [row], one)
    return _part(work, block, tuple(failures))


def _part(work: Work, block: Batch, failures: tuple[Failure, ...] = ()) -> Part:
    kept = list(work.records)
    paths = block.paths[:, kept].astype(np.float32)
    return Part(work.policy, work.first, block.measures, paths, block.fired, failures)


def _fill(block: Batch, rows: Sequence[int], other: Batch) -> None:
    for name in ("measures", "paths", "fired"):
        getattr(block, name)[rows] = getattr(other, name)


def _empty(work: Work, count: int | None = None) -> Batch:
    from sim.engine.batch import empty_batch
    from sim.engine.result import record_times

    return empty_batch(
        work.world,
        work.count if count is None else count,
        len(record_times(work.until, work.every)) if work.records else 0,
    )


def _failure(work: Work, number: int, stage: str, error: BaseException) -> Failure:
    told = "".join(traceback.format_exception(error))
    return Failure(work.policy, number, stage, f"{type(error).__name__}: {error}".rstrip(": "), told)


def joined(parts: Sequence[Part]) -> dict[str, Any]:
    """Arrays of the parts of one policy, in the order of the replications."""
    ordered = sorted(parts, key=lambda part: part.first)
    return {name: np.concatenate([getattr(part, name) for part in ordered]) for name in ("measures", "paths", "fired")}
