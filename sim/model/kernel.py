"""Compilation of the model's functions, with a cache that follows the source."""

import hashlib
import logging
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


@cache
def tell_of_compilation() -> None:
    """Say once, through the logger `sim`, that the first use compiles, if nothing of this source is compiled yet."""
    if not cache_folder().exists():
        logging.getLogger("sim").warning(
            "compiling the model for the first time, which takes a minute or two; the code is kept in %s",
            cache_folder(),
        )


def kernel(function: F) -> F:
    """Compile a function of the model: no fast-math (bits must not depend on the caller), no GIL, no allocation.

    Without allocation Numba counts no references, which would cost more than the arithmetic; what a kernel needs room
    for has its place in the state.
    """
    return _compiled(function, _nrt=False)


def growing_kernel(function: F) -> F:
    """Compile a function that may allocate: an engine's lists that grow."""
    return _compiled(function)


def _compiled(function: F, **options: bool) -> F:
    njit: Any = numba.njit
    config: Any = numba.config
    chosen = config.CACHE_DIR
    config.CACHE_DIR = chosen or str(cache_folder())
    try:
        return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=False, **options)(function))
    finally:
        config.CACHE_DIR = chosen


def twin(record: Callable[..., T]) -> Callable[..., T]:
    """A class that holds the fields of a named tuple behind one pointer and can replace them: for lists that grow."""
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
