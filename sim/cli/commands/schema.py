"""`regpressure schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from sim.cli import options
from sim.cli.output import print_or_write


def schema(
    out: options.TextOut = None, force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False
) -> None:
    """Print the JSON Schema of scenario files. With it editors complete and check them."""
    from sim.scenario.json_schema import json_schema

    print_or_write(json.dumps(json_schema(), indent=2) + "\n", out, force)
