"""From a validated scenario and a policy to the arrays that the model works on."""

from sim.engine.build.names import Names
from sim.engine.build.world import build

__all__ = ["Names", "build"]
