"""What the user calls. Heavy libraries are imported by the call that needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING, Literal

from sim.arguments import of_type, whole

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from sim.calibration.calibrate import Calibration
    from sim.engine import Engine
    from sim.engine.reference.reference_run import ReferenceRun
    from sim.evidence.facts import Evidence
    from sim.explorer.widget import Explorer
    from sim.results.run import Run
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.branch.branch import Branches
    from sim.study.decompose.decomposition import Decomposition
    from sim.study.discovery.discover import Discovery
    from sim.study.drawn_from import DrawnFrom
    from sim.study.precision import Precision
    from sim.study.race.race import Selection
    from sim.study.record_check import RecordCheck
    from sim.study.search.search import Search
    from sim.study.search.variants import Timing
    from sim.study.sensitivity.sensitivity import Sensitivity
    from sim.study.sensitivity.tipping import Tipping
    from sim.study.sensitivity.unit_cube import Method
    from sim.study.statistics.posterior import Posterior
    from sim.study.study import Study
    from sim.study.sweep.sweep import Sweep


def load(path: str | PathLike[str], overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read and check a scenario file, or a scenario that comes with the package: `sim.load("china_2017")`.

    A file of that name, with or without `.yaml`, goes before one of the package. `overrides` replace single values by
    path: `{"segments.retail.switching": "0.3 /d"}`. Raises `ScenarioError`, which lists everything that is wrong as
    file:line:column: path: message. Warns (`ScenarioWarning`) of what is doubtful, as the command `validate` does.
    """
    from sim.scenario.scenario import load as read
    from sim.scenario.scenario import warn_of

    scenario = read(path, overrides)
    warn_of(scenario, stacklevel=3)
    return scenario


def _check(scenario: Scenario, **whole_numbers: object) -> None:
    """Raise TypeError for what is no scenario, ValueError for what is no whole number from 0 on; warn of doubts."""
    from sim.scenario.scenario import Scenario, warn_of

    of_type("scenario", scenario, Scenario, "sim.load('china_2017')")
    for name, value in whole_numbers.items():
        if value is not None:
            whole(name, value)
    warn_of(scenario, stacklevel=4)


def _read(evidence: Evidence | str | PathLike[str] | None, scenario: Scenario) -> Evidence | None:
    """The evidence in a file, or itself."""
    if evidence is None:
        return None
    from sim.evidence.facts import Evidence, read_evidence

    return evidence if isinstance(evidence, Evidence) else read_evidence(evidence, scenario)


def run(
    scenario: Scenario,
    policy: str | Policy = "baseline",
    seed: int = 0,
    replication: int = 0,
    until: str | date | datetime | None = None,
    engine: Engine = "auto",
    before_decision: Callable[[ReferenceRun, int, int, int], None] | None = None,
) -> Run:
    """Simulate one history of a scenario under a policy, by its name or as it is, with full journal.

    The same scenario, policy, seed and replication give the same history to the last bit. `until` ends it early, on a
    date within the scenario. `engine` is `reference` (SimPy), `compiled`, or `auto`, which takes the reference for a
    single run; both give the same bits, and the reference needs no compilation. `before_decision` is behaviour of your
    own, called with the run so far, the exchange, the cause and its index just before each decision; only the reference
    engine can run Python, so it does, whatever `engine` says; where `record.every` is not a number of whole days, the
    history is simulated a second time for its measures, and the calls are made again. Raises ValueError for an unknown
    policy or engine, a seed that is no whole number from 0 on, or a date outside.

    The first run of a world in a process warns (`sim.ScenarioWarning`), in one line, of what happens in it without any
    policy.
    """
    _check(scenario, seed=seed, replication=replication)
    from sim.results.simulate import simulate
    from sim.study.do_nothing import warn_once

    warn_once(scenario)
    return simulate(scenario, policy, seed, replication, until, engine, before_decision)


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
    _check(scenario, replications=replications, seed=seed)
    from sim.study.compare import compare as study
    from sim.study.do_nothing import warn_once

    warn_once(scenario)
    facts = _read(evidence, scenario)
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
    _check(scenario, seed=seed, n0=n0, maximum=maximum)
    from sim.study.race.kim_nelson import RaceOptions
    from sim.study.race.race import race as study

    options = RaceOptions(delta, confidence, n0, maximum, larger_is_better)
    facts = _read(evidence, scenario)
    return study(scenario, policies, measure, options, seed, executor, engine, undefined, facts, draws)


