"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="Scenario file (YAML).", show_default=False)]
Seed = Annotated[int, typer.Option(min=0, help="Which world of chances.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
]
Workers = Annotated[int | None, typer.Option(min=1, help="How many work at once.", show_default="all processors")]
Draws = Annotated[
    int | None, typer.Option(min=2, help="Draw uncertain parameters so often.", show_default="values of the file")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
