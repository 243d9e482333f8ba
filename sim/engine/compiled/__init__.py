"""The compiled engine: event queue and servers in arrays, around the functions of `sim.model`."""

from sim.engine.compiled.simulate import simulate, simulate_batch

__all__ = ["simulate", "simulate_batch"]
