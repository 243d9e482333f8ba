"""`regpressure validate`: the mistakes in scenario files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import inputs
from sim.cli.errors import WRONG_INPUT, InputError, print_error
from sim.cli.first_day_table import first_day_table
from sim.cli.output import console, print_json
from sim.cli.progress import spinner
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from sim.scenario.errors import Problem
    from sim.scenario.scenario import Scenario


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", readable=False, help="Scenario files (YAML).", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as one JSON document.")] = False,
) -> None:
    """Check scenario files. Lists every mistake and warning, with its line and column, and shows the first day.

    A file without a mistake is run once without policies, and what moves by itself is a warning.
    """
    checked = {file: _checked(file) for file in files}
    for file, (scenario, problems) in checked.items():
        if as_json:
            continue
        for problem in problems:
            print_error(str(problem))
        if scenario is not None:
            print(printable(f"{file}: valid"))
            console().print(first_day_table(scenario))
    if as_json:
        print_json([problem for _, problems in checked.values() for problem in problems])
    if any(scenario is None for scenario, _ in checked.values()):
        raise typer.Exit(WRONG_INPUT)


def _checked(file: Path) -> tuple[Scenario | None, Sequence[Problem]]:
    """The scenario in a file and what is doubtful about it, or none and the errors."""
    from sim.scenario.checks.lint import lint
    from sim.scenario.errors import Problem, ScenarioError
    from sim.scenario.scenario import load
    from sim.study.do_nothing import announcement, do_nothing

    try:
        scenario = load(inputs.scenario_file(file))
        with spinner(announcement(scenario)):
            return scenario, [*lint(scenario), *do_nothing(scenario)]
    except ScenarioError as error:
        return None, error.problems
    except InputError as error:
        return None, [Problem(str(file), 0, 0, "", str(error).removeprefix(f"{file}: "), code="file")]
