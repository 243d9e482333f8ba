"""`regpressure schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import write_text


def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Where to write it.", show_default="print it")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
) -> None:
    """Print the JSON Schema of scenario files. With it editors complete and check them."""
    from sim.scenario.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2)
    if out is None:
        print(text)
    else:
        write_text(out, text + "\n", force)
