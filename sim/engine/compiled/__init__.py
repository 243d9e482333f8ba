"""The compiled engine: an array-based calendar and queues over the functions of `sim.model`."""

from sim.engine.compiled.batch import simulate_batch
from sim.engine.compiled.simulate import simulate

__all__ = ["simulate", "simulate_batch"]
