"""All orders of some interventions, grids of their dates, and all their subsets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, permutations, product
from math import factorial

from sim.arguments import of_type, whole
from sim.scenario.policy.dates import begin
from sim.scenario.policy.policy import Policy, begin_of, chosen, dates_of
from sim.scenario.values.units import write_days
from sim.suggest import did_you_mean

MOST = 1024
"""Most policies of one family, unless a sample is asked for."""
_LISTED = 40320  # orders up to this number (eight interventions) are listed to draw from; more are drawn one by one


@dataclass(frozen=True)
class Variants(Mapping[str, Policy]):
    """Policies by name, in a fixed order; can be given wherever a mapping of policies can."""

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


def orderings(policy: Policy, ids: Iterable[str] | None = None, limit: int | None = None, seed: int = 0) -> Orderings:
    """The policy with some interventions in every order, on the dates on which they begin now (`Policy.permute`).

        sim.orderings(china.policies["baseline"], ["closure-beijing", "site-blocks", "bank-accounts"])

    gives six policies called `closure-beijing > site-blocks > bank-accounts` and so on, the order of now first.
    Without `ids`, all interventions that have a date. Orders that differ only in which of two interventions of the
    same date is named first are the same policy. If there are more than `limit` orders, the order of now and a random
    sample, drawn without repetition from `seed`, make up that number.

    Raises ValueError for ids that are not there or have no date, and for more than 1,024 orders without a `limit`.
    """
    of_type("policy", policy, Policy, "scenario.policies['baseline']")
    for name, number in (("limit", limit or 0), ("seed", seed)):
        whole(name, number)
    dated = tuple(item.id for item in policy.interventions if begin(dates_of(item)) is not None)
    names = dated if ids is None else chosen(policy, ids)
    if len(names) < 2:
        raise ValueError("an order needs at least two interventions with a date")
    begins = {name: begin_of(policy, name) for name in names}
    policy.permute(names)  # says so if dates and offsets are mixed
    now = tuple(sorted(names, key=lambda name: begins[name]))
    orders = {" > ".join(order): order for order in _orders(now, limit, seed)}
    return Orderings({name: policy.permute(order) for name, order in orders.items()}, orders)


def timings(policy: Policy, ids: str | Iterable[str], days: Iterable[float] | Mapping[str, Iterable[float]]) -> Timings:
    """The policy with one intervention earlier and later, or two over a grid (`Policy.delay`).

        sim.timings(china.policies["baseline"], "site-blocks", days=[-180, -90, 0, 90])

    gives four policies called `site-blocks -180 d` and so on. `days` are the same for both, or by id.

    Raises ValueError for ids that are not there or have no date, more than two ids, or a shift given twice.
    """
    of_type("policy", policy, Policy, "scenario.policies['baseline']")
    names = chosen(policy, ids)
    if len(names) not in (1, 2):
        raise ValueError(f"a grid is over one or two interventions, not {len(names)}")
    axes = _axes(names, days)
    points = [dict(zip(names, point, strict=True)) for point in product(*axes)]
    shifts = {", ".join(f"{name} {_signed(by)}" for name, by in point.items()): point for point in points}
    return Timings({name: _shifted(policy, by) for name, by in shifts.items()}, shifts)


def subsets(policy: Policy, ids: Iterable[str]) -> Subsets:
    """The policy with every subset of some interventions, all else as it is (`Policy.without`).

        sim.subsets(china.policies["baseline"], ["site-blocks", "bank-accounts"])

    gives four policies, called `none of them`, `site-blocks`, `bank-accounts` and `site-blocks + bank-accounts`, which
    is the policy itself. It is all that Shapley values of their contributions need (Shapley 1953, "A
    value for n-person games").

    Raises ValueError for ids that are not there, and for more than ten of them.
    """
    of_type("policy", policy, Policy, "scenario.policies['baseline']")
    names = chosen(policy, ids)
    if 2 ** len(names) > MOST:
        raise ValueError(f"{len(names)} interventions have {2 ** len(names):,} subsets; name ten at most")
    parts = [part for size in range(len(names) + 1) for part in combinations(names, size)]
    kept = {" + ".join(part) or "none of them": frozenset(part) for part in parts}
    policies = {name: policy.without(*(id_ for id_ in names if id_ not in subset)) for name, subset in kept.items()}
    return Subsets(policies, kept)


def _orders(now: tuple[str, ...], limit: int | None, seed: int) -> Sequence[tuple[str, ...]]:
    """All orders with the one of now first, or that one and a sample of the others."""
    count = factorial(len(now))
    if limit is None and count > MOST:
        raise ValueError(f"{len(now)} interventions have over {MOST:,} orders; name six at most, or give a `limit`")
    if limit is not None and limit < 1:
        raise ValueError(f"a limit of {limit} leaves no order")
    draw = random.Random(seed)
    if limit is None or count <= limit:
        return list(permutations(now))
    if count <= _LISTED:
        return [now, *draw.sample(list(islice(permutations(now), 1, None)), limit - 1)]
    orders = {now: None}
    while len(orders) < limit:
        orders[tuple(draw.sample(now, len(now)))] = None
    return list(orders)


def _axes(names: tuple[str, ...], days: Iterable[float] | Mapping[str, Iterable[float]]) -> list[list[float]]:
    """The shifts of each intervention."""
    if isinstance(days, Mapping):
        if odd := [name for name in days if name not in names]:
            raise ValueError(f"shifts of {odd[0]}, which is not among those to shift{did_you_mean(odd[0], names)}")
        axes = [list(days.get(name, ())) for name in names]
    else:
        axes = [list(days)] * len(names)
    for name, axis in zip(names, axes, strict=True):
        if not axis:
            raise ValueError(f"no shifts for {name}")
        if len({_signed(by) for by in axis}) < len(axis):
            raise ValueError(f"a shift of {name} is given twice")
    return axes


def _shifted(policy: Policy, shifts: Mapping[str, float]) -> Policy:
    for name, by in shifts.items():
        policy = policy.delay(name, days=by)
    return policy


def _signed(days: float) -> str:
    return f"{'+' if days >= 0 else ''}{write_days(days)}"
