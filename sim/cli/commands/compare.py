"""`regpressure compare`: policies compared with common random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import sim
from sim.cli import inputs, options, output
from sim.cli.errors import InputError, print_error
from sim.cli.progress import progress, spinner, warn_of_doubts
from sim.cli.study_tables import differences, print_failures, print_measure, print_regrets, worlds_noun
from sim.study.fact_names import FACT

if TYPE_CHECKING:
    from rich.table import Table

    from sim.evidence.facts import Evidence
    from sim.scenario.scenario import Scenario
    from sim.study.drawn_from import DrawnFrom
    from sim.study.statistics.posterior import Posterior
    from sim.study.study import Study

_WORLDS, _MOST_BESIDE = 50, 500
"""Plausible worlds beside the file's values; with 100 replications each has two, so that luck is halved. A precision
does not take more replications of them than the second number."""


Replications = Annotated[int | None, typer.Option(min=1, help="Replications of each policy.", show_default="100")]
Engine = Annotated[
    Literal["auto", "compiled", "reference"],
    typer.Option(help="Both engines give the same results; auto is the faster, compiled."),
]
Precisions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MEASURE=W",
        help="Add replications until the 95 % interval of every difference is ±W or narrower; may be repeated.",
    ),
]
DrawsOrNone = Annotated[
    str | None,
    typer.Option(
        metavar="K|posterior|none",
        help="Draw what is uncertain: K draws from its ranges, the plausible worlds of the posterior, or neither.",
        show_default="beside the file's values also the posterior, if the file has one",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        metavar="A=W,B=W",
        help="Also the regret in a weighted sum of measures: how much a unit of each counts.",
        show_default="by measure alone",
    ),
]
Printed = Annotated[str, typer.Option(metavar="A,B", help="Measures to print; `run --json` names all.")]


def compare(
    ctx: typer.Context,
    file: options.File,
    policies: options.ComparedPolicies = None,
    replications: Replications = None,
    precision: Precisions = None,
    draws: DrawsOrNone = None,
    workers: options.Workers = None,
    seed: options.Seed = 0,
    settings: options.Settings = None,
    measures: Printed = options.DEFAULT_MEASURES,
    weights: Weights = None,
    facts: options.Facts = False,
    engine: Engine = "auto",
    out: options.Out = None,
    resume: options.Resume = False,
    force: Annotated[bool, typer.Option("--force", help="Remove the study that FOLDER holds.")] = False,
    figures: options.Figures = True,
    csv: options.Csv = None,
    xlsx: options.Xlsx = None,
    as_json: options.Json = False,
) -> None:
    """Compare policies in the same replications. Prints paired differences from the baseline, with intervals."""
    from sim.results.own_measures import OWN
    from sim.study.compare import compare as run_study

    output.new_files(csv, xlsx)
    if resume and force:
        raise InputError("--resume goes on with the study in FOLDER and --force removes it; leave one out")
    if replications is not None and precision:
        raise InputError("--replications and --precision both determine the number of replications; leave one out")
    scenario = inputs.scenario_in(file, settings or ())
    evidence = inputs.evidence_for(file, scenario) if facts else None
    chosen, names = inputs.all_known(policies, "policy", scenario.policies), inputs.measures_of(scenario, evidence)
    printed = [inputs.known(name, "measure", names) for name in inputs.names_in(measures)]
    weighed = inputs.weights_in(weights, names)
    until = inputs.precisions(precision or (), names)
    drawn, beside = _drawn_from(scenario, draws)
    target = output.study_folder(out, resume, force)
    own = bool({*printed, *weighed} & {*OWN})
    warn_of_doubts(scenario)
    with options.resumable(ctx, target, "replications"):
        with inputs.as_input_errors(), progress(f"comparing policies of {scenario.name}") as watch:
            simulated = partial(
                run_study, scenario, chosen, seed=seed, executor=workers, engine=engine, watch=watch,
                evidence=evidence,
            )  # fmt: skip
            paths = bool(target or xlsx or own or (csv and OWN))
            study = simulated(replications, until, store=target, paths=paths, draws=drawn)
            count = replications or min(max(study.replications.values()), _MOST_BESIDE)
            worlds = None if study.draws is None else study
            if beside is not None:
                worlds = simulated(count, store=target and target / "posterior", paths=own, draws=beside)
        if target:
            _write(study, target, figures)
    output.write_tables(csv, xlsx, study.to_frame, _sheets(study))
    if as_json:
        _print_document(study, printed, out, worlds, weighed)
    else:
        _print_tables(study, printed, evidence, (out, csv, xlsx), worlds, weighed)


def _write(study: Study, target: Path, figures: bool) -> None:
    output.write_csv(differences(study, study.measures), target / "differences.csv")
    if figures:
        with spinner("drawing figures"):
            study.plot.write(target / "figures")


def _sheets(study: Study) -> output.Sheets:
    """The sheets of a workbook of a study."""
    about = {"scenario": study.scenario.name, "seed": study.seed, "made with": f"regpressure {sim.__version__}"}
    return {
        "differences": partial(differences, study, study.measures),
        "replications": study.to_frame,
        "shares": partial(study.to_frame, "date"),
        "about": partial(output.about_table, about | {"intervals": study.interval_scope}),
    }


def _drawn_from(scenario: Scenario, draws: str | None) -> tuple[DrawnFrom, Posterior | None]:
    """What `--draws` means: where the study draws its parameters, and the posterior of a second one beside it.

    Raises InputError for what it cannot, and for a posterior that is not the scenario's. Without it, a posterior that
    does not fit is told, and not used.
    """
    from sim.scenario.errors import ScenarioError
    from sim.study.statistics.posterior import posterior_file, posterior_of

    if draws == "none":
        return None, None
    if draws is not None and draws != "posterior":
        return inputs.draws_in(draws, scenario, ", posterior or none"), None
    try:
        found = posterior_of(scenario)
    except (ValueError, ScenarioError) as error:
        file = posterior_file(scenario)
        if draws is not None or isinstance(error, ScenarioError):
            raise InputError(str(error)) from None
        if file is not None and file.is_file():
            print_error(f"{error}; results are for the file's values alone")
        return None, None
    return (None, found.first(_WORLDS)) if draws is None else (found, None)


def _print_tables(
    study: Study,
    measures: Sequence[str],
    evidence: Evidence | None,
    files: Sequence[Path | None],
    worlds: Study | None,
    weights: Mapping[str, float],
) -> None:
    screen = output.console()
    screen.print(f"{study.scenario.name}, seed {study.seed}: policies minus {study.policies[0]}, paired differences")
    screen.print(f"{study.interval_scope}\n")
    for measure in measures:
        print_measure(screen, study, measure, worlds, evidence)
    if worlds is not None:
        print_regrets(screen, worlds, measures, weights)
        screen.print()
    if evidence is not None:
        screen.print("facts of the record, and their means under each policy")
        screen.print(_facts_table(study, evidence))
        screen.print()
    for report in study.reached:
        screen.print(str(report))
    if any(report.given_up and report.n == study.draws for report in study.reached):
        noun = worlds_noun(study)
        screen.print(f"given up when each of {study.draws:,} {noun} had a replication: only more {noun} help")
    if study.reached:
        screen.print()
    print_failures(study)
    screen.print(output.written(files, "nothing written; --out FOLDER keeps the results"), soft_wrap=True)


def _print_document(
    study: Study, measures: Sequence[str], out: Path | None, worlds: Study | None, weights: Mapping[str, float]
) -> None:
    rows = differences(study, measures).to_dict("records")
    print_failures(study)
    output.print_json(
        {
            "scenario": study.scenario.name,
            "seed": study.seed,
            "engine": study.engine,
            "replications": dict(study.replications),
            "intervals": study.interval_scope,
            "differences": rows,
            "undefined": {measure: dict(study.undefined(measure)) for measure in measures if study.undefined(measure)},
            "remarks": {measure: dict(study.remarks(measure)) for measure in measures if study.remarks(measure)},
            "plausible": worlds
            and {measure: worlds.plausible(measure).reset_index().to_dict("records") for measure in measures},
            "regret": worlds and _regret_rows(worlds, measures, weights),
            "weights": weights or None,
            "precision": study.reached,
            "failures": study.failures().to_dict("records"),
            "folder": out and str(out),
        }
    )


def _facts_table(study: Study, evidence: Evidence) -> Table:
    rows = [
        [name, f"{fact.value:.3g} [{fact.bounds[0]:.3g}, {fact.bounds[1]:.3g}] {fact.unit}",
         *(output.number(study.level(f"{FACT}{name}", policy).mean) for policy in study.policies)]
        for name, fact in evidence.compared.items()
    ]  # fmt: skip
    return output.table(["fact", "record", *study.policies], rows)


def _regret_rows(worlds: Study, measures: Sequence[str], weights: Mapping[str, float]) -> dict[str, Any]:
    """The rows of each measure, and of the weighted sum; the policy of least mean regret first."""
    table = worlds.regrets(measures, weights)
    return {
        str(measure): rows.droplevel("measure").sort_values("mean", kind="stable").reset_index().to_dict("records")
        for measure, rows in table.groupby(level="measure", sort=False)
    }
