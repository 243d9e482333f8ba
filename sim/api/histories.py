"""One history and what becomes of it: read a scenario, simulate it, say what may follow, report on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING

from sim.arguments import of_type, whole
from sim.study.call_arguments import check_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from sim.engine import Engine
    from sim.engine.reference.reference_run import ReferenceRun
    from sim.results.run import Run
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.worker_pool import Workers
    from sim.study.study import Study


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
    date within the scenario. `engine` is `reference` (SimPy), `compiled`, or `auto`, which takes the compiled one if
    the model is compiled already, as it is after a comparison, and else the reference, which needs no compilation; both
    give the same bits. `before_decision` is behaviour of your own, called with the run so far, the exchange, the cause
    and its index just before each decision; only the reference engine can run Python, so it does, whatever `engine`
    says; where `record.every` is not a number of whole days, the history is simulated a second time for its measures,
    and the calls are made again. Raises ValueError for an unknown policy or engine, a seed that is no whole number from
    0 on, or a date outside.

    The first run of a world in a process warns (`sim.ScenarioWarning`), in one line, of what happens in it without any
    policy.
    """
    check_scenario(scenario, seed=seed, replication=replication)
    from sim.results.simulate import simulate
    from sim.study.do_nothing import warn_once

    warn_once(scenario)
    return simulate(scenario, policy, seed, replication, until, engine, before_decision)


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
    check_scenario(scenario)
    from sim.study.branch.futures import futures as study

    return study(scenario, policies, at, past)


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


def report(
    result: Run | Study,
    file: str | PathLike[str],
    *,
    question: str | None = None,
    evidence: str | PathLike[str] | None = None,
    replications: int = 40,
    executor: Workers = None,
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
