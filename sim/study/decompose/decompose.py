"""Decompose the effect of a policy: simulate sets and sequences of its interventions, and compute Shapley values."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import factorial

import numpy as np

from sim.arguments import whole
from sim.engine import Engine
from sim.scenario.policy.families import orderings, subsets
from sim.scenario.policy.policy import Policy, chosen
from sim.scenario.scenario import Scenario
from sim.schedule.expand import UNNAMED, expand
from sim.study.call_arguments import check_scenario
from sim.study.compare import compare
from sim.study.decompose import shapley
from sim.study.decompose.decomposition import Decomposition, decompose_sampled, decompose_sets
from sim.study.drawn_from import DrawnFrom, drawn_from
from sim.study.jobs.job import Failure
from sim.study.jobs.measure_reader import MeasureReader, measure_reader, stored_names
from sim.study.jobs.single_runs import individual_runs
from sim.study.jobs.worker_pool import Workers
from sim.study.statistics.parameter_draws import Draws
from sim.suggest import check_known
from sim.world.arrays import Floats

MOST_IN_ALL_SETS = 8
"""Up to so many interventions, all sets are simulated; of more, random orders are drawn in each replication."""
_MOST_ORDERS_RUN = 24  # up to so many, all orders are simulated
_ORDER_PAIRS = 4  # of more, random orders drawn in each replication: an order and its reverse
_IDS_LISTED = 8  # in a message


@dataclass(frozen=True)
class _Request:
    """The effect to decompose, and how; `name` is that of the policy in the scenario."""

    scenario: Scenario
    name: str
    ids: tuple[str, ...]
    measure: str
    replications: int
    confidence: float
    seed: int
    executor: Workers
    engine: Engine
    draws: Draws | None

    @property
    def policy(self) -> Policy:
        """The policy at the values of the file."""
        return self.scenario.policies[self.name]

    @property
    def count(self) -> int | None:
        """How many draws of the parameters there are; None if they are not drawn."""
        return None if self.draws is None else self.draws.count


def decompose(
    scenario: Scenario,
    policy: str | Policy = "baseline",
    ids: Sequence[str] | None = None,
    measure: str = "leakage",
    *,
    against: str | Policy | None = None,
    replications: int = 200,
    orders: bool = False,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    draws: DrawnFrom = None,
) -> Decomposition:
    """What each intervention of a policy adds to a measure: by itself, together, and by the order in which they come.

        parts = sim.decompose(china, "baseline", ["closure-beijing", "site-blocks", "bank-accounts"], "suppression")
        parts.table()

    The effect of `ids` (interventions and rules; default: all of the policy, or all that `against` has not) is divided
    by Shapley values over paired replications. Up to eight are run in all their sets; of more, random orders of adding
    them are drawn in each replication, and only their shares are found. `orders=True` also compares the order in which
    they come with all other orders (more than 24: with eight random ones in each replication), on the dates on which
    they begin. `against`: the policy that is left without `ids`; it only serves to check that nothing else differs.
    `draws`, as in `compare`, gives replications draws of what is uncertain: each part is then a mean over what is
    plausible, and the table says where the middle 95 % of the draws have it.

    Replications in which the measure is not defined under some set are left out, with a warning, and counted in each
    estimate. Raises ValueError for what is not there, and if the measure is never defined under some set, as leakage is
    not when nothing pushes anybody out; the message names measures that are.
    """
    check_scenario(scenario, replications=replications, seed=seed)
    whole("replications", replications, 2)
    reader = measure_reader(scenario, tuple(dict.fromkeys([*stored_names(scenario), measure])))
    count, posterior = drawn_from(scenario, draws)
    compared = None if against is None else _policy(scenario, against)
    players = _players(scenario, _policy(scenario, policy), ids, compared)
    named, name = _named(scenario, policy)
    drawn = None if count is None else Draws(named, seed, count, posterior)
    request = _Request(named, name, players, measure, replications, confidence, seed, executor, engine, drawn)
    if len(players) <= MOST_IN_ALL_SETS:
        found = _from_sets(request, reader, orders)
    elif orders:
        raise ValueError(
            f"effects of order take all sets of {MOST_IN_ALL_SETS} interventions at most; {len(players)} are named"
        )
    else:
        found = _from_walks(request, reader)
    return replace(found, from_record=posterior is not None, uncertain=len(scenario.uncertainties))


def _named(scenario: Scenario, policy: str | Policy) -> tuple[Scenario, str]:
    """The scenario with a policy that may be none of its own, and its name there.

    A policy follows what is drawn only as one of the scenario.
    """
    if isinstance(policy, str):
        return scenario, policy
    own = [name for name, each in scenario.policies.items() if each == policy]
    return (scenario, own[0]) if own else (scenario.with_policies({UNNAMED: policy}), UNNAMED)


def _policy(scenario: Scenario, policy: str | Policy) -> Policy:
    if not isinstance(policy, str):
        return policy
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    return scenario.policies[policy]


def _players(scenario: Scenario, policy: Policy, ids: Iterable[str] | None, against: Policy | None) -> tuple[str, ...]:
    """The ids of the interventions and rules among which the effect is divided. Raises ValueError if there are none."""
    if ids is None:
        names = tuple(id_ for id_ in policy.ids if against is None or id_ not in against.ids)
    else:
        names = chosen(policy, ids)
    if not names:
        raise ValueError("there is no intervention to decompose")
    if against is not None:
        rest, expected = _by_id(scenario, policy.without(*names)), _by_id(scenario, against)
        if odd := sorted(id_ for id_ in rest.keys() | expected.keys() if rest.get(id_) != expected.get(id_)):
            raise ValueError(
                f"without {', '.join(names[:_IDS_LISTED])} the policy is not the one to compare with: they differ in "
                f"{', '.join(odd[:_IDS_LISTED])}; only what is added to a policy can be divided"
            )
    return names


def _by_id(scenario: Scenario, policy: Policy) -> dict[str, object]:
    """The scheduled interventions and the rules of a policy by id, which do not depend on how it was written."""
    schedule = expand(scenario, policy)
    interventions = {item.id: item for item in schedule.interventions}
    return interventions | {rule.id: rule for rule in schedule.rules}


def _from_sets(request: _Request, reader: MeasureReader, orders: bool) -> Decomposition:
    """From simulations of all sets and, with `orders`, of all orders or a sample of them."""
    sets = subsets(request.policy, request.ids)
    few = factorial(len(request.ids)) <= _MOST_ORDERS_RUN
    all_orders = orderings(request.policy, request.ids) if orders and few else {}
    study = compare(
        request.scenario, {**sets, **all_orders}, request.replications, seed=request.seed, executor=request.executor,
        engine=request.engine, paths=bool(reader.records),
        draws=None if request.draws is None else request.draws.posterior or request.draws.count,
    )  # fmt: skip
    measures = {name: np.column_stack([study.values(each, name) for each in reader.names]) for name in sets}
    _check_defined(request, reader.names, measures, study.failed)
    bit = {id_: 1 << n for n, id_ in enumerate(request.ids)}
    columns = {sum(bit[id_] for id_ in ids): study.values(request.measure, name) for name, ids in sets.kept.items()}
    values = np.stack([columns[number] for number in range(len(columns))], axis=1)
    order_values = None
    if all_orders:
        order_values = np.stack([study.values(request.measure, name) for name in all_orders], axis=1)
    elif orders:
        order_values = _sampled_orders(request, reader)
    return decompose_sets(values, request.ids, order_values, request.confidence, request.count)


def _sampled_orders(request: _Request, reader: MeasureReader) -> Floats:
    """The measure under random orders of the interventions, drawn anew in each replication, (n, 2 pairs)."""
    request.policy.permute(request.ids)  # raises ValueError if one has no date
    orders = shapley.walks(len(request.ids), 0, request.replications, request.seed, _ORDER_PAIRS)
    cases = [(tuple(order), r) for r, drawn in enumerate(orders.tolist()) for order in drawn]
    measures, _ = individual_runs(
        request.scenario, dict.fromkeys(cases),
        lambda order, scenario: scenario.policies[request.name].permute(request.ids[index] for index in order),
        request.seed, request.executor, request.engine, reader, request.draws,
    )  # fmt: skip
    column = reader.names.index(request.measure)
    return np.array([measures[case][column] for case in cases]).reshape(orders.shape[:2])


def _from_walks(request: _Request, reader: MeasureReader) -> Decomposition:
    """From random orders of adding the interventions, an order and its reverse in each replication."""
    orders = shapley.walks(len(request.ids), 0, request.replications, request.seed)
    sets = shapley.steps(orders).tolist()
    cases = dict.fromkeys(((number,), r) for r, walks in enumerate(sets) for walk in walks for number in walk)

    def policy_of(key: tuple[int, ...], scenario: Scenario) -> Policy:
        whole = scenario.policies[request.name]
        return whole.without(*(id_ for bit, id_ in enumerate(request.ids) if not key[0] >> bit & 1))

    measures, failed = individual_runs(
        request.scenario, cases, policy_of, request.seed, request.executor, request.engine, reader, request.draws
    )
    rows_of_set: dict[str, list[Floats]] = {}
    for ((number,), _), row in measures.items():
        ids = [id_ for bit, id_ in enumerate(request.ids) if number >> bit & 1]
        rows_of_set.setdefault(" + ".join(ids) or "none of them", []).append(row)
    _check_defined(request, reader.names, {name: np.array(rows) for name, rows in rows_of_set.items()}, failed)
    column = reader.names.index(request.measure)
    values = [[[measures[(number,), r][column] for number in walk] for walk in walks] for r, walks in enumerate(sets)]
    return decompose_sampled(orders, values, request.ids, request.confidence, request.count)


def _check_defined(
    request: _Request, names: Sequence[str], tables: Mapping[str, Floats], failed: Sequence[Failure]
) -> None:
    """Raise ValueError if the measure is never defined under some set; warn if it is not in some replications.

    `tables` (n, M) are the measures under each set.
    """
    column = names.index(request.measure)
    undefined = {name: np.isnan(table[:, column]) for name, table in tables.items()}
    if not any(rows.any() for rows in undefined.values()):
        return
    all_rows = np.concatenate(list(tables.values()))
    always = [name for n, name in enumerate(names) if ":" not in name and not np.isnan(all_rows[:, n]).any()]
    alternatives = f"measures that are always defined here: {', '.join(always) or 'none'}"
    if never := [name for name, rows in undefined.items() if rows.all() and len(rows) == request.replications]:
        raise ValueError(
            f"{request.measure} is not defined under {never[0]!r}, with which all is compared; {alternatives}"
        )
    worst = max(undefined, key=lambda name: float(undefined[name].mean()))
    crashed = f" ({len(failed)} of them could not be simulated)" if failed else ""
    count = sum(int(rows.sum()) for rows in undefined.values())
    warnings.warn(
        f"{request.measure} is not defined in {count} runs{crashed}, most "
        f"often under {worst!r}; replications with such a run are left out and counted as undefined; {alternatives}",
        stacklevel=4,
    )
