"""Interventions as frozen data that moves named levers, on a clock of days."""

from sim.policy.expand import expand
from sim.policy.sequence import Effect, Intervention, Sequence, Step

__all__ = ["Effect", "Intervention", "Sequence", "Step", "expand"]
