"""Policies that build on other policies, resolved on the tree before validation.

    payments_first:
      extends: baseline
      order: [payment-block, closure]

What a policy can change in the one that it extends is in `policy_changes`. A resolved policy holds only `name`,
`description`, `interventions` and `rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sim.scenario.document.tree import Node, problem
from sim.scenario.errors import Path, Problem
from sim.scenario.reading.policy_changes import CHANGES, applied
from sim.scenario.values.units import show
from sim.suggest import did_you_mean

KEYS = ("name", "description", "extends", *CHANGES, "interventions", "rules")
"""What a policy may hold in a file."""
LONGEST_CHAIN = 30
"""Most policies that may extend one another in a row."""


Finish = Callable[[str, Node], Node]
"""Takes the name of a policy and the policy, resolved, and returns what stands in its place."""


def compose(root: Node, finish: Finish | None = None) -> tuple[Node, list[Problem]]:
    """The tree with every policy resolved, and everything found wrong on the way.

    `finish` is called with each one before others build on it.
    """
    policies = root.child("policies")
    if policies is None or not isinstance(policies.value, dict):
        return root, []
    composer = _Composer(root, policies.entries, finish or (lambda _, policy: policy))
    resolved = {name: composer.policy(name) for name in policies.entries}
    return root.with_entries({"policies": replace(policies, value=resolved)}), composer.problems


class _Composer:
    """Resolves each policy once and notes what is wrong."""

    def __init__(self, root: Node, policies: Mapping[str, Node], finish: Finish) -> None:
        self.root = root
        self.policies = policies
        self.finish = finish
        self.resolved: dict[str, Node] = {}
        self.problems: list[Problem] = []

    def report(self, path: Path, message: str, *, key: bool = False) -> None:
        self.problems.append(problem(self.root, ("policies", *path), message, "policy", key=key))

    def policy(self, name: str, chain: tuple[str, ...] = ()) -> Node:
        """The policy called `name` in resolved form; `chain` are those that extend it, for circles."""
        if name not in self.resolved:
            self.resolved[name] = self.finish(name, self.resolve(name, self.policies[name], (*chain, name)))
        return self.resolved[name]

    def resolve(self, name: str, policy: Node, chain: tuple[str, ...]) -> Node:
        if not isinstance(policy.value, dict):
            return policy
        for key in policy.entries:
            if key not in KEYS:
                self.report((name, key), f"unknown key{did_you_mean(key, KEYS)}", key=True)
        policy = policy.without_entries(*(key for key in policy.entries if key not in KEYS))
        base = self.base(name, policy, chain)
        if base is None:
            return policy.without_entries("extends", *CHANGES)
        return applied(policy, base, lambda path, message, key: self.report((name, *path), message, key=key))

    def base(self, name: str, policy: Node, chain: tuple[str, ...]) -> Node | None:
        """The policy that this one extends, resolved; None if it extends none, or one that cannot be resolved."""
        parent = policy.child("extends")
        if parent is None:
            for key in CHANGES:
                if key in policy.entries:
                    self.report((name, key), "works only together with `extends`", key=True)
        elif not isinstance(parent.value, str) or parent.value not in self.policies:
            called = show(parent.value)
            self.report((name, "extends"), f"no policy called {called}{did_you_mean(called, self.policies)}")
        elif parent.value in chain:
            circle = " -> ".join((*chain[chain.index(parent.value) :], parent.value))
            self.report((name, "extends"), f"goes in a circle: {circle}")
        elif len(chain) > LONGEST_CHAIN:
            self.report((name, "extends"), f"extends through more than {LONGEST_CHAIN} policies")
        else:
            return self.policy(parent.value, chain)
        return None
