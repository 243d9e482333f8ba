"""Studies made up by hand: known measures, paths and days of firing on the policies of the minimal scenario."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

import sim
from sim.model.outcomes.measures import measures_of
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.study.jobs.job import Failure
from sim.study.study import Results, Study

N, T = 40, 30
NOISE = np.random.default_rng(3).normal(0, 0.01, N)
HOLED = np.where(np.arange(N) < 5, np.nan, 0.3)
"""Values of a measure that five replications do not have."""
FIRED = np.column_stack([np.linspace(50, 300, N), np.where(np.arange(N) < 20, np.linspace(200, 500, N), np.nan)])
"""Days of two steps, of which half of the replications do not reach the second."""
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


def synthetic_study(
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
    own = dict(policies) if isinstance(policies, Mapping) else {}
    base = minimal()
    copies = {name: base.policies["baseline"] for name in policies if name not in base.policies and name not in own}
    scenario = base.with_policies(own | copies)
    names = tuple(measures_of(scenario))
    day = np.linspace(0.0, (scenario.end - scenario.start).days, T)
    results = {}
    for k, policy in enumerate(dict.fromkeys(["baseline", *policies])):
        measures, path = drawn(k, n, len(names)), (paths or {}).get(policy, shares(k, n))
        for name, value in (values or {}).get(policy, {}).items():
            measures[:, names.index(name)] = value
        without = list((failed or {}).get(policy, ()))
        measures[without], path[without] = np.nan, np.nan
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


EXAMPLES: dict[str, Callable[[], Study]] = {
    "two": synthetic_study,
    "twelve": lambda: synthetic_study(
        LONG, {LONG[0]: {"leakage": np.nan}, LONG[1]: {"leakage": HOLED}}, failed={LONG[2]: [4, 9]}
    ),
    "rules": lambda: synthetic_study(
        {f"watch-{i}": adaptive() for i in range(3)}, fired={f"watch-{i}": FIRED + 9 * i for i in range(3)}
    ),
    "failed": lambda: synthetic_study(["x", "lost"], failed={"lost": range(N)}),
    "one replication": lambda: synthetic_study(["x"], n=1),
    "undefined": lambda: synthetic_study(["x"], {policy: {"leakage": np.nan} for policy in ("baseline", "x")}),
}


@cache
def example(name: str) -> Study:
    """One of the examples, which every figure must be able to show."""
    return EXAMPLES[name]()
