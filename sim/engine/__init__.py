"""When things happen: two engines that keep the event queue around the functions of `sim.model`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sim.engine.result import Batch, Result
    from sim.world.arrays import World

Engine = Literal["auto", "reference", "compiled"]


def simulator(engine: Engine, world: World) -> tuple[str, Callable[..., Result]]:
    """The name and the `simulate` function of an engine; `auto` is the compiled one where its code is at hand.

    Where nothing is compiled yet, `auto` is the reference in Python alone, so that a single run never waits for a
    compiler. Raises ValueError for a name that is not known.
    """
    if engine == "auto":
        from sim.engine.compiled.entrances import at_hand

        engine = "compiled" if at_hand(world) else "reference"
    return engine, _engine(engine).simulate


def batch_simulator(engine: Engine) -> tuple[str, Callable[..., Batch]]:
    """The name and the `simulate_batch` function of an engine; `auto` is the compiled one, which ensembles use.

    Raises ValueError for a name that is not known.
    """
    name = "compiled" if engine == "auto" else engine
    return name, _engine(name).simulate_batch


def _engine(name: str) -> Any:
    """The package of an engine."""
    if name == "reference":
        from sim.engine import reference

        return reference
    if name == "compiled":
        from sim.engine import compiled

        return compiled
    raise ValueError(f"no engine {name!r}; there are auto, reference and compiled")
