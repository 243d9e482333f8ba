"""`regpressure report`: a saved run or study as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options
from sim.cli.errors import InputError
from sim.cli.output import written
from sim.cli.progress import spinner


def report(
    folder: options.SavedFolder,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it.", show_default="FOLDER/report.html")
    ] = None,
    question: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The question below the title.", show_default="how policies differ"),
    ] = None,
    evidence: Annotated[Path | None, options.evidence_option("those of the scenario, if any")] = None,
    replications: Annotated[
        int, typer.Option(min=0, help="Replications that are compared with the facts; 0: no comparison.")
    ] = 40,
    workers: options.Workers = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a saved run or study as one HTML file to send on. It needs no network, and can be printed."""
    import sim
    from sim.reports.report import write_report

    file = folder / "report.html" if out is None else out
    result = sim.open(folder)
    if file.exists() and not force:
        raise InputError(f"{file} exists already; choose another --out, or --force to replace it")
    if evidence is not None and not evidence.is_file():
        raise InputError(f"{evidence}: no such file")
    try:
        with spinner(f"writing the report on {folder}"):
            write_report(result, file, question, evidence, replications, workers)
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {str(error.strerror).lower()}") from None
    print(written([file], ""))
