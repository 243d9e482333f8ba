"""Compilation of the model's functions, with a cache that follows the source."""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.experimental import structref as untyped_structref

structref: Any = untyped_structref
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])


@cache
def cache_folder() -> Path:
    """Where compiled code is kept: one folder per state of the source.

    Numba looks only at the file of the function itself when it decides whether its cache is stale, so a
    change of a function that it calls would go unnoticed; hashing all of the source closes that hole.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for room in ("model", "engine"):
        for file in sorted((root / room).rglob("*.py")):
            digest.update(file.read_bytes())
    return home / "regpressure" / digest.hexdigest()[:16]


def kernel(function: F) -> F:
    """Compile `function` without fast-math (bits must not depend on the caller) and without the GIL."""
    config: Any = numba.config
    chosen = config.CACHE_DIR
    config.CACHE_DIR = chosen or str(cache_folder())
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)(function))
    finally:
        config.CACHE_DIR = chosen


def twin(record: Callable[..., T]) -> Callable[..., T]:
    """A class that holds the fields of a named tuple behind one pointer, for use inside kernels.

    Numba passes a named tuple field by field: with a hundred arrays, each call would carry a thousand arguments and
    take minutes to compile. The twin shares the arrays, so whoever holds the tuple sees every change.
    """
    fields = list(record._fields)  # type: ignore[attr-defined]
    here = {"__module__": __name__}
    kind = structref.register(type(f"{record.__name__}Type", (numba.types.StructRef,), here))
    reference = type(f"{record.__name__}Ref", (structref.StructRefProxy,), here)
    # Cached code names these classes, so they must be found under their names in this module.
    globals().update({kind.__name__: kind, reference.__name__: reference})
    structref.define_constructor(reference, kind, fields)
    structref.define_attributes(kind)
    structref.define_boxing(kind, reference)
    return cast(Callable[..., T], reference)
