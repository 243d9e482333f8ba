"""`regpressure validate` and `regpressure schema`: is a scenario file right, and what may stand in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.errors import WRONG_INPUT, print_error

if TYPE_CHECKING:
    from sim.scenario.errors import Problem


def validate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", readable=False, help="Scenario files (YAML).", show_default=False),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as one JSON document.")] = False,
) -> None:
    """Check scenario files without running them: every mistake and every warning, with its place."""
    from dataclasses import asdict

    from sim.cli.output import print_json

    found = {file: _problems(file) for file in files}
    for file, problems in found.items():
        if as_json:
            continue
        for problem in problems:
            print_error(str(problem))
        if not _wrong(problems):
            print(f"{file}: valid")
    if as_json:
        print_json([asdict(problem) for problems in found.values() for problem in problems])
    if any(map(_wrong, found.values())):
        raise typer.Exit(WRONG_INPUT)


def schema(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Where to write it.", show_default="print it"),
    ] = None,
) -> None:
    """Give the JSON Schema of scenario files, by which editors complete and check them."""
    from sim.cli.output import write_text
    from sim.scenario.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2)
    if out is None:
        print(text)
    else:
        write_text(out, text + "\n")


def _problems(file: Path) -> tuple[Problem, ...]:
    """Errors of a file, or the warnings if there are none."""
    import sim
    from sim.cli.errors import InputError
    from sim.cli.inputs import readable_file
    from sim.scenario.checks.lint import lint
    from sim.scenario.errors import Problem, ScenarioError

    try:
        readable_file(file)
        return tuple(lint(sim.load(file)))
    except ScenarioError as error:
        return error.problems
    except InputError as error:
        return (Problem(str(file), 0, 0, "", str(error).removeprefix(f"{file}: "), code="file"),)


def _wrong(problems: tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)
