"""`regpressure example`: the scenarios that come with the package, to copy from."""

from __future__ import annotations

from typing import Annotated

import typer

import sim
from sim.cli import inputs
from sim.cli.output import console, table
from sim.scenario.shipped import shared, shipped


def example(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A scenario of the package.", show_default="list them")
    ] = None,
) -> None:
    """Print a scenario that comes with the package. It is a beginning for your own: `example minimal > my.yaml`."""
    files = shipped()
    if name is None:
        console().print(table(["scenario", "description"], [(own, sim.load(files[own]).description) for own in files]))
    else:
        files = {**shared(), **files}
        print(files[inputs.known(name, "scenario", files)].read_text(encoding="utf-8"), end="")
