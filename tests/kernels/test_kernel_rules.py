"""What every kernel must keep to, whether or not anything is compiled."""

from __future__ import annotations

import inspect

import sim.engine.compiled.entrances  # noqa: F401 (brings all kernels)
from sim.kernels.compile import kernels


def test_every_argument_is_given_by_the_caller() -> None:
    """Compiled code knows no defaults and no names of arguments."""
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
    found = [
        f"{function.__qualname__}({argument})"
        for function, _ in kernels
        for argument in inspect.signature(function).parameters.values()
        if argument.default is not inspect.Parameter.empty or argument.kind is not plain
    ]
    assert len(kernels) > 200
    assert found == []
