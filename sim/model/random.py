"""Addressed random draws: a value belongs to (seed, replication, agent, purpose, occasion), not to a sequence.

Because a draw has an address, one more draw in one policy shifts nothing in another. The generator is Philox4x64-10
(`sim.kernels.philox`), whose key is the run and whose counter is the rest of the address.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernels.compile import inlined, kernel
from sim.kernels.philox import philox, unit
from sim.world.codes import ABSENT, EXPONENTIAL, FIXED, LOGNORMAL, NORMAL, UNIFORM


@inlined
def uniform(key: NDArray[np.uint64], agent: np.uint64, purpose: int, occasion: int) -> float:
    """The uniform in (0, 1) at this address."""
    return unit(philox(key, agent, purpose, occasion, 0)[0])


@inlined
def gumbel(key: NDArray[np.uint64], agent: np.uint64, purpose: int, occasion: int, index: int) -> float:
    """The standard Gumbel at this address."""
    return -math.log(-math.log(unit(philox(key, agent, purpose, occasion, index)[0])))


@kernel
def normal(key: NDArray[np.uint64], agent: np.uint64, purpose: int, occasion: int) -> float:
    """The standard normal at this address (Box & Muller 1958)."""
    words = philox(key, agent, purpose, occasion, 0)
    return math.sqrt(-2.0 * math.log(unit(words[0]))) * math.cos(2.0 * math.pi * unit(words[1]))


@kernel
def draw(row: NDArray[np.float64], key: NDArray[np.uint64], agent: np.uint64, purpose: int, occasion: int) -> float:
    """A random quantity described by `row` = (kind, a, b); NaN if the row says that there is none."""
    kind = int(row[0])
    if kind == FIXED:
        return float(row[1])
    if kind == UNIFORM:
        return float(row[1] + (row[2] - row[1]) * uniform(key, agent, purpose, occasion))
    if kind == NORMAL:
        return float(row[1] + row[2] * normal(key, agent, purpose, occasion))
    if kind == LOGNORMAL:
        return math.exp(row[1] + row[2] * normal(key, agent, purpose, occasion))
    if kind == EXPONENTIAL:
        return float(-row[1] * math.log(uniform(key, agent, purpose, occasion)))
    return math.nan


@kernel
def absent(row: NDArray[np.float64]) -> bool:
    """Whether a row says that there is no such quantity."""
    return int(row[0]) == ABSENT
