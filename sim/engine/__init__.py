"""When things happen: calendars over the functions of `sim.model`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.engine.block import Block
    from sim.engine.result import Result

Engine = Literal["auto", "reference", "compiled"]


def simulator(engine: Engine) -> tuple[str, Callable[..., Result]]:
    """The name and the `simulate` function of an engine; `auto` is the reference, which single runs are made with.

    Raises ValueError for a name that is not known.
    """
    if engine == "compiled":
        from sim.engine import compiled

        return "compiled", compiled.simulate
    if engine in ("auto", "reference"):
        from sim.engine import reference

        return "reference", reference.simulate
    raise ValueError(f"no engine {engine!r}; there are auto, reference and compiled")


def block_simulator(engine: Engine) -> tuple[str, Callable[..., Block]]:
    """The name and the `simulate_block` function of an engine; `auto` is the compiled one, which ensembles use.

    Raises ValueError for a name that is not known.
    """
    if engine in ("auto", "compiled"):
        from sim.engine import compiled

        return "compiled", compiled.simulate_block
    if engine == "reference":
        from sim.engine import reference

        return "reference", reference.simulate_block
    raise ValueError(f"no engine {engine!r}; there are auto, reference and compiled")
