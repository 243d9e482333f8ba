"""How far each lever is moved, over time, at its widest target."""

from __future__ import annotations

import numpy as np

from sim.world import codes as c
from sim.world.arrays import Floats, World
from sim.world.build.names import Names

_FRICTIONS = (c.L_PAYMENT, c.L_ACCESS, c.L_MEDIA, c.L_SERVICE)
_BY_MODE = (c.L_PERMISSION, c.L_HAZARD)


def levels(world: World, names: Names, strength: Floats) -> tuple[list[str], Floats]:
    """Names of the levers that the policy can move, and their levels (T, levers).

    `strength` is (T, I, 3). Frictions combine as 1 - prod(1 - x), permissions and fees as the maximum, risk as a
    sum, factors as a product. What only another jurisdiction does to its own venues is left out.
    """
    found: dict[str, Floats] = {}
    for e, lever in enumerate(world.interventions.lever):
        i, amount = world.interventions.effect_of[e], world.interventions.amount[e]
        if lever != c.L_ENTRY and not world.interventions.hosts[i].all():
            continue
        x = strength[:, i, c.PHASE_OF_LEVER[lever]]
        for name in _names(world, names, e):
            found[name] = _combined(lever, found.get(name), amount, x)
    return list(found), np.stack(list(found.values()), axis=1) if found else np.zeros((len(strength), 0))


def _names(world: World, names: Names, e: int) -> list[str]:
    """What an effect's lever is called: with its rail, channel or product, or by mode."""
    lever, i = int(world.interventions.lever[e]), world.interventions.effect_of[e]
    label = c.LEVERS[lever]
    if lever in _BY_MODE:
        return [f"{label}:{mode}" for m, mode in enumerate(c.MODES) if world.interventions.modes[i, m]]
    if lever not in _FRICTIONS or lever == c.L_ACCESS:
        return [label]
    columns = [*names.rails, "access", *names.channels, *names.products]
    return [f"{label}:{columns[world.interventions.column[e]]}"]


def _combined(lever: int, level: Floats | None, amount: float, x: Floats) -> Floats:
    if lever in _FRICTIONS:
        return 1.0 - (1.0 - amount * x) * (1.0 if level is None else 1.0 - level)
    if lever == c.L_RISK:
        return amount * x + (0.0 if level is None else level)
    if lever == c.L_FEE:
        return np.asarray(np.maximum(amount * x, 0.0 if level is None else level))
    if lever in (c.L_PERMISSION, c.L_CLAIM):
        return np.asarray(np.maximum(amount * (x > 0.0), 0.0 if level is None else level))
    return (1.0 + (amount - 1.0) * x) * (1.0 if level is None else level)
