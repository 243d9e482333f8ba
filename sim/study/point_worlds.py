"""The worlds of a policy at points of the parameters, made from that of the file's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.world.arrays import World
from sim.world.build import varied_world, world_of
from sim.world.build.names import Names

Point = Mapping[str, object]
"""Values by path, as a scenario file writes them; none for the file's own."""


@dataclass(frozen=True)
class PointWorlds:
    """A policy of a scenario, less some of its interventions and rules, with values that change from point to point.

    A value of an intervention of the policy is put into that alone: to compose all policies of a file anew, and to
    check them, takes ten times as long as a run. All other values go through `Scenario.with_values`.
    """

    scenario: Scenario
    policy: str
    without: tuple[str, ...] = ()

    @cached_property
    def built(self) -> tuple[World, Names]:
        """The world at the file's values, and the names of its indices."""
        return world_of(self._base, self.policy)

    def world(self, point: Point) -> World:
        """The world at a point. Raises ScenarioError or ValueError for values that are not valid."""
        own = {path: value for path, value in point.items() if path.startswith(self._interventions)}
        rest = {path: value for path, value in point.items() if path not in own}
        if any(path.startswith("policies.") for path in rest):
            own, rest = {}, dict(point)
        varied = self.scenario.with_values(rest) if rest else self.scenario
        if not own and varied.policies is self.scenario.policies:
            policies = self._base.policies
        else:
            policies = self._less(reduce(self._with_value, own.items(), varied.policies[self.policy]))
        varied = varied.model_copy(update={"policies": policies})
        return varied_world(self._base, self.built, varied, self.policy)

    @cached_property
    def _base(self) -> Scenario:
        return self.scenario.model_copy(update={"policies": self._less(self.scenario.policies[self.policy])})

    @property
    def _interventions(self) -> str:
        return f"policies.{self.policy}.interventions."

    def _less(self, policy: Policy) -> dict[str, Policy]:
        return {self.policy: policy.without(*self.without)}

    def _with_value(self, policy: Policy, item: tuple[str, object]) -> Policy:
        return with_policy_value(policy, item[0].removeprefix(self._interventions), item[1])


def with_policy_value(policy: Policy, path: str, value: object) -> Policy:
    """A policy with a value at a path in one of its interventions, `ID.moves.hazard`."""
    id_, *keys = path.split(".")
    nested: Any = value
    for key in reversed(keys):
        nested = {key: nested}
    return policy.replace(id_, nested)
