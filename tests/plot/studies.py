"""Studies made up by hand: known measures, paths and days of firing on the policies of the minimal scenario."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

import sim
from sim.results.run_measures import measure_names
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.study.jobs.job import Failure
from sim.study.study import Results, Study

N, T = 40, 30
LONG = [f"payment-block > closure-order > media-shutdown-{i}" for i in range(11)]
LADDER = {
    "id": "ladder", "when": {"indicator": "share:otc", "above": 0.1},
    "steps": [[{"id": "first", "kind": "payment-block", "announced": "+0 d"}],
              [{"id": "second", "kind": "site-block", "announced": "+0 d"}]],
}  # fmt: skip


@cache
def minimal() -> Scenario:
    return sim.load("configs/minimal.yaml")


def adaptive() -> Policy:
    """The baseline with a rule of two steps."""
    return minimal().policies["baseline"].then(Policy.model_validate({"rules": [LADDER]}))


def study(
    policies: Sequence[str] | Mapping[str, Policy] = ("payments_first",),
    values: Mapping[str, Mapping[str, ArrayLike]] | None = None,
    paths: Mapping[str, NDArray[np.float64]] | None = None,
    fired: Mapping[str, NDArray[np.float64]] | None = None,
    failed: Mapping[str, Sequence[int]] | None = None,
    n: int = N,
) -> Study:
    """A study of n replications; what is not given is drawn, shifted a little from policy to policy.

    `values` are measures by policy and name, `fired` days (n, rungs) of the only rule, `failed` numbers by policy.
    """
    given = dict(policies) if isinstance(policies, Mapping) else {}
    base = minimal()
    more = {name: base.policies["baseline"] for name in policies if name not in base.policies and name not in given}
    scenario = base.with_policies(given | more)
    names = tuple(measure_names([place.id for place in scenario.jurisdictions]))
    day = np.linspace(0.0, (scenario.end - scenario.start).days, T)
    results = {}
    for k, policy in enumerate(dict.fromkeys(["baseline", *policies])):
        measures, path = drawn(k, n, len(names)), (paths or {}).get(policy, shares(k, n))
        for name, each in (values or {}).get(policy, {}).items():
            measures[:, names.index(name)] = each
        gone = list((failed or {}).get(policy, ()))
        measures[gone], path[gone] = np.nan, np.nan
        days = (fired or {}).get(policy)
        days = np.full((n, 0, 0), np.nan) if days is None else days[:, None, :]
        results[policy] = Results(measures, path, days, ("ladder",) if days.size else ())
    failures = [Failure(policy, row, "simulate", "an error") for policy, rows in (failed or {}).items() for row in rows]
    return Study(scenario, 0, "compiled", names, day, results, (), tuple(failures))


def drawn(k: int, n: int, count: int) -> NDArray[np.float64]:
    """Measures (n, count) about 0.5, the same noise for all policies, the k-th of them higher by 0.01 k."""
    noise = np.random.default_rng(1).normal(0.5, 0.05, (n, count))
    return noise + k * (0.01 + 0.004 * np.random.default_rng(k).normal(size=(n, count)))


def shares(k: int, n: int) -> NDArray[np.float64]:
    """Volumes (n, T, 4) that add up to 100; from the tenth day on, the k-th policy drives more from home to OTC."""
    time = np.maximum(np.arange(T) - 9, 0) / T
    level = np.random.default_rng(2).uniform(0.8, 1.2, (n, 1))
    otc = 5 + level * time * (20 + 3 * k)
    home = 90 - otc - level * time * 10
    return np.stack([home, otc, np.full_like(otc, 5.0), 95 - home - otc], axis=2)
