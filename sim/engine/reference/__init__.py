"""The reference engine: SimPy processes and resources, around the functions of `sim.model`."""

from sim.engine.reference.batch import simulate_batch
from sim.engine.reference.simulate import simulate

__all__ = ["simulate", "simulate_batch"]
