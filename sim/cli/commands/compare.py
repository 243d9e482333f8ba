"""`regpressure compare`: policies over replications that share their random numbers."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.errors import InputError, print_error
from sim.cli.options import Draws, File

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.precision import Precision
    from sim.study.study import Study

MAIN = ("suppression", "leakage", "exposure")
"""Measures that are printed unless others are asked for."""


def compare(
    ctx: typer.Context,
    file: File,
    policies: Annotated[
        str | None, typer.Option(metavar="A,B", help="Policies to compare with the baseline.", show_default="all")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Histories of each policy.", show_default="100")
    ] = None,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MEASURE=W", help="As many as it takes to know every difference within ±W; may be repeated."
        ),
    ] = None,
    draws: Draws = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many work at once.", show_default="all processors")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which world of chances.")] = 0,
    measures: Annotated[str, typer.Option(metavar="A,B", help="Measures to print; `run --json` names all.")] = ",".join(
        MAIN
    ),
    engine: Annotated[
        Literal["auto", "compiled", "reference"], typer.Option(help="Both give the same; auto is the quick one.")
    ] = "auto",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", readable=False, help="Where results go as they arrive.", show_default="nowhere"),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the study that FOLDER holds.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Remove the study that FOLDER holds.")] = False,
    figures: Annotated[bool, typer.Option(help="Draw the figures into FOLDER/figures.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
) -> None:
    """Compare policies in the same replications: paired differences from the baseline, with intervals."""
    from sim.cli import compare_tables as differences
    from sim.cli.inputs import known, precisions, scenario_in
    from sim.cli.output import study_folder

    if (resume or force) and not out:
        raise InputError(f"--{'resume' if resume else 'force'} needs --out FOLDER")
    if resume and force:
        raise InputError("--resume goes on with the study in FOLDER and --force removes it; leave one out")
    if replications is not None and precision:
        raise InputError("--replications and --precision are two ways to say how many; leave one out")
    scenario = scenario_in(file)
    chosen = [known(name, "policy", scenario.policies) for name in listed(policies)] if policies else None
    names = measures_of(scenario)
    told = [known(name, "measure", names) for name in listed(measures)]
    until = precisions(precision or (), names)
    target = study_folder(out, resume, force) if out else None
    study = _watched(ctx, scenario, chosen, replications, until, seed, workers or processors(), engine, target, draws)
    if target:
        _write(study, target, figures)
    if as_json:
        differences.print_document(study, told, out)
    else:
        differences.print_tables(study, told, out)


def listed(text: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def measures_of(scenario: Scenario) -> list[str]:
    """Names of the measures of a scenario."""
    from sim.results.run_measures import measure_names

    return measure_names([jurisdiction.id for jurisdiction in scenario.jurisdictions])


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _watched(
    ctx: typer.Context,
    scenario: Scenario,
    policies: list[str] | None,
    replications: int | None,
    until: list[Precision],
    seed: int,
    workers: int,
    engine: Literal["auto", "compiled", "reference"],
    target: Path | None,
    draws: int | None,
) -> Study:
    """The study, with its progress shown; interrupted, it says how to go on."""
    from sim.cli.inputs import as_input_errors
    from sim.cli.progress import progress
    from sim.study.compare import compare as study

    try:
        with as_input_errors(), progress(f"comparing policies of {scenario.name}") as watch:
            return study(
                scenario, policies, replications, until, seed, workers, engine, target, watch=watch, draws=draws
            )
    except KeyboardInterrupt:
        if target:
            print_error(f"what is done is kept; to go on: {_again(ctx)}")
        raise


def _again(ctx: typer.Context) -> str:
    """The command that goes on with an interrupted study."""
    words = ["regpressure", "compare"]
    for option in ctx.command.params:
        source = ctx.get_parameter_source(option.name or "")
        if source is None or source.name != "COMMANDLINE" or option.name in ("resume", "force"):
            continue
        value = ctx.params[str(option.name)]
        if option.param_type_name == "argument":
            words.append(str(value))
        elif isinstance(value, bool):
            words.append(option.opts[0] if value else option.secondary_opts[0])
        else:
            words += [f"{option.opts[0]}={each}" for each in (value if isinstance(value, list | tuple) else [value])]
    return shlex.join([*words, "--resume"])


def _write(study: Study, target: Path, figures: bool) -> None:
    """Write the table of differences and the figures beside the results."""
    from sim.atomic_write import atomic_file
    from sim.cli.compare_tables import table_of
    from sim.cli.output import spinner
    from sim.results.table_files import write_table

    with atomic_file(target / "differences.csv") as path:
        write_table(table_of(study, study.names), path)
    if figures:
        import sim.plot.study

        with spinner("drawing figures"):
            sim.plot.study.write_figures(study, target / "figures")
