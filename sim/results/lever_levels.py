"""How far each lever is moved, over time, at its widest target."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.schedule.levers import LEVERS
from sim.world.arrays import Floats, World
from sim.world.build.names import Names
from sim.world.codes import IS_FRICTION, L_ACCESS, L_ENTRY, L_HAZARD, L_PERMISSION, MODES, NEUTRAL, PHASE

_BY_MODE = (L_PERMISSION, L_HAZARD)
_COMBINE: dict[str, Callable[[Floats | float, Floats], Floats]] = {
    "survival": lambda level, more: 1.0 - (1.0 - more) * (1.0 - level),
    "maximum": np.maximum,
    "sum": np.add,
    "product": np.multiply,
}


def levels(world: World, names: Names, strength: Floats) -> tuple[list[str], Floats]:
    """Names of the levers that the policy can move, and their levels (T, levers); `strength` is (T, I, 3).

    What only another jurisdiction does to its own venues is left out.
    """
    found: dict[str, Floats] = {}
    for e, lever in enumerate(world.interventions.lever):
        i, amount = world.interventions.effect_of[e], world.interventions.amount[e]
        if lever != L_ENTRY and not world.interventions.hosts[i].all():
            continue
        x = strength[:, i, PHASE[lever]]
        for name in _names(world, names, e):
            found[name] = _combined(lever, found.get(name), amount, x)
    return list(found), np.stack(list(found.values()), axis=1) if found else np.zeros((len(strength), 0))


def _names(world: World, names: Names, e: int) -> list[str]:
    """What an effect's lever is called: with its rail, channel or product, or by mode."""
    lever, i = int(world.interventions.lever[e]), world.interventions.effect_of[e]
    label = LEVERS[lever].name
    if lever in _BY_MODE:
        return [f"{label}:{mode}" for m, mode in enumerate(MODES) if world.interventions.modes[i, m]]
    if not IS_FRICTION[lever] or lever == L_ACCESS:
        return [label]
    columns = [*names.rails, "access", *names.channels, *names.products]
    return [f"{label}:{columns[world.interventions.column[e]]}"]


def _combined(lever: int, level: Floats | None, amount: float, strength: Floats) -> Floats:
    """Level of a lever (T,) with one effect more."""
    sort, rule = LEVERS[lever].sort, LEVERS[lever].rule
    if sort in ("permission", "flag"):
        strength = (strength > 0.0).astype(np.float64)
    more = np.asarray(1.0 + (amount - 1.0) * strength if sort == "factor" else amount * strength, dtype=np.float64)
    return _COMBINE[rule](NEUTRAL[lever] if level is None else level, more)
