"""Many histories of many policies: compare them, find the best, vary what is around them, take them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from sim.api.call_arguments import check_scenario, evidence_in

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.engine import Engine
    from sim.evidence.facts import Evidence
    from sim.explorer.widget import Explorer
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.decompose.decomposition import Decomposition
    from sim.study.drawn_from import DrawnFrom
    from sim.study.precision import Precision
    from sim.study.race.race import Selection
    from sim.study.search.search import Search
    from sim.study.search.variants import Timing
    from sim.study.study import Study
    from sim.study.sweep.sweep import Sweep


def compare(
    scenario: Scenario,
    policies: Sequence[str] | Mapping[str, Policy] | None = None,
    replications: int | None = None,
    until: Precision | Sequence[Precision] = (),
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    paths: bool | None = None,
    draws: DrawnFrom = None,
    evidence: Evidence | str | PathLike[str] | None = None,
) -> Study:
    """Compare policies with the baseline over replications that share their random numbers.

    `policies` are names of the scenario's (default: all), or new ones by name (`{"no ban": baseline.without("ban")}`);
    the baseline is always there. `replications` (default 100) of each, or `until` one or several `sim.Precision` of
    the paired difference are reached. `executor`: None works in this process; a number takes so many threads (processes
    for the reference engine); or hand in any executor, such as Dask's `client.get_executor(pure=False)`. `engine` is
    `compiled` unless told otherwise. `store` is a folder that results go to as they arrive; a study that was cut short
    goes on from there. The paths of the shares, which fans need, are kept in a store, and without one if there are at
    most 10,000 replications; `paths` says otherwise.

    `draws=K` lets the parameters under `uncertainties` vary too, uniformly within their ranges: replication r of every
    policy has draw r modulo K. Intervals then cover both chance and what nobody knows, with K independent draws; give
    as many draws as replications unless runs are dear. Draw k is the same however many there are. A precision that is
    not reached when each draw has had a replication is given up. `draws="posterior"`
    takes the plausible worlds in `NAME.posterior.csv` beside the scenario file instead, which `calibrate` makes, and
    `study.plausible("leakage")` says in how many of them a policy is better. A posterior that was made before the
    scenario changed is refused.

    `evidence`, as in `check`, adds to the measures what runs say to each fact of the record: `fact:okex-share`.

    The results are the same to the last bit whoever does the work. Raises ValueError for what cannot be compared. Warns
    as `run` does.
    """
    check_scenario(scenario, replications=replications, seed=seed)
    from sim.study.compare import compare as study
    from sim.study.do_nothing import warn_once

    warn_once(scenario)
    facts = evidence_in(evidence, scenario)
    return study(
        scenario, policies, replications, until, seed, executor, engine, store, paths, draws=draws, evidence=facts
    )  # fmt: skip


def race(
    scenario: Scenario,
    policies: Sequence[str] | Mapping[str, Policy] | None,
    measure: str,
    *,
    delta: float,
    larger_is_better: bool,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    n0: int = 30,
    maximum: int = 10_000,
    undefined: float | None = None,
    evidence: Evidence | str | PathLike[str] | None = None,
    draws: DrawnFrom = None,
) -> Selection:
    """Find the best of many policies by a measure, such as all orders of some interventions (`sim.orderings`).

        orders = sim.orderings(china.policies["baseline"], ["closure-beijing", "site-blocks", "bank-accounts"])
        sim.race(china, orders, "suppression", delta=0.01, larger_is_better=True)

    All policies run in the same replications, and a policy that is beaten is simulated no further (Kim & Nelson 2001,
    ACM TOMACS 11(3)). If the best is ahead of all others by `delta` (in the unit of the measure), it is found with
    probability `confidence`; others within `delta` may win instead. `policies`: names of the scenario's (None: all), or
    policies by name. `n0`: replications of the first stage. `maximum`: replications after which it ends without a
    guarantee. `undefined`: the value of replications in which the measure is not defined. `evidence`, as in `check`:
    its facts are measures too, such as `fact:okex-share`. `draws`, as in `compare`, gives each replication a draw of
    its own of what is uncertain, and so the best is that in the mean over what is plausible; the race ends when all are
    used.

    The result is the same to the last bit whatever `executor` does the work (see `compare`). Raises ValueError for an
    unknown policy or measure, fewer than two policies, and a measure that is not defined in some replication, naming
    the policy.
    """
    check_scenario(scenario, seed=seed, n0=n0, maximum=maximum)
    from sim.study.race.kim_nelson import RaceOptions
    from sim.study.race.race import race as study

    options = RaceOptions(delta, confidence, n0, maximum, larger_is_better)
    facts = evidence_in(evidence, scenario)
    return study(scenario, policies, measure, options, seed, executor, engine, undefined, facts, draws)


def sweep(
    scenario: Scenario,
    over: Mapping[str, Sequence[object] | str] | Sequence[str] | None = None,
    policies: Sequence[str] | Mapping[str, Policy] | None = None,
    replications: int = 20,
    *,
    points: int | None = None,
    measures: Sequence[str] | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    evidence: Evidence | str | PathLike[str] | None = None,
    draws: DrawnFrom = None,
) -> Sweep:
    """Compare policies at many points of the parameters.

        sim.sweep(china, {"demand.onramp": [0.5, 1, 2], "decisions.horizon": ["90 d", "365 d"]}, ["payments_first"])
        sim.sweep(china, {"demand.onramp": "0.5..3"}, points=50)

    `over`: by path the values, or a range `low..high` in the units of the file; or only paths, whose ranges stand under
    `uncertainties` (None: all of these). Without `points`, every combination of the values; with them, so many points
    of a Latin hypercube over values and ranges. All points share their random numbers. `measures`: those to keep
    (default: all that are not part of another). `policies`, `replications`, `executor` and `engine` as in `compare`.
    `store`: a folder that gets `points.csv` and a study per point, `point-0001` and so on. `evidence`, as in `check`:
    its facts are measures too, such as `fact:okex-share`.

    `draws`, as in `compare`, lets what else is uncertain vary at every point, in the same draws at all: those of
    `uncertainties` that are not swept over, or a posterior of other parameters. One of what is swept over is refused.

    A point at which the values are not valid together is a failure, and the others go on. Raises ValueError for what
    cannot be swept, ScenarioError for a path that leads nowhere.
    """
    check_scenario(scenario, replications=replications, points=points, seed=seed)
    from sim.study.sweep.sweep import sweep as study

    facts = evidence_in(evidence, scenario)
    return study(
        scenario, over, policies, replications, points, measures, confidence, seed, executor, engine, store, facts,
        draws,
    )  # fmt: skip


def search(
    scenario: Scenario,
    objectives: Mapping[str, bool] | None = None,
    budget: Mapping[str, float] | None = None,
    *,
    base: str = "baseline",
    interventions: Sequence[str] | None = None,
    timing: Timing = "shift",
    furthest: float = 180.0,
    step: float = 30.0,
    strongest: float = 2.0,
    trials: int = 160,
    replications: int = 30,
    draws: DrawnFrom = None,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
) -> Search:
    """Search for policies that none of the others beats in all objectives, within a budget.

        found = sim.search(china, {"suppression": True, "leakage": False}, {"agency_days": 900}, executor=2)
        found.table()

    Optuna proposes policies in batches; all run in the same replications. Those that none beats are then run in fresh
    replications, and with fresh draws of the parameters: what was chosen for being best looks better than it is
    (winner's curse), and only the fresh values are unbiased. `table` has both.

    Parameters
    ----------
    objectives
        By measure whether more of it is better (default: more suppression, less leakage).
    budget
        By measure what its mean may not exceed, such as `agency_days`, the work of the agencies.
    base, interventions
        The policy to begin with, and which of its interventions may be left out and changed (default: all with a date).
    timing, furthest, step
        `shift`: dates move by up to `furthest` days in steps of `step`. `order`: interventions take each other's
        places. `fixed`: neither.
    strongest
        Largest factor of `Policy.strengthen`, whose inverse is the smallest; 1 for no change.
    trials, replications
        Policies to try, and replications of each.
    draws
        As in `compare`; of a posterior, half of the rows serve the search and the others the check.
    store
        A folder that keeps finished trials; a search that was interrupted, or is to be longer, goes on from there.

    The result is the same to the last bit whatever `executor` does the work. Raises ValueError for what cannot be
    searched. Needs Optuna (`pip install 'regpressure[search]'`).
    """
    check_scenario(scenario, trials=trials, replications=replications, seed=seed)
    from sim.study.search.search import Objectives
    from sim.study.search.search import search as study
    from sim.study.search.variants import search_space
    from sim.suggest import check_known

    check_known(base, scenario.policies, "policy", f" in {scenario.name}")
    space = search_space(scenario.policies[base], interventions, timing, furthest, step, strongest)
    sought = Objectives(objectives or {"suppression": True, "leakage": False}, budget or {})
    return study(scenario, space, sought, base, trials, replications, draws, seed, executor, engine, store)


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
    executor: Executor | int | None = None,
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
    from sim.study.decompose.decompose import decompose as study

    return study(
        scenario, policy, ids, measure, against, replications, orders, confidence, seed, executor, engine, draws
    )


def explore(
    scenario: Scenario,
    *,
    replications: int = 100,
    seed: int = 0,
    executor: Executor | int | None = None,
    link: str = "",
) -> Explorer:
    """Change a policy in a notebook, with sliders and switches, and see what differs from the baseline.

        explorer = sim.explore(china)
        explorer
        sim.compare(china, {"mine": explorer.policy}, replications=500)

    The answer comes after a few `replications` and is refined up to these. They are those of `compare`, so the numbers
    are the same to the last bit. `link`: the state to begin with, as the explorer copies it and as it stands after `#`
    in the address of `regpressure explore`, the same as a page. `executor` as in `compare`.

    Needs anywidget (`pip install 'regpressure[explorer]'`); raises ModuleNotFoundError without it.
    """
    from importlib.util import find_spec

    check_scenario(scenario, replications=replications, seed=seed)
    if find_spec("anywidget") is None:
        raise ModuleNotFoundError("the explorer needs a library more: pip install 'regpressure[explorer]'")
    from sim.explorer.session import session_of
    from sim.explorer.widget import Explorer

    return Explorer(session_of(scenario, seed=seed, replications=replications, workers=executor), link)
