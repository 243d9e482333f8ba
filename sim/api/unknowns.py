"""What is not known: fit it to the record, check it, and find what it decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Literal

from sim.api.call_arguments import check_scenario, evidence_in
from sim.arguments import of_type

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.calibration.calibrate import Calibration
    from sim.engine import Engine
    from sim.evidence.facts import Evidence
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.discovery.discover import Discovery
    from sim.study.drawn_from import DrawnFrom
    from sim.study.record_check import RecordCheck
    from sim.study.sensitivity.sensitivity import Sensitivity
    from sim.study.sensitivity.tipping import Tipping
    from sim.study.sensitivity.unit_cube import Method
    from sim.study.statistics.posterior import Posterior
    from sim.study.study import Study


def calibrate(
    scenario: Scenario | Sequence[Scenario],
    evidence: str | PathLike[str] | Sequence[str | PathLike[str]] | None = None,
    *,
    waves: int = 3,
    points: int | None = None,
    replications: int = 3,
    draws: int = 200,
    seed: int = 0,
    executor: Executor | int | None = None,
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


def check(
    scenario: Scenario,
    evidence: Evidence | str | PathLike[str] | None = None,
    policy: str = "baseline",
    replications: int = 100,
    *,
    draws: Posterior | Literal["posterior", "ranges"] | None = None,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
) -> RecordCheck:
    """Set a scenario beside the facts of its record: what it predicts, and which its interventions move at all.

        found = sim.check(sim.load("china_2017"), executor=2)
        found.table()       # record, prediction with its 90 % interval, inside or not, power
        found.forecasts()   # monthly series against two naive forecasts
        found.plot.record()

    `evidence`: an evidence file (`configs/evidence/README.md`), or what `sim.evidence.facts.read_evidence` made of one;
    None: the file of the scenario's name in the folder `evidence` beside it. `policy` is what happened. Each
    replication has a draw of its own of what is uncertain, so a prediction holds chance and parameters, and the errors
    of model and record that stand with each fact. `draws`: "ranges" of the file, its "posterior", or one that is handed
    in; None: the posterior beside the file, or the ranges where there is none. The same replications without the
    interventions give the **power** of a fact: how likely a record as predicted would speak against a world without
    them, at a level of 10 %. Ten replications in each of some of these worlds tell what would be left of an interval if
    the parameters were known (`width_known`). `executor` and `engine` are as in `compare`.

    Raises ValueError for an unknown policy, for a posterior that is not the scenario's, and where no evidence is found,
    ScenarioError for what is wrong in its file.
    """
    check_scenario(scenario, replications=replications, seed=seed)
    from sim.study.record_check import check as study
    from sim.study.record_check import evidence_of

    record = evidence_in(evidence_of(scenario) if evidence is None else evidence, scenario)
    assert record is not None
    return study(scenario, record, policy, replications, draws, seed=seed, executor=executor, engine=engine)


def sensitivity(
    scenario: Scenario,
    policies: Sequence[str] | Mapping[str, Policy] | None = None,
    measures: Sequence[str] = ("suppression", "leakage"),
    method: Method | None = None,
    *,
    over: Mapping[str, str] | Sequence[str] | None = None,
    size: int | None = None,
    replications: int = 8,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    draws: DrawnFrom = None,
) -> Sensitivity:
    """Find which uncertain parameters matter, for measures and for the differences between policies.

        found = sim.sensitivity(china, ["payments_first"], method="morris", executor=2)
        found.table("leakage")
        found.table("leakage", "payments_first", against="baseline")
        found.shares("leakage", "payments_first", against="baseline")
        sim.sensitivity(china, ["payments_first"], draws="posterior")

    All points and policies have their replications in common, so a difference between policies is paired at each point.

    Parameters
    ----------
    policies, executor, engine
        As in `compare`.
    measures
        Those to keep.
    method
        `tornado` (default): each parameter at both ends of its range, all others at the file's values. `morris`:
        elementary effects, to tell what matters from what does not. `sobol`: parts of the variance, alone and with
        others. `rbd-fast` (default with draws): parts of the variance over draws of all parameters at once.
    over
        Paths whose ranges stand under `uncertainties` (default: all of these), or ranges by path, `low..high`.
    size
        Trajectories of `morris` (default 10, each one point more than there are parameters) or base points of `sobol`
        (a power of two, default 64, each two points more than there are parameters).
    replications
        Of each policy at each point; measures are averaged over them.
    store
        A folder that gets the points as they are done; a study that was interrupted goes on from there.
    draws
        As in `compare`, 50 or more, for `rbd-fast` alone: the other methods move parameters independently, into worlds
        that the record excludes. Parameters of a posterior depend on each other; `first` counts what goes with a
        parameter too, `own` what it explains beyond all others.

    Raises ValueError for what cannot be varied. All but `tornado` need SALib (`pip install
    'regpressure[sensitivity]'`).
    """
    check_scenario(scenario, size=size, replications=replications, seed=seed)
    from sim.study.sensitivity.sensitivity import sensitivity as study

    return study(
        scenario, policies, measures, method, over, size, replications, confidence, seed, executor, engine, store,
        draws=draws,
    )  # fmt: skip


def tipping(
    scenario: Scenario,
    a: str,
    b: str,
    parameter: str,
    measure: str = "leakage",
    *,
    between: str | None = None,
    larger_is_better: bool | None = None,
    points: int = 9,
    replications: int | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    draws: DrawnFrom = None,
    store: str | PathLike[str] | None = None,
) -> Tipping:
    """Find the value of a parameter at which policy `a` stops beating policy `b`, all else at the file's values.

        found = sim.tipping(china, "payments_first", "baseline", "segments.active.circumvention.payment")
        print(found)
        found.plot()

    Both run at `points` values from end to end of the range, at all of them in the same replications. Between two
    points the mean difference is taken as a straight line; the interval resamples whole replications. It is said if
    there is no such value, if it is not sure, if there are several, and how the difference goes along the range.

    `draws`, as in `compare`, puts all other parameters at the values of each draw, and so finds one tipping point for
    each plausible world: `worlds` has their distribution, and the parts of the worlds that have none. The parameter
    itself takes all values of the range in each world, also if the posterior draws it.

    `between`: the range, `low..high` (default: that under `uncertainties`). `larger_is_better`: by default for
    suppression and licences, not for others. `replications` of each policy at each value (default 60), or in each draw
    there (default 4). `executor` and `engine` as in `compare`. `store`: a folder that gets the points as they are done;
    a study that was interrupted goes on from there. Raises ValueError for what is not there, for the same policy twice,
    and for draws where nothing else is uncertain.
    """
    check_scenario(scenario, points=points, replications=replications, seed=seed)
    from sim.study.sensitivity.tipping import tipping as study

    return study(
        scenario, a, b, parameter, measure, between, larger_is_better, points, replications, confidence, seed,
        executor, engine, draws, store,
    )  # fmt: skip


def discover(
    study: Study,
    a: str,
    b: str = "baseline",
    measure: str = "leakage",
    *,
    larger_is_better: bool | None = None,
    threshold: float = 0.0,
) -> Discovery:
    """Find boxes of parameters in which policy `a` fails against policy `b`, by PRIM (scenario discovery).

        study = sim.compare(china, ["payments_first"], replications=600, draws=300, executor=2)
        found = sim.discover(study, "payments_first")
        found.table()

    `a` fails in a draw of the parameters if it is better than `b` by less than `threshold`, in the unit of the measure
    and in the mean over the replications of the draw. Each box comes with coverage, density and the quasi-p values of
    its limits, and with coverage and density among the third of the draws that did not take part in finding it.

    `larger_is_better`: by default for suppression and licences, not for others. Raises ValueError for a study without
    draws, KeyError for an unknown policy or measure. Needs the EMA Workbench (`pip install 'regpressure[discovery]'`).
    """
    from sim.study.discovery.discover import discover as find
    from sim.study.study import Study

    of_type("study", study, Study, "sim.compare(scenario, draws=300, replications=600)")
    return find(study, a, b, measure, larger_is_better, threshold)
