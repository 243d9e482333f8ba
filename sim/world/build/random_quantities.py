"""Random quantities as rows (kind, a, b)."""

from collections.abc import Iterable

import numpy as np

from sim.scenario.values.distributions import Dist
from sim.world.arrays import Floats
from sim.world.codes import ABSENT, EXPONENTIAL, FIXED, LOGNORMAL, NORMAL, UNIFORM

_KINDS = {
    "fixed": FIXED, "uniform": UNIFORM, "normal": NORMAL, "lognormal": LOGNORMAL, "exponential": EXPONENTIAL,
}  # fmt: skip


def row(quantity: Dist | float | None) -> Floats:
    """One quantity, (3,); None gives the row that says there is none."""
    if quantity is None:
        return np.array([ABSENT, 0.0, 0.0], dtype=float)
    if isinstance(quantity, Dist):
        return np.array([_KINDS[quantity.kind], quantity.a, quantity.b], dtype=float)
    return np.array([FIXED, quantity, 0.0], dtype=float)


def rows(quantities: Iterable[Dist | float | None]) -> Floats:
    """Several quantities, (n, 3)."""
    return np.array([row(quantity) for quantity in quantities], dtype=float).reshape(-1, 3)
