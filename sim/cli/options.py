"""Arguments and options that several commands have; each is described by its help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        readable=False,
        help="Scenario file (YAML), or the name of a scenario that comes with the package.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")]
Replication = Annotated[int, typer.Option(min=0, help="Number of the replication with that seed.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
]
ComparedPolicies = Annotated[
    str | None, typer.Option(metavar="A,B", help="Policies to compare with the baseline.", show_default="all")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Number of parallel workers.", show_default="all processors")]
Draws = Annotated[
    int | None,
    typer.Option(min=2, help="Number of draws of the uncertain parameters.", show_default="values of the file"),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", readable=False, help="Where to write the results.", show_default="nowhere"),
]
Figures = Annotated[bool, typer.Option(help="Draw the figures into FOLDER/figures.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
