"""`regpressure compare`: policies compared with common random numbers."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.errors import InputError, print_error
from sim.cli.options import ComparedPolicies, Draws, Figures, File, Json, Seed, Workers

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.precision import Precision
    from sim.study.study import Study

Engine = Literal["auto", "compiled", "reference"]
"""The choices of `--engine`."""
DEFAULT_MEASURES = "suppression,leakage,exposure"
"""Measures that are printed by default."""


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
    draws: Draws = None,
    workers: Workers = None,
    seed: Seed = 0,
    measures: Annotated[
        str, typer.Option(metavar="A,B", help="Measures to print; `run --json` names all.")
    ] = DEFAULT_MEASURES,
    engine: Annotated[
        Engine, typer.Option(help="Both engines give the same results; auto is the faster, compiled.")
    ] = "auto",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", readable=False, help="Where to write results as they arrive.", show_default="nowhere"
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the study that FOLDER holds.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Remove the study that FOLDER holds.")] = False,
    figures: Figures = True,
    as_json: Json = False,
) -> None:
    """Compare policies in the same replications: paired differences from the baseline, with intervals."""
    from sim.cli import compare_tables
    from sim.cli.inputs import known, measures_of, names_in, precisions, processors, scenario_in
    from sim.cli.output_folders import study_folder

    if (resume or force) and not out:
        raise InputError(f"--{'resume' if resume else 'force'} needs --out FOLDER")
    if resume and force:
        raise InputError("--resume goes on with the study in FOLDER and --force removes it; leave one out")
    if replications is not None and precision:
        raise InputError("--replications and --precision both determine the number of replications; leave one out")
    scenario = scenario_in(file)
    chosen = [known(name, "policy", scenario.policies) for name in names_in(policies)] if policies else None
    names = measures_of(scenario)
    printed = [known(name, "measure", names) for name in names_in(measures)]
    until = precisions(precision or (), names)
    target = study_folder(out, resume, force) if out else None
    study = _run_study(ctx, scenario, chosen, replications, until, seed, workers or processors(), engine, target, draws)
    if target:
        _write(study, target, figures)
    if as_json:
        compare_tables.print_document(study, printed, out)
    else:
        compare_tables.print_tables(study, printed, out)


def _run_study(
    ctx: typer.Context,
    scenario: Scenario,
    policies: list[str] | None,
    replications: int | None,
    until: list[Precision],
    seed: int,
    workers: int,
    engine: Engine,
    target: Path | None,
    draws: int | None,
) -> Study:
    """Run the study with its progress shown; if it is interrupted, print the command that goes on with it."""
    from sim.atomic_write import FULL
    from sim.cli.inputs import as_input_errors
    from sim.cli.progress import progress
    from sim.study.compare import compare as study

    try:
        with as_input_errors(), progress(f"comparing policies of {scenario.name}") as watch:
            return study(
                scenario, policies, replications, until, seed, workers, engine, target, paths=target is not None,
                watch=watch, draws=draws,
            )  # fmt: skip
    except (KeyboardInterrupt, OSError) as error:
        if target and (isinstance(error, KeyboardInterrupt) or error.errno in FULL):
            print_error(f"finished replications are kept; to go on: {_resume_command(ctx)}")
        raise


def _resume_command(ctx: typer.Context) -> str:
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
            values = value if isinstance(value, list | tuple) else [value]
            words += [f"{option.opts[0]}={single}" for single in values]
    return shlex.join([*words, "--resume"])


def _write(study: Study, target: Path, figures: bool) -> None:
    """Write the table of differences and the figures beside the results."""
    from sim.atomic_write import atomic_file
    from sim.cli.compare_tables import table_of
    from sim.cli.progress import spinner
    from sim.results.table_files import write_table

    with atomic_file(target / "differences.csv") as path:
        write_table(table_of(study, study.names), path)
    if figures:
        import sim.plot.study

        with spinner("drawing figures"):
            sim.plot.study.write_figures(study, target / "figures")
