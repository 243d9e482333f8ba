"""`regpressure new`: a commented scenario to make one's own of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.atomic_write import write_whole
from sim.cli import inputs
from sim.cli.errors import InputError
from sim.scenario.shipped import starting_scenario


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the scenario and of its file.", show_default=False)
    ],
) -> None:
    """Write a scenario of your own to begin with. Three firms and a ban, each value with its unit and its source.

    The file NAME.yaml is written in the working folder. One that is there stays as it is.
    """
    name = name.removesuffix(".yaml")
    with inputs.as_input_errors():
        text = starting_scenario(name)
    file = Path(f"{name}.yaml")
    if file.exists():
        raise InputError(f"{file} exists already; choose another name")
    write_whole(file.absolute(), text)
    print(f"written to {file}; see what is in it with: regpressure validate {file}")
