"""Hashes of histories, to be made with compiled code and, by the reference engine, in Python."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import numpy as np

from sim.engine import compiled
from sim.world.build import world_of
from tests.kit import Engine, shipped

EVERY = 10.0  # days between records: taking one is most of the work in Python


def history_hashes(engine: Engine) -> dict[str, str]:
    """One for each part of each result: the baseline's history of `minimal` by an engine, by the loop and in a batch.

    Engines agree to the last bit, so each may stand for the other, and in Python one of them is half the work. Of larger
    scenarios `test_engines` has the same kernels run as Python.
    """
    world, _ = world_of(shipped("minimal"), "baseline")
    case = (world, 3, 0, world.settings.end, EVERY)
    parts = {
        "history": engine(*case),
        "loop": compiled.simulate(*case),
        "batch": compiled.simulate_batch(world, 3, [0, 1], world.settings.end, EVERY, paths=True),
    }
    return {
        f"{part} {field.name}": hash_of(getattr(result, field.name))
        for part, result in parts.items()
        for field in fields(result)
    }


def hash_of(value: Any) -> str:
    """Of arrays by kind, shape and bits, of tuples by their members."""
    digest = hashlib.sha256()
    for array in arrays_of(value):
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def arrays_of(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [array for part in value for array in arrays_of(part)]
    return [np.asarray(value)]
