"""The reference engine: SimPy processes and resources that read like the story."""

from sim.engine.reference.batch import simulate_batch
from sim.engine.reference.simulate import simulate

__all__ = ["simulate", "simulate_batch"]
