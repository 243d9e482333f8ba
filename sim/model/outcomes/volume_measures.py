"""How much stopped trading, and where the rest went: suppression, displacement, leakage and concentration."""

import math

from sim.kernels.compile import kernel
from sim.model.outcomes.tally import AFTER, BEFORE
from sim.world import codes as c
from sim.world.arrays import Floats

NEGLIGIBLE = 1e-3
"""A change below this part of the reference counts as none: a ratio to it would be noise."""


@kernel
def ratio(part: float, whole: float, least: float) -> float:
    """A part of the whole; NaN when that is at most `least`."""
    return part / whole if whole > least else math.nan


@kernel
def traded(modes: Floats, when: int) -> float:
    """Focal volume of all modes in a window; `modes` (2, 3)."""
    return float(modes[when, c.DOMESTIC] + modes[when, c.OTC] + modes[when, c.OFFSHORE])


@kernel
def suppression(modes: Floats) -> float:
    """Part of the reference volume that has stopped trading; negative when trading grew."""
    before = traded(modes, BEFORE)
    return ratio(before - traded(modes, AFTER), before, 0.0)


@kernel
def lost(modes: Floats, mode: int) -> float:
    """Volume per day that left venues of a mode; NaN when it is negligible beside all focal volume."""
    loss = modes[BEFORE, mode] - modes[AFTER, mode]
    return float(loss) if loss > NEGLIGIBLE * traded(modes, BEFORE) else math.nan


@kernel
def displacement(modes: Floats, mode: int) -> float:
    """Part of what left domestic venues that a mode gained."""
    return float((modes[AFTER, mode] - modes[BEFORE, mode]) / lost(modes, c.DOMESTIC))


@kernel
def leakage(modes: Floats) -> float:
    """What OTC and offshore venues gained, per unit that domestic venues lost: the waterbed."""
    gained = modes[AFTER, c.OTC] + modes[AFTER, c.OFFSHORE] - (modes[BEFORE, c.OTC] + modes[BEFORE, c.OFFSHORE])
    return float(gained / lost(modes, c.DOMESTIC))


@kernel
def leakage_from(modes: Floats, mode: int) -> float:
    """What venues of the other modes gained, per unit that those of a mode lost."""
    gained = 0.0
    for other in range(3):
        if other != mode:
            gained += modes[AFTER, other] - modes[BEFORE, other]
    return float(gained / lost(modes, mode))


@kernel
def concentration(sizes: Floats) -> float:
    """Herfindahl-Hirschman index over exchanges (F,): sum of squared shares, 1/F to 1."""
    total, squares = 0.0, 0.0
    for size in sizes:
        total += size
    if total <= 0.0:
        return math.nan
    for size in sizes:
        squares += (size / total) * (size / total)
    return squares
