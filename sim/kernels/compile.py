"""Kernels: functions of the model that run as they stand, as Python, and can be compiled.

A kernel is an ordinary function. What Python calls in compiled code goes through an `Entrance`: if it is handed records
as named tuples, the kernel runs as Python; if they are shared (`pointers.share`), it runs compiled. Both give the same
bits. Two things must be asked for in a kernel before they happen, since there compiled code goes on with an infinity
and Python raises: arguments of `math` outside its domain, and a quotient of two floats of Python's own by zero.
"""

import os
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., object])
P = ParamSpec("P")
R = TypeVar("R")

in_python = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
"""Whether nothing may be compiled."""
as_compiled = np.errstate(all="ignore")
"""Decorator of what calls kernels: arithmetic with infinities and NaN goes on without a word, as in compiled code."""
kernels: list[tuple[Callable[..., object], tuple[str, ...]]] = []
"""All of them, and the attributes by which LLVM is told where their code goes."""


def kernel(function: F) -> F:
    """A function that compiled code may call. It allocates nothing, so Numba counts no references."""
    kernels.append((function, ()))
    return function


def inlined(function: F) -> F:
    """A kernel whose code is put into that of its callers: for what is done for each venue, option or appointment."""
    kernels.append((function, ("alwaysinline",)))
    return function


def rare(function: F) -> F:
    """A kernel whose code stays apart: for what a run does now and then, or not at all in most worlds.

    Within a loop that it is called from, LLVM would fetch beforehand what it needs, needed or not.
    """
    kernels.append((function, ("noinline", "cold")))
    return function


class Entrance(Generic[P, R]):
    """A kernel as Python calls it: compiled when it is handed shared records, by `library.load`; else as it stands."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        self.native: Callable[..., R] | None = None

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Call it; a record is a tuple, a shared one is not."""
        if isinstance(arguments[0], tuple):
            return self.function(*arguments, **named)
        assert self.native is not None
        return self.native(*arguments)
