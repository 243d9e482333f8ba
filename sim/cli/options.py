"""Arguments and options that several commands have, each described by its help text; the command to resume with."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape, glob
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.arguments import MOST
from sim.atomic_write import FULL
from sim.cli.errors import print_error
from sim.scenario.shipped import shipped

DEFAULT_MEASURES = "suppression,leakage,exposure"
"""Measures by which policies are compared unless others are named."""


def _scenario_names(incomplete: str) -> list[str]:
    """What a shell completes where a scenario is wanted: those of the package, and files and folders that are there."""
    return [name for name in (*shipped(), *glob(f"{escape(incomplete)}*")) if name.startswith(incomplete)]


def _processors(workers: int | None) -> int:
    """The workers asked for, else as many as this process may use processors."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return workers or usable or 1


File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        readable=False,
        autocompletion=_scenario_names,
        help="Scenario file (YAML), or the name of a scenario that comes with the package.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=MOST, help="Seed of the random numbers.")]
Replication = Annotated[int, typer.Option(min=0, max=MOST, help="Number of the replication with that seed.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
]
ComparedPolicies = Annotated[
    str | None, typer.Option(metavar="A,B", help="Policies to compare with the baseline.", show_default="all")
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, callback=_processors, help="Number of parallel workers.", show_default="all processors"),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", readable=False, help="Where to write the results.", show_default="nowhere"),
]
Figures = Annotated[bool, typer.Option(help="Draw the figures into FOLDER/figures.")]
Draws = Annotated[
    str | None,
    typer.Option(
        metavar="K|posterior",
        help="Draw what is uncertain: K draws from its ranges, or the plausible worlds of the posterior.",
        show_default="values of the file",
    ),
]
Csv = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the results as one table for other programs.", show_default="nowhere"),
]
Xlsx = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the results as the sheets of an Excel workbook.", show_default="nowhere"),
]
Facts = Annotated[
    bool, typer.Option("--facts", help="Also read the facts of the record (evidence/NAME.yaml), as measures `fact:ID`.")
]
Larger = Annotated[
    bool | None,
    typer.Option(
        "--larger/--smaller",
        help="Is a larger or a smaller value better?",
        show_default="larger for suppression and licences",
    ),
]
Confidence = Annotated[float, typer.Option(help="Confidence of the intervals.")]
Measure = Annotated[str, typer.Option(help="Measure by which they are compared.")]
ComparedWith = Annotated[str, typer.Argument(metavar="B", help="Policy that it is compared with.")]
SavedFolder = Annotated[
    Path, typer.Argument(metavar="FOLDER", readable=False, help="A saved run or study.", show_default=False)
]
TextOut = Annotated[
    Path | None, typer.Option(metavar="FILE", readable=False, help="Where to write it.", show_default="print it")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what FOLDER holds.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


def evidence_option(default: str) -> Any:
    """The option for a file of facts, with what is read without it."""
    return typer.Option(metavar="FILE", readable=False, help="Facts of the record (YAML).", show_default=default)


@contextmanager
def resumable(ctx: typer.Context, target: Path | None, kept: str) -> Iterator[None]:
    """Where an interruption or a full disk ends work whose finished parts are in `target`, tell how to go on."""
    try:
        yield
    except (KeyboardInterrupt, OSError) as error:
        if target and (isinstance(error, KeyboardInterrupt) or error.errno in FULL):
            print_error(f"finished {kept} are kept; to go on: {_resume_command(ctx)}")
        raise


def _resume_command(ctx: typer.Context) -> str:
    """The command line that goes on with an interrupted study: as it was given, with `--resume`."""
    words = ["regpressure", str(ctx.command.name)]
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
