"""`regpressure validate`: the mistakes in scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.errors import WRONG_INPUT, InputError, print_error
from sim.cli.inputs import scenario_file
from sim.cli.output import print_json
from sim.cli.progress import spinner
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from sim.scenario.errors import Problem


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", readable=False, help="Scenario files (YAML).", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as one JSON document.")] = False,
) -> None:
    """Check scenario files. Lists every mistake and warning, with its line and column.

    A file without a mistake is run once without policies, and what moves by itself is a warning.
    """
    problems_by_file = {file: _problems(file) for file in files}
    for file, problems in problems_by_file.items():
        if as_json:
            continue
        for problem in problems:
            print_error(str(problem))
        if not _wrong(problems):
            print(printable(f"{file}: valid"))
    if as_json:
        print_json([problem for problems in problems_by_file.values() for problem in problems])
    if any(map(_wrong, problems_by_file.values())):
        raise typer.Exit(WRONG_INPUT)


def _problems(file: Path) -> tuple[Problem, ...]:
    """The errors in a file, or the warnings if there are none."""
    from sim.scenario.checks.lint import lint
    from sim.scenario.errors import Problem, ScenarioError
    from sim.scenario.scenario import load
    from sim.study.do_nothing import do_nothing

    try:
        scenario = load(scenario_file(file))
        with spinner(f"running {file} without policies"):
            return (*lint(scenario), *do_nothing(scenario))
    except ScenarioError as error:
        return error.problems
    except InputError as error:
        return (Problem(str(file), 0, 0, "", str(error).removeprefix(f"{file}: "), code="file"),)


def _wrong(problems: tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)
