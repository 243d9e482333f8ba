"""Hashes of histories by both engines, to be made with and without compiled code.

NUMBA_DISABLE_JIT=1 python -m tests.engine.history_hashes minimal
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine import compiled, reference
from sim.engine.result import Result
from sim.scenario.scenario import load
from sim.world.build import world_of

CONFIGS = Path(__file__).parents[2] / "configs"
NAMES = ("minimal", "china_2017", "hong_kong_2024")
EVERY = 10.0  # days between records: taking one is most of the work in Python


def history_hashes(names: Sequence[str] = NAMES) -> dict[str, str]:
    """One for each part of each result: the baseline's history by both engines, and the block of one of them."""
    found = {}
    for name in names:
        scenario = load(CONFIGS / f"{name}.yaml")
        world, _ = world_of(scenario, "baseline")
        case = (world, 3, 0, world.settings.end, EVERY)
        for engine in (reference, compiled):
            result = engine.simulate(*case)
            for field in fields(Result):
                found[f"{name} {engine.__name__} {field.name}"] = hash_of(getattr(result, field.name))
        if name == "minimal":
            block = compiled.simulate_batch(world, 3, [0, 1], world.settings.end, EVERY, paths=True)
            found |= {f"{name} batch {part.name}": hash_of(getattr(block, part.name)) for part in fields(block)}
    return found


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


if __name__ == "__main__":
    print(json.dumps(history_hashes(sys.argv[1:] or NAMES)))
