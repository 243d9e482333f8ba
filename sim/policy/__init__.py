"""Interventions as frozen data that moves named levers, on a clock of days; families of policies for studies."""

from sim.policy.expand import expand
from sim.policy.families import orderings, subsets, timings
from sim.policy.sequence import Effect, Intervention, Sequence, Step
from sim.policy.variants import Orderings, Subsets, Timings

__all__ = [
    "Effect",
    "Intervention",
    "Orderings",
    "Sequence",
    "Step",
    "Subsets",
    "Timings",
    "expand",
    "orderings",
    "subsets",
    "timings",
]
