"""Many histories of a scenario: compare policies, explore one, fit what is uncertain to the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from sim.study.call_arguments import check_scenario, evidence_in

if TYPE_CHECKING:
    from sim.calibration.calibrate import Calibration
    from sim.engine import Engine
    from sim.evidence.facts import Evidence
    from sim.explorer.widget import Explorer
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.drawn_from import DrawnFrom
    from sim.study.jobs.worker_pool import Workers
    from sim.study.precision import Precision
    from sim.study.study import Study


def compare(
    scenario: Scenario,
    policies: Sequence[str] | Mapping[str, Policy] | None = None,
    replications: int | None = None,
    until: Precision | Sequence[Precision] = (),
    seed: int = 0,
    executor: Workers = None,
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


def explore(
    scenario: Scenario, *, replications: int = 100, seed: int = 0, executor: Workers = None, link: str = ""
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


def calibrate(
    scenario: Scenario | Sequence[Scenario],
    evidence: str | PathLike[str] | Sequence[str | PathLike[str]] | None = None,
    *,
    waves: int = 3,
    points: int | None = None,
    replications: int = 3,
    draws: int = 200,
    seed: int = 0,
    executor: Workers = None,
    store: str | PathLike[str] | None = None,
) -> Calibration:
    """Find the values under `uncertainties` that the record allows: history matching in waves, then a posterior.

        found = sim.calibrate(sim.load("mine.yaml"), executor=2, store="out/mine")
        found.waves()
        found.posteriors["mine"].write("mine.posterior.csv")
        sim.compare(sim.load("mine.yaml"), draws="posterior")

    Several scenarios are calibrated jointly: parameters with the same path and range are one, all others belong to
    their scenario.

    Parameters
    ----------
    evidence
        The evidence file, or one for each scenario (default: that of the same name in the folder `evidence` beside the
        scenario). Its facts with `use: calibrate` are used, all others kept aside.
    waves, points, replications
        Each wave simulates `points` points (default: ten for each parameter), so many replications of each.
    draws
        Plausible worlds in the posterior.
    executor
        As in `compare`.
    store
        A folder that gets a file for each wave; a calibration that was interrupted goes on from there.

    Raises ValueError without uncertainties or facts, and for a folder of another calibration. Needs scikit-learn
    (`pip install 'regpressure[calibration]'`).
    """
    from sim.scenario.scenario import Scenario

    scenarios = [scenario] if isinstance(scenario, Scenario | str) else list(scenario)
    for each in scenarios:
        check_scenario(each, waves=waves, points=points, replications=replications, draws=draws, seed=seed)
    from sim.calibration.calibrate import calibrate as study
    from sim.calibration.calibrate import matching_plan

    files = [evidence] if isinstance(evidence, str | PathLike) else evidence
    plan = matching_plan(scenarios, waves, points, replications, seed)
    return study(scenarios, files, plan, draws, executor, store)
