"""From a validated scenario and a policy to the arrays that the model works on."""

from sim.world.build.names import Names
from sim.world.build.world import build

__all__ = ["Names", "build"]
