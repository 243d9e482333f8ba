"""From a validated scenario and a policy to the arrays that the model works on."""

from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.schedule.expand import expand
from sim.world.arrays import World
from sim.world.build.names import Names
from sim.world.build.world import build

__all__ = ["world_of"]


def world_of(scenario: Scenario, policy: str | Policy) -> tuple[World, Names]:
    """The arrays of a scenario under one of its policies, by name, or any other, and the names of their indices.

    Raises KeyError if the scenario has no policy of that name, and ScenarioError if a policy that is given names what
    is not in the scenario.
    """
    return build(scenario, expand(scenario, policy))
