"""What a policy's effect is made of: runs of the sets and orders of its interventions, and their Shapley values."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import factorial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.scenario.policy import algebra
from sim.scenario.policy.families import orderings, subsets
from sim.schedule.expand import expand
from sim.study.compare import compare
from sim.study.decompose import shapley
from sim.study.decompose.decomposition import Decomposition, decompose_sampled
from sim.study.decompose.decomposition import decompose as decompose_sets
from sim.study.jobs.job import Failure
from sim.study.jobs.pool import Workers
from sim.study.jobs.single_runs import singles
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.engine import Engine
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
SETS_OF = 8
"""Most interventions of which all sets are run; of more, random orders are drawn in each replication."""
_ALL_ORDERS = 24  # most orders that are all run
_PAIRS = 4  # of random orders in each replication, an order and its reverse, if there are more
_SHOWN = 8  # ids in a message


@dataclass(frozen=True)
class Asked:
    """What is to be taken apart, and how."""

    scenario: Scenario
    policy: Policy
    ids: tuple[str, ...]
    measure: str
    replications: int
    confidence: float
    seed: int
    executor: Workers
    engine: Engine


def decompose(
    scenario: Scenario, policy: str | Policy, ids: Iterable[str] | None, measure: str, against: str | Policy | None,
    replications: int, orders: bool, confidence: float, seed: int, executor: Workers, engine: Engine,
) -> Decomposition:  # fmt: skip
    """See `sim.decompose`."""
    from sim.model.outcomes.measures import measure_names

    if replications < 2 or seed < 0:
        raise ValueError("replications is a whole number from 2 on, seed one from 0 on")
    names = measure_names([place.id for place in scenario.jurisdictions])
    if measure not in names:
        raise ValueError(f"no measure {measure!r}{did_you_mean(measure, names)}")
    whole = _policy(scenario, policy)
    players = _players(scenario, whole, ids, None if against is None else _policy(scenario, against))
    asked = Asked(scenario, whole, players, measure, replications, confidence, seed, executor, engine)
    if len(players) <= SETS_OF:
        return _from_sets(asked, names, orders)
    if orders:
        raise ValueError(f"effects of order take all sets of {SETS_OF} interventions at most; {len(players)} are named")
    return _from_walks(asked, names)


def _policy(scenario: Scenario, policy: str | Policy) -> Policy:
    if not isinstance(policy, str):
        return policy
    if policy not in scenario.policies:
        raise ValueError(f"no policy {policy!r} in {scenario.name}{did_you_mean(policy, scenario.policies)}")
    return scenario.policies[policy]


def _players(scenario: Scenario, policy: Policy, ids: Iterable[str] | None, against: Policy | None) -> tuple[str, ...]:
    """The interventions and rules among which the effect is divided."""
    if ids is None:
        names = tuple(id_ for id_ in policy.ids if against is None or id_ not in against.ids)
    else:
        names = algebra.chosen(policy, ids)
    if not names:
        raise ValueError("there is no intervention to decompose")
    if against is not None:
        rest, there = _parts(scenario, policy.without(*names)), _parts(scenario, against)
        if odd := sorted(id_ for id_ in rest.keys() | there.keys() if rest.get(id_) != there.get(id_)):
            raise ValueError(
                f"without {', '.join(names[:_SHOWN])} the policy is not the one to compare with: they differ in "
                f"{', '.join(odd[:_SHOWN])}; only what is added to a policy can be divided"
            )
    return names


def _parts(scenario: Scenario, policy: Policy) -> dict[str, object]:
    """What a policy does, by id, whatever it was written like."""
    sequence = expand(scenario, policy)
    interventions, rules = sequence.interventions, sequence.rules
    return {item.id: item for item in interventions} | {rule.id: rule for rule in rules}


def _from_sets(asked: Asked, names: Sequence[str], orders: bool) -> Decomposition:
    """All sets, and all orders if they are few."""
    family = subsets(asked.policy, asked.ids)
    some = orderings(asked.policy, asked.ids) if orders and factorial(len(asked.ids)) <= _ALL_ORDERS else {}
    study = compare(
        asked.scenario, {**family, **some}, asked.replications, seed=asked.seed, executor=asked.executor,
        engine=asked.engine, paths=False,
    )  # fmt: skip
    _tell_undefined(asked, names, {name: study.results[name].measures for name in family}, study.failed)
    bit = {id_: 1 << n for n, id_ in enumerate(asked.ids)}
    columns = {sum(bit[id_] for id_ in kept): study.values(asked.measure, name) for name, kept in family.kept.items()}
    arranged = np.stack([study.values(asked.measure, name) for name in some], axis=1) if some else None
    if orders and arranged is None:
        arranged = _drawn_orders(asked, names)
    values = np.stack([columns[number] for number in range(len(columns))], axis=1)
    return decompose_sets(values, asked.ids, arranged, asked.confidence)


def _drawn_orders(asked: Asked, names: Sequence[str]) -> Floats:
    """The measure under random orders of the interventions, drawn afresh in each replication, (n, 2 pairs)."""
    asked.policy.permute(asked.ids)  # says so if one has no date
    orders = shapley.walks(len(asked.ids), 0, asked.replications, asked.seed, _PAIRS)
    cases = [(tuple(order), r) for r, some in enumerate(orders.tolist()) for order in some]
    found, _ = singles(
        asked.scenario, dict.fromkeys(cases), lambda order: asked.policy.permute(asked.ids[place] for place in order),
        asked.seed, asked.executor, asked.engine,
    )  # fmt: skip
    column = names.index(asked.measure)
    return np.array([found[case][column] for case in cases]).reshape(orders.shape[:2])


def _from_walks(asked: Asked, names: Sequence[str]) -> Decomposition:
    """Random orders of adding the interventions, an order and its reverse in each replication."""
    orders = shapley.walks(len(asked.ids), 0, asked.replications, asked.seed)
    sets = shapley.steps(orders).tolist()
    cases = dict.fromkeys(((number,), r) for r, walks in enumerate(sets) for walk in walks for number in walk)

    def kept(key: tuple[int, ...]) -> Policy:
        return asked.policy.without(*(id_ for bit, id_ in enumerate(asked.ids) if not key[0] >> bit & 1))

    found, failed = singles(asked.scenario, cases, kept, asked.seed, asked.executor, asked.engine)
    tables: dict[str, list[Floats]] = {}
    for (key, _), row in found.items():
        tables.setdefault(_called(asked, key[0]), []).append(row)
    _tell_undefined(asked, names, {name: np.array(rows) for name, rows in tables.items()}, failed)
    column = names.index(asked.measure)
    values = [[[found[(number,), r][column] for number in walk] for walk in walks] for r, walks in enumerate(sets)]
    return decompose_sampled(orders, values, asked.ids, asked.confidence)


def _called(asked: Asked, number: int) -> str:
    """A set in words."""
    some = [id_ for bit, id_ in enumerate(asked.ids) if number >> bit & 1]
    return " + ".join(some) or "none of them"


def _tell_undefined(
    asked: Asked, names: Sequence[str], tables: Mapping[str, Floats], failed: Sequence[Failure]
) -> None:
    """Raise ValueError if the measure is never defined under some set; warn if it is not in some replications.

    `tables` (n, M) are the measures under each set.
    """
    column = names.index(asked.measure)
    missing = {name: np.isnan(table[:, column]) for name, table in tables.items()}
    if not any(rows.any() for rows in missing.values()):
        return
    whole = np.concatenate(list(tables.values()))
    always = [name for n, name in enumerate(names) if ":" not in name and not np.isnan(whole[:, n]).any()]
    instead = f"measures that are always defined here: {', '.join(always) or 'none'}"
    if never := [name for name, rows in missing.items() if rows.all() and len(rows) == asked.replications]:
        raise ValueError(f"{asked.measure} is not defined under {never[0]!r}, with which all is compared; {instead}")
    worst = max(missing, key=lambda name: float(missing[name].mean()))
    crashed = f" ({len(failed)} of them could not be simulated)" if failed else ""
    warnings.warn(
        f"{asked.measure} is not defined in {sum(int(rows.sum()) for rows in missing.values())} runs{crashed}, most "
        f"often under {worst!r}; replications with such a run are left out and counted as undefined; {instead}",
        stacklevel=5,
    )
