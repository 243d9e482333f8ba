"""The command `regpressure`: one module per command, no logic of the model.

Importing this is fast; a command imports what it needs when it runs. Exit codes: 0 done, 1 an error of the program or
of the system (or `reproduce` found a difference), 2 wrong input or usage, 130 interrupted, 141 output closed.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer

import sim
from sim.cli.commands.branch import branch
from sim.cli.commands.calibrate import calibrate
from sim.cli.commands.check import check
from sim.cli.commands.compare import compare
from sim.cli.commands.describe import describe
from sim.cli.commands.discover import discover
from sim.cli.commands.example import example
from sim.cli.commands.explain import explain
from sim.cli.commands.explain_config import explain_config
from sim.cli.commands.explore import explore
from sim.cli.commands.list import list_
from sim.cli.commands.new import new
from sim.cli.commands.race import race
from sim.cli.commands.report import report
from sim.cli.commands.reproduce import reproduce
from sim.cli.commands.run import run
from sim.cli.commands.schema import schema
from sim.cli.commands.search import search
from sim.cli.commands.sensitivity import sensitivity
from sim.cli.commands.sweep import sweep
from sim.cli.commands.tipping import tipping
from sim.cli.commands.validate import validate
from sim.cli.errors import INTERRUPTED, ErrorReportingGroup, print_error
from sim.installed_parts import bring_installed
from sim.scenario.errors import ScenarioWarning

app = typer.Typer(
    cls=ErrorReportingGroup,
    help="Simulate what exchanges and their traders do when regulators close, block, tax or license.",
    epilog="REGPRESSURE_DEBUG=1 in the environment does what --debug does.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,  # it would read the brackets of `[a, b]` as markup
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for _command in (
    run, compare, validate, check, calibrate, schema, describe, example, new, explain, explain_config, explore, branch,
    race, sweep, search, sensitivity, tipping, discover, list_, report, reproduce,
):  # fmt: skip
    app.command(_command.__name__.rstrip("_").replace("_", "-"))(_command)


def _show_version(show: bool) -> None:
    if show:
        print(f"regpressure {sim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Declare the options before the command; `ErrorReportingGroup` reads `debug`, a callback answers `version`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command on `arguments` (default: those of the process) and return its exit code."""
    for failure in bring_installed():
        print_error(failure)
    logging.getLogger("sim").disabled = sys.stderr.isatty()  # a terminal has a spinner instead
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names that the terminal's encoding lacks must not end a run
            stream.reconfigure(errors="backslashreplace")
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            app(None if arguments is None else list(arguments), prog_name="regpressure")
        except SystemExit as end:
            if end.code == INTERRUPTED:  # also before the command itself began
                print_error("interrupted")
            return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _show_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """Print a warning as messages are printed: what it says, and not the line of code that gave it."""
    print_error(str(message) if issubclass(category, ScenarioWarning) else f"warning: {message}")
