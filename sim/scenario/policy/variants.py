"""Families of policies for studies of order and timing: a name for each policy, and what sets it apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sim.scenario.policy.policy import Policy


@dataclass(frozen=True)
class Variants(Mapping[str, Policy]):
    """Policies by name, in a fixed order; wherever a mapping of policies is taken, this is one."""

    policies: Mapping[str, Policy] = field(repr=False)

    def __getitem__(self, name: str) -> Policy:
        return self.policies[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.policies)

    def __len__(self) -> int:
        return len(self.policies)


@dataclass(frozen=True)
class Orderings(Variants):
    """`orders`: by name of the policy, the interventions in the order in which they begin."""

    orders: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Timings(Variants):
    """`shifts`: by name of the policy, the shift of each intervention in days, negative for earlier."""

    shifts: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Subsets(Variants):
    """`kept`: by name of the policy, which of the interventions in question it has."""

    kept: Mapping[str, frozenset[str]]
