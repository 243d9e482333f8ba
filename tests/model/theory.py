"""What statistics says about samples and queues."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def ks_uniform(sample: NDArray[np.float64]) -> float:
    """Kolmogorov-Smirnov distance of a sample from the uniform distribution on (0, 1)."""
    x, n = np.sort(sample), len(sample)
    above = np.arange(1, n + 1) / n - x
    below = x - np.arange(n) / n
    return float(max(above.max(), below.max()))


def ks_limit(count: int) -> float:
    """The distance that a true sample exceeds once in a thousand times: 1.95 / sqrt(n)."""
    return 1.95 / math.sqrt(count)


def erlang_c(load: float, servers: int) -> float:
    """Probability that an arrival waits in M/M/c, by Erlang's recursion; `load` is arrival over service rate."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def erlang_a(arrivals: float, service: float, servers: int, patience: float) -> tuple[float, float]:
    """Mean number who wait in M/M/c+M, and part of the arrivals who give up; mean times of service and of patience."""
    weights = [1.0]
    for n in range(1, 400):
        leaving = min(n, servers) / service + max(0, n - servers) / patience
        weights.append(weights[-1] * arrivals / leaving)
    waiting = sum(weight * max(0, n - servers) for n, weight in enumerate(weights)) / sum(weights)
    return waiting, waiting / patience / arrivals
