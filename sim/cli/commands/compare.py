"""`regpressure compare`: policies compared with common random numbers."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import sim
from sim.atomic_write import atomic_file
from sim.cli.errors import InputError, print_error
from sim.cli.inputs import (
    all_known,
    as_input_errors,
    draws_in,
    evidence_for,
    known,
    measures_of,
    names_in,
    precisions,
    processors,
    scenario_in,
)
from sim.cli.options import (
    ComparedPolicies,
    Csv,
    Facts,
    Figures,
    File,
    Json,
    Out,
    Resume,
    Seed,
    Settings,
    Workers,
    Xlsx,
    resumable,
)
from sim.cli.output import (
    Sheets,
    about_table,
    console,
    new_files,
    number,
    print_json,
    study_folder,
    table,
    write_tables,
    written,
)
from sim.cli.progress import progress, spinner
from sim.study.fact_names import FACT

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console
    from rich.table import Table

    from sim.evidence.facts import Evidence
    from sim.scenario.scenario import Scenario
    from sim.study.drawn_from import DrawnFrom
    from sim.study.statistics.posterior import Posterior
    from sim.study.study import Study

Engine = Literal["auto", "compiled", "reference"]
"""The choices of `--engine`."""
DEFAULT_MEASURES = "suppression,leakage,exposure"
"""Measures that are printed by default."""
_FAILURES_LISTED = 5
_FEW_REPLICATIONS = 10
"""Replications of a draw below which it is said that luck is part of regret."""
_WORLDS = 50
"""Plausible worlds beside the file's values; with 100 replications each has two, so that luck is halved."""


def compare(
    ctx: typer.Context,
    file: File,
    policies: ComparedPolicies = None,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Replications of each policy.", show_default="100")
    ] = None,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MEASURE=W",
            help="Add replications until the 95 % interval of every difference is ±W or narrower; may be repeated.",
        ),
    ] = None,
    draws: Annotated[
        str | None,
        typer.Option(
            metavar="K|posterior|none",
            help="Draw what is uncertain: K draws from its ranges, the plausible worlds of the posterior, or neither.",
            show_default="beside the file's values also the posterior, if the file has one",
        ),
    ] = None,
    workers: Workers = None,
    seed: Seed = 0,
    settings: Settings = None,
    measures: Annotated[
        str, typer.Option(metavar="A,B", help="Measures to print; `run --json` names all.")
    ] = DEFAULT_MEASURES,
    facts: Facts = False,
    engine: Annotated[
        Engine, typer.Option(help="Both engines give the same results; auto is the faster, compiled.")
    ] = "auto",
    out: Out = None,
    resume: Resume = False,
    force: Annotated[bool, typer.Option("--force", help="Remove the study that FOLDER holds.")] = False,
    figures: Figures = True,
    csv: Csv = None,
    xlsx: Xlsx = None,
    as_json: Json = False,
) -> None:
    """Compare policies in the same replications. Prints paired differences from the baseline, with intervals."""
    from sim.results.own_measures import OWN
    from sim.study.compare import compare as run_study
    from sim.study.do_nothing import announcement, warn_once

    new_files(csv, xlsx)
    if (resume or force) and not out:
        raise InputError(f"--{'resume' if resume else 'force'} needs --out FOLDER")
    if resume and force:
        raise InputError("--resume goes on with the study in FOLDER and --force removes it; leave one out")
    if replications is not None and precision:
        raise InputError("--replications and --precision both determine the number of replications; leave one out")
    scenario = scenario_in(file, settings or ())
    evidence = evidence_for(file, scenario) if facts else None
    chosen, names = all_known(policies, "policy", scenario.policies), measures_of(scenario, evidence)
    printed = [known(name, "measure", names) for name in names_in(measures)]
    until = precisions(precision or (), names)
    drawn = _drawn_from(scenario, draws)
    target = study_folder(out, resume, force) if out else None
    own = bool({*printed} & {*OWN})
    with spinner(announcement(scenario)):
        warn_once(scenario)
    with resumable(ctx, target, "replications"):
        with as_input_errors(), progress(f"comparing policies of {scenario.name}") as watch:
            study = run_study(
                scenario, chosen, replications, until, seed, workers or processors(), engine, target,
                paths=bool(target or xlsx or own or (csv and OWN)), watch=watch, draws=drawn.main, evidence=evidence,
            )  # fmt: skip
            worlds = None if drawn.beside is None else run_study(
                scenario, chosen, max(study.replications.values()), (), seed, workers or processors(), engine,
                target and target / "posterior", paths=own, watch=watch, draws=drawn.beside, evidence=evidence,
            )  # fmt: skip
        if target:
            _write(study, target, figures)
    write_tables(csv, xlsx, study.to_frame, _sheets(study))
    if as_json:
        _print_document(study, printed, out, worlds)
    else:
        _print_tables(study, printed, evidence, (out, csv, xlsx), worlds)


