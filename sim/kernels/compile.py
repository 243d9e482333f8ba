"""Compilation of the model's functions, with a cache that follows the source.

With NUMBA_DISABLE_JIT=1 kernels stay Python, for a debugger or to measure coverage, and give the same bits. What they
are written in is the same in both but for this: in Python `math` raises where compiled code gives an infinity, and a
quotient of two of Python's own floats raises if the divisor is zero, so kernels ask before they come near.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import types

unliteral: Any = types.unliteral
F = TypeVar("F", bound=Callable[..., object])
in_python = bool(cast(Any, numba.config).DISABLE_JIT)
"""Whether kernels stay Python."""
as_compiled = np.errstate(all="ignore")
"""Decorator of what calls kernels: arithmetic with infinities and NaN goes on without a word, as in compiled code."""
OPTIONS = {"nogil": True, "error_model": "numpy", "fastmath": False}


@cache
def cache_folder() -> Path:
    """Where compiled code is kept: one folder per state of the source and version of Numba.

    Numba looks only at the file of the function itself when it decides whether its cache is stale, so a
    change of a function that it calls would go unnoticed; hashing all of the source closes that hole. Another
    version of Numba would throw away what is kept and write its own, and so on in turns.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for table in ("scenario/world/strategies.py", "scenario/policy/written.py", "schedule/levers.py"):
        digest.update((root / table).read_bytes())  # from which the constants of kernels follow
    for folder in ("kernels", "world", "model", "engine"):
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return home / "regpressure" / f"numba-{numba.__version__}" / digest.hexdigest()[:16]


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


def inlined(function: F) -> F:
    """A kernel whose code is put into that of its callers: for what is done for each venue, option or appointment."""
    return _compiled(function, _nrt=False, forceinline=True)


def allocating_kernel(function: F) -> F:
    """Compile a function that may allocate: for what is done once a run."""
    return _compiled(function)


def _compiled(function: F, **options: bool) -> F:
    if in_python:
        return function
    njit: Any = numba.njit
    config: Any = numba.config
    chosen = config.CACHE_DIR
    config.CACHE_DIR = chosen or str(cache_folder())
    try:
        compiled = njit(cache=True, **OPTIONS, **options)(function)
    finally:
        config.CACHE_DIR = chosen
    compiled.get_call_template = partial(_call_template, compiled.get_call_template)
    return cast(F, compiled)


def _call_template(find: Callable[..., object], args: tuple[Any, ...], kws: dict[str, Any]) -> object:
    """Let a constant be passed as a number; Numba would compile the kernel anew for each."""
    return find(tuple(map(unliteral, args)), {name: unliteral(kind) for name, kind in kws.items()})
