"""`regpressure reproduce`: whether a saved run or study comes out the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.errors import FAILED


def reproduce(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", readable=False, help="A saved run or study.", show_default=False),
    ],
    engine: Annotated[
        Literal["reference", "compiled"] | None, typer.Option(help="Engine to use.", show_default="the same")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many work at once on a study.", show_default="all processors")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")] = False,
) -> None:
    """Make a saved run or study again from its manifest, elsewhere, and compare the contents; 1 if they differ."""
    from sim.cli.commands.compare import processors
    from sim.cli.output import console, print_json, spinner, table
    from sim.study.reproduce import reproduce as again

    with spinner(f"making {folder} again", later="(the first run also compiles: about a minute)"):
        found = again(folder, engine, workers or processors())
    apart = [name for name, same in found.items() if not same]
    if as_json:
        print_json({"folder": str(folder), "same": not apart, "content": dict(found)})
    else:
        screen = console()
        screen.print(table(["content", ""], [(name, "same" if same else "differs") for name, same in found.items()]))
        screen.print(f"\n{len(apart)} of {len(found)} differ" if apart else f"\nall {len(found)} are the same")
    if apart:
        raise typer.Exit(FAILED)