def _write(study: Study, target: Path, figures: bool) -> None:
    from sim.results.table_files import write_table

    with atomic_file(target / "differences.csv") as path:
        write_table(_differences(study, study.measures), path)
    if figures:
        with spinner("drawing figures"):
            study.plot.write(target / "figures")


def _sheets(study: Study) -> Sheets:
    """The sheets of a workbook of a study."""
    about = {"scenario": study.scenario.name, "seed": study.seed, "made with": f"regpressure {sim.__version__}"}
    return {
        "differences": partial(_differences, study, study.measures),
        "replications": study.to_frame,
        "shares": partial(study.to_frame, "date"),
        "about": partial(about_table, about | {"intervals": study.interval_scope}),
    }


def _differences(study: Study, measures: Sequence[str]) -> DataFrame:
    """Differences of measures from the baseline, one row per measure and policy."""
    import pandas as pd

    with warnings.catch_warnings():  # which are printed
        warnings.filterwarnings("ignore", message=".* is not defined in any replication")
        tables = {measure: study.difference(measure) for measure in measures}
    return pd.concat(tables, names=["measure"]).reset_index()


@dataclass(frozen=True)
class _DrawnFrom:
    """Where the study draws its parameters, and the posterior that is used in a second one beside it."""

    main: DrawnFrom = None
    beside: Posterior | None = None


def _drawn_from(scenario: Scenario, draws: str | None) -> _DrawnFrom:
    """What `--draws` means. Raises InputError for what it cannot, and for a posterior that is not the scenario's.

    Without it, a posterior that does not fit is told, and not used.
    """
    from sim.scenario.errors import ScenarioError
    from sim.study.statistics.posterior import posterior_file, posterior_of

    if draws == "none":
        return _DrawnFrom()
    if draws is not None and draws != "posterior":
        return _DrawnFrom(draws_in(draws, scenario, ", posterior or none"))
    try:
        found = posterior_of(scenario)
    except (ValueError, ScenarioError) as error:
        file = posterior_file(scenario)
        if draws is not None or isinstance(error, ScenarioError):
            raise InputError(str(error)) from None
        if file is not None and file.is_file():
            print_error(f"{error}; results are for the file's values alone")
        return _DrawnFrom()
    if draws is not None:
        return _DrawnFrom(found)
    return _DrawnFrom(None, found.first(_WORLDS))


def _print_worlds(screen: Console, worlds: Study, measure: str) -> None:
    """In how many plausible worlds or draws each policy is better, by how much, and what there is to regret."""
    from sim.plot.plotted_quantity import decimals_for, interval_words, quantity_of

    quantity = quantity_of(measure)
    for policy, row in worlds.plausible(measure).iterrows():
        if not row["worlds"]:
            continue
        word, part = ("less", row["lower"]) if row["median"] < 0 else ("more", row["higher"])
        sign = -1.0 if row["median"] < 0 else 1.0
        middle, *ends = (sign * quantity.factor * row[column] for column in ("median", "low", "high"))
        decimals = decimals_for([(max(ends) - min(ends)) / 2], figures=2)
        size = f"{quantity.difference(middle, decimals)} ({interval_words(min(ends), max(ends), decimals)})"
        screen.print(
            f"{policy}: {word} {quantity.name} than {worlds.policies[0]} in {part:.0%} of {row['worlds']:.0f} "
            f"{_worlds_noun(worlds)}, by {size}",
            soft_wrap=True,
        )
    _print_regret(screen, worlds, measure)


def _worlds_noun(worlds: Study) -> str:
    return "draws" if worlds.posterior is None else "plausible worlds"


