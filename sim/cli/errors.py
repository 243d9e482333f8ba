"""How commands fail: every error becomes a short message on stderr and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from sim.scenario.errors import ScenarioError, printable

FAILED = 1
"""Exit code of an error of the program or of the system."""
WRONG_INPUT = 2
"""Exit code when the user has to change something."""
INTERRUPTED = 130
"""Exit code after Ctrl-C."""
OUTPUT_CLOSED = 141
"""Exit code when nobody reads stdout any more, as in `regpressure schema | head -1`."""


class InputError(Exception):
    """A request that cannot be carried out; the message is one line that says why and what to do."""


class ErrorReportingGroup(TyperGroup):
    """The group of commands. No exception reaches the user as a traceback, except with `--debug`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that `ctx` names, and end with the exit code that fits."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _silence_stdout()
            raise typer.Exit(OUTPUT_CLOSED) from None
        except Exception as error:
            if _meant_for_typer(error):
                _reword(error)
                raise
            raise typer.Exit(
                _report(error, debug=ctx.params["debug"] or bool(os.environ.get("REGPRESSURE_DEBUG")))
            ) from None


def print_error(text: str) -> None:
    """Print lines for the user to stderr, apart from the result."""
    print("\n".join(map(printable, text.split("\n"))), file=sys.stderr, flush=True)


def _report(error: Exception, debug: bool) -> int:
    from sim.atomic_write import FULL
    from sim.results.open_run import FolderError

    if debug:
        traceback.print_exception(error)
    if isinstance(error, ScenarioError):
        print_error(str(error))
        return WRONG_INPUT
    if isinstance(error, InputError | FolderError):
        print_error(f"error: {error}")
        return WRONG_INPUT
    if isinstance(error, OSError) and error.strerror:
        print_error(f"error: {error.filename or 'file system'}: {error.strerror.lower()}")
        if error.errno in FULL:
            print_error("Nothing is left half written, and what was finished is kept. Make room, then try again.")
    else:
        print_error(f"error: {type(error).__name__}: {' '.join(str(error).split()) or 'no message'}")
        print_error("This is a fault of the program. `regpressure --debug ...` shows where it happened.")
    return FAILED


def _meant_for_typer(error: Exception) -> bool:
    """Whether typer itself ends a command with this exception (usage errors, exits), in any of its versions."""
    return isinstance(error, typer.Exit | typer.Abort) or hasattr(error, "exit_code")


def _reword(error: Exception) -> None:
    """Say what is wrong with the value of an option as it is said of a value in a scenario file."""
    from pydantic import ValidationError

    from sim.scenario.document.validation import wrong_value

    if isinstance(error.__cause__, ValidationError):
        error.message = "; ".join(wrong_value(each) for each in error.__cause__.errors(include_url=False))  # type: ignore[attr-defined]


def _silence_stdout() -> None:
    """Redirect stdout to nowhere, so that the interpreter does not complain when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