def branch(
    history: Run,
    futures: Mapping[str, Policy | str | Mapping[str, object]] | None = None,
    *,
    at: str | date | datetime | None = None,
    engine: Engine = "auto",
) -> Branches:
    """One past, many futures: the history goes on from its last day (or from `at`) under other policies.

        history = sim.run(china, until="2017-09-10")
        sim.branch(history, {"no closures": {"drop": ["closure-shanghai", "closure-beijing"]}, "licences": licensing})

    A future is a policy, the name of one, or changes to the policy of the past as a scenario file writes them. Until
    the branch it must be what it was: only what begins on that date or later may differ, and what was announced may be
    lifted. `as it was`, the policy of the past itself, is always there. `engine` is as in `run`.

    Returns full runs by name. Each is bit for bit the history until the branch, which is checked, and the run that
    `sim.run` gives for its policy. For many replications, each with its own past: `compare(scenario, futures(...))`.
    Raises ValueError, with interventions and dates, for a future that changes the past, and RuntimeError if a run does
    not repeat the history.
    """
    from sim.results.run import Run
    from sim.study.branch.branch import branch as study

    of_type("history", history, Run, "sim.run(scenario, until='2017-09-10')")
    return study(history, futures, at, engine)


def futures(
    scenario: Scenario,
    policies: Mapping[str, Policy | str | Mapping[str, object]],
    at: str | date | datetime,
    past: str = "baseline",
) -> dict[str, Policy]:
    """Policies that are the one called `past` until a date and differ in what begins from then on, for `compare`.

    A future that shares no id with the past is taken as what is new: all that was announced stays. Any other is a
    policy as a whole. Otherwise as in `branch`. Raises ValueError for a future that changes the past.
    """
    _check(scenario)
    from sim.study.branch.futures import futures as study

    return study(scenario, policies, at, past)


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
) -> Decomposition:
    """What each intervention of a policy adds to a measure: by itself, together, and by the order in which they come.

        parts = sim.decompose(china, "baseline", ["closure-beijing", "site-blocks", "bank-accounts"], "suppression")
        parts.table()

    The effect of `ids` (interventions and rules; default: all of the policy, or all that `against` has not) is divided
    by Shapley values over paired replications. Up to eight are run in all their sets; of more, random orders of adding
    them are drawn in each replication, and only their shares are found. `orders=True` also compares the order in which
    they come with all other orders (more than 24: with eight random ones in each replication), on the dates on which
    they begin. `against`: the policy that is left without `ids`; it only serves to check that nothing else differs.

    Replications in which the measure is not defined under some set are left out, with a warning, and counted in each
    estimate. Raises ValueError for what is not there, and if the measure is never defined under some set, as leakage is
    not when nothing pushes anybody out; the message names measures that are.
    """
    _check(scenario, replications=replications, seed=seed)
    from sim.study.decompose.decompose import decompose as study

    return study(scenario, policy, ids, measure, against, replications, orders, confidence, seed, executor, engine)


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
        _check(each, waves=waves, points=points, replications=replications, draws=draws, seed=seed)
    from sim.calibration.calibrate import calibrate as study
    from sim.calibration.calibrate import matching_plan

    files = [evidence] if isinstance(evidence, str | PathLike) else evidence
    plan = matching_plan(scenarios, waves, points, replications, seed)
    return study(scenarios, files, plan, draws, executor, store)


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
    _check(scenario, replications=replications, points=points, seed=seed)
    from sim.study.sweep.sweep import sweep as study

    facts = _read(evidence, scenario)
    return study(
        scenario, over, policies, replications, points, measures, confidence, seed, executor, engine, store, facts,
        draws,
    )  # fmt: skip


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

    _check(scenario, replications=replications, seed=seed)
    if find_spec("anywidget") is None:
        raise ModuleNotFoundError("the explorer needs a library more: pip install 'regpressure[explorer]'")
    from sim.explorer.session import session_of
    from sim.explorer.widget import Explorer

    return Explorer(session_of(scenario, seed=seed, replications=replications, workers=executor), link)


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
    them, at a level of 10 %. `executor` and `engine` are as in `compare`.

    Raises ValueError for an unknown policy, for a posterior that is not the scenario's, and where no evidence is found,
    ScenarioError for what is wrong in its file.
    """
    _check(scenario, replications=replications, seed=seed)
    from sim.study.record_check import check as study
    from sim.study.record_check import evidence_of

    record = _read(evidence_of(scenario) if evidence is None else evidence, scenario)
    assert record is not None
    return study(scenario, record, policy, replications, draws, seed=seed, executor=executor, engine=engine)


def report(
    result: Run | Study,
    file: str | PathLike[str],
    *,
    question: str | None = None,
    evidence: str | PathLike[str] | None = None,
    replications: int = 40,
    executor: Executor | int | None = None,
) -> Path:
    """Write a run or a study as one HTML file to send on, and return its path.

        sim.report(sim.open("out/orders"), "orders.html", question="Payments first, or closure first?")

    The file holds the findings with what their intervals cover, figures with values to read, the policies by date with
    their sources, what the main exchanges decided, the comparison with the record, what is assumed, and how to make it
    again. It needs nothing from anywhere; the same result gives the same bytes. `evidence` is a file of facts (default:
    those of the scenario, if it is in a file beside `evidence/` or comes with the package), with which so many
    `replications` of the baseline are compared as `check` does, by `executor`; 0 leaves that out. A study that kept no
    paths has no figures over time.
    Raises TypeError for what is neither a run nor a study, and ScenarioError for wrong evidence.
    """
    from sim.reports.report import write_report
    from sim.results.run import Run
    from sim.study.study import Study

    if not isinstance(result, Study):
        of_type("result", result, Run, "sim.open('out/orders')")
    whole("replications", replications)
    return write_report(result, file, question, evidence, replications, executor)


def sensitivity(
    scenario: Scenario,
    policies: Sequence[str] | Mapping[str, Policy] | None = None,
    measures: Sequence[str] = ("suppression", "leakage"),
    method: Method = "tornado",
    *,
    over: Mapping[str, str] | Sequence[str] | None = None,
    size: int | None = None,
    replications: int = 8,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
) -> Sensitivity:
    """Find which uncertain parameters matter, for measures and for the differences between policies.

        found = sim.sensitivity(china, ["payments_first"], method="morris", executor=2)
        found.table("leakage")
        found.table("leakage", "payments_first", against="baseline")
        found.shares("leakage", "payments_first", against="baseline")

    All points and policies have their replications in common, so a difference between policies is paired at each point.

    Parameters
    ----------
    policies, executor, engine
        As in `compare`.
    measures
        Those to keep.
    method
        `tornado`: each parameter at both ends of its range, all others at the file's values. `morris`: elementary
        effects, to tell what matters from what does not. `sobol`: parts of the variance, alone and with others.
    over
        Paths whose ranges stand under `uncertainties` (default: all of these), or ranges by path, `low..high`.
    size
        Trajectories of `morris` (default 10, each one point more than there are parameters) or base points of `sobol`
        (a power of two, default 64, each two points more than there are parameters).
    replications
        Of each policy at each point; measures are averaged over them.
    store
        A folder that gets the points as they are done; a study that was interrupted goes on from there.

    Raises ValueError for what cannot be varied. `morris` and `sobol` need SALib (`pip install
    'regpressure[sensitivity]'`).
    """
    _check(scenario, size=size, replications=replications, seed=seed)
    from sim.study.sensitivity.sensitivity import sensitivity as study

    return study(
        scenario, policies, measures, method, over, size, replications, confidence, seed, executor, engine, store
    )


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
    replications: int = 60,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
) -> Tipping:
    """Find the value of a parameter at which policy `a` stops beating policy `b`, all else at the file's values.

        found = sim.tipping(china, "payments_first", "baseline", "segments.active.circumvention.payment")
        print(found)
        found.plot()

    Both run at `points` values from end to end of the range, at all of them in the same replications. Between two
    points the mean difference is taken as a straight line; the interval resamples whole replications. It is said if
    there is no such value, if it is not sure, if there are several, and how the difference goes along the range.

    `between`: the range, `low..high` (default: that under `uncertainties`). `larger_is_better`: by default for
    suppression and licences, not for others. `executor` and `engine` as in `compare`. Raises ValueError for what is not
    there, and for the same policy twice.
    """
    _check(scenario, points=points, replications=replications, seed=seed)
    from sim.study.sensitivity.tipping import tipping as study

    return study(
        scenario, a, b, parameter, measure, between, larger_is_better, points, replications, confidence, seed,
        executor, engine,
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
    _check(scenario, trials=trials, replications=replications, seed=seed)
    from sim.study.search.search import Objectives
    from sim.study.search.search import search as study
    from sim.study.search.variants import search_space
    from sim.suggest import check_known

    check_known(base, scenario.policies, "policy", f" in {scenario.name}")
    space = search_space(scenario.policies[base], interventions, timing, furthest, step, strongest)
    sought = Objectives(objectives or {"suppression": True, "leakage": False}, budget or {})
    return study(scenario, space, sought, base, trials, replications, draws, seed, executor, engine, store)


def open(folder: str | PathLike[str]) -> Run | Study:
    """Read back a run that was saved with `run.save(folder)`, or the study that `compare(..., store=folder)` left.

    Raises `sim.FolderError` if the folder holds neither, or something that was changed or is damaged. A study
    that was cut short is opened as far as it went, with a warning.
    """
    from sim.results.open_run import kind_of, open_run

    if kind_of(folder) == "study":
        from sim.study.store.open_study import open_study

        return open_study(folder)
    return open_run(folder)