def _print_regret(screen: Console, worlds: Study, measure: str) -> None:
    """How much worse each policy is than the best one in the same draw."""
    regret = worlds.regret(measure)
    if len(regret) < 2 or not regret["draws"].iloc[0]:
        return
    rows = [
        [str(policy), f"{row['best']:.0%}", number(row["mean"]), _interval(row["low"], row["high"]),
         number(row["most"]), f"{row['draw']:.0f}"]
        for policy, row in regret.iterrows()
    ]  # fmt: skip
    noun = _worlds_noun(worlds)
    screen.print(
        f"regret in {measure}: how much worse than the best policy in the same of {regret['draws'].iloc[0]} {noun}"
    )
    screen.print(table(["policy", f"best in {noun}", "mean regret", "95 % interval", "at most", "in draw"], rows, True))
    assert worlds.draws is not None
    if (each := max(worlds.replications.values()) // worlds.draws) < _FEW_REPLICATIONS:
        times = "1 replication" if each <= 1 else f"{each} replications"
        screen.print(f"luck is part of this regret: each draw has {times}; more replications than draws take it out")


def _print_tables(
    study: Study,
    measures: Sequence[str],
    evidence: Evidence | None,
    files: Sequence[Path | None],
    worlds: Study | None = None,
) -> None:
    from sim.model.outcomes.measures import describe

    screen = console()
    screen.print(f"{study.scenario.name}, seed {study.seed}: policies minus {study.policies[0]}, paired differences")
    screen.print(f"{study.interval_scope}\n")
    for measure in measures:
        described = describe(measure)
        unit = f" ({described.unit})" if described.unit else ""
        screen.print(f"{measure}{unit}: {study.scenario.labels.text(described.meaning)}")
        screen.print(_table(study, measure))
        for policy, reason in study.undefined(measure).items():
            screen.print(f"not defined in any replication of {policy}: {reason}")
        for policy, words in study.remarks(measure).items():
            screen.print(f"{policy}: {words}")
        if worlds is not None:
            _print_worlds(screen, worlds, measure)
        elif study.draws is not None:
            _print_worlds(screen, study, measure)
        screen.print()
    if evidence is not None:
        screen.print("facts of the record, and their means under each policy")
        screen.print(_facts_table(study, evidence))
        screen.print()
    for report in study.reached:
        screen.print(str(report))
    if any(report.given_up and report.n == study.draws for report in study.reached):
        noun = _worlds_noun(study)
        screen.print(f"given up when each of {study.draws:,} {noun} had a replication: only more {noun} help")
    if study.reached:
        screen.print()
    _print_failures(study)
    screen.print(written(files, "nothing written; --out FOLDER keeps the results"), soft_wrap=True)


def _print_document(study: Study, measures: Sequence[str], out: Path | None, worlds: Study | None) -> None:
    over = worlds or (study if study.draws is not None else None)
    rows = _differences(study, measures).to_dict("records")
    _print_failures(study)
    print_json(
        {
            "scenario": study.scenario.name,
            "seed": study.seed,
            "engine": study.engine,
            "replications": dict(study.replications),
            "intervals": study.interval_scope,
            "differences": rows,
            "undefined": {measure: dict(study.undefined(measure)) for measure in measures if study.undefined(measure)},
            "remarks": {measure: dict(study.remarks(measure)) for measure in measures if study.remarks(measure)},
            "plausible": over
            and {measure: over.plausible(measure).reset_index().to_dict("records") for measure in measures},
            "regret": over and {measure: over.regret(measure).reset_index().to_dict("records") for measure in measures},
            "precision": study.reached,
            "failures": study.failures().to_dict("records"),
            "folder": out and str(out),
        }
    )


def _table(study: Study, measure: str) -> Table:
    headings = ["policy", "level", "difference", "95 % interval", "n", "same sign", "variance ratio"]
    rows = _differences(study, [measure]).set_index("policy").to_dict("index").items()
    cells = [_row(str(policy), row, study.policies[0]) for policy, row in rows]
    if study.draws is not None:
        headings.insert(4, "95 % of draws")
        for row, (policy, values) in zip(cells, rows, strict=True):
            known = policy != study.policies[0]
            row.insert(4, _interval(values["draws_low"], values["draws_high"]) if known else "")
    return table(headings, cells, numbers=True)


def _facts_table(study: Study, evidence: Evidence) -> Table:
    rows = [
        [name, f"{fact.value:.3g} [{fact.bounds[0]:.3g}, {fact.bounds[1]:.3g}] {fact.unit}",
         *(number(study.level(f"{FACT}{name}", policy).mean) for policy in study.policies)]
        for name, fact in evidence.compared.items()
    ]  # fmt: skip
    return table(["fact", "record", *study.policies], rows)


def _row(policy: str, row: dict[Any, Any], baseline: str) -> list[str]:
    level, n = number(row["level"]), f"{row['n']:,}"
    if policy == baseline:
        return [policy, level, "", "", n, "", ""]
    interval = _interval(row["low"], row["high"]) if row["low"] != row["high"] else "did not vary"
    sign = f"{row['sign']:.0%}" if math.isfinite(row["sign"]) else ""
    return [policy, level, number(row["mean"]), interval, n, sign, number(row["variance_ratio"])]


def _interval(low: float, high: float) -> str:
    return f"{number(low)} to {number(high)}" if math.isfinite(low) else ""


def _print_failures(study: Study) -> None:
    """Print to stderr which runs failed, with the command that repeats each."""
    failures = study.failures()
    if len(failures):
        print_error(f"{len(failures):,} of {sum(study.replications.values()):,} runs failed and are left out:")
    for row in failures.head(_FAILURES_LISTED).itertuples():
        print_error(f"  {row.policy}, replication {row.replication}, {row.stage}: {row.error}\n    {row.command}")
    if len(failures) > _FAILURES_LISTED:
        print_error(f"  and {len(failures) - _FAILURES_LISTED:,} more")
