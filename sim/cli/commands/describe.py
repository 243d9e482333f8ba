"""`regpressure describe`: a scenario, run or study in the forms that journals ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import inputs, options
from sim.cli.output import print_or_write


def describe(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|FOLDER",
            readable=False,
            help="Scenario file, or the folder of a run or a study.",
            show_default=False,
        ),
    ],
    out: options.TextOut = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
) -> None:
    """Describe model and experiment as journals ask. The ODD protocol and the STRESS-DES checklist, in Markdown.

    Made of the scenario, the source and, for a folder, what was run. What only its author knows is left to add.
    """
    from sim.protocols.description_source import described
    from sim.protocols.odd import odd
    from sim.protocols.stress_des import stress_des

    subject = described(source if source.is_dir() else inputs.scenario_file(source))
    print_or_write("\n".join([odd(subject), stress_des(subject)]), out, force)
