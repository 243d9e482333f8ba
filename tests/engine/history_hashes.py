"""Hashes of histories, to be made with compiled code and, by the reference engine, in Python.

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
from sim.scenario.scenario import load
from sim.world.build import world_of
from tests.kit import Engine

CONFIGS = Path(__file__).parents[2] / "configs"
NAMES = ("minimal", "china_2017", "hong_kong_2024")
EVERY = 10.0  # days between records: taking one is most of the work in Python


def history_hashes(engine: Engine, names: Sequence[str] = NAMES) -> dict[str, str]:
    """One for each part of each result: the baseline's history by an engine; of `minimal` also by the loop and in a batch.

    Engines agree to the last bit, so each may stand for the other, and in Python one of them is half the work.
    """
    found = {}
    for name in names:
        scenario = load(CONFIGS / f"{name}.yaml")
        world, _ = world_of(scenario, "baseline")
        case = (world, 3, 0, world.settings.end, EVERY)
        parts = {"history": engine(*case)}
        if name == "minimal":
            parts["loop"] = compiled.simulate(*case)
            parts["batch"] = compiled.simulate_batch(world, 3, [0, 1], world.settings.end, EVERY, paths=True)
        for part, result in parts.items():
            found |= {f"{name} {part} {field.name}": hash_of(getattr(result, field.name)) for field in fields(result)}
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
    print(json.dumps(history_hashes(reference.simulate, sys.argv[1:] or NAMES)))
