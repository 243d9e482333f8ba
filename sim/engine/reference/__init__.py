"""The reference engine: SimPy processes and resources, around the functions of `sim.model`."""

from sim.engine.reference.simulate import simulate, simulate_batch

__all__ = ["simulate", "simulate_batch"]
