"""`regpressure reproduce`: whether a saved run or study gives the same results when simulated again."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from sim.cli import options
from sim.cli.errors import FAILED
from sim.cli.output import console, print_json, table
from sim.cli.progress import spinner


def reproduce(
    folder: options.SavedFolder,
    engine: Annotated[
        Literal["reference", "compiled"] | None,
        typer.Option(help="Engine to use.", show_default="a study's own; for a run the one at hand"),
    ] = None,
    workers: options.Workers = None,
    as_json: options.Json = False,
) -> None:
    """Simulate a saved run or study again. Compares the contents with its manifest; exit code 1 if they differ."""
    from sim.study.reproduce import reproduce as reproduce_folder

    with spinner(f"simulating {folder} again"):
        same_by_name = reproduce_folder(folder, engine, workers)
    different = [name for name, same in same_by_name.items() if not same]
    if as_json:
        print_json({"folder": str(folder), "same": not different, "content": dict(same_by_name)})
    else:
        screen = console()
        rows = [(name, "same" if same else "differs") for name, same in same_by_name.items()]
        screen.print(table(["content", ""], rows))
        screen.print(f"\n{len(different)} of {len(rows)} differ" if different else f"\nall {len(rows)} are the same")
    if different:
        raise typer.Exit(FAILED)
