"""From a resolved tree to a scenario, with everything that is wrong in it reported at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from sim.scenario.checks.reach import check_reach
from sim.scenario.checks.references import check_references
from sim.scenario.checks.uncertainties import check_uncertainties
from sim.scenario.document.model_types import Shape, alternatives, step_into
from sim.scenario.document.tree import Node, problem, to_plain
from sim.scenario.document.validation_errors import problems_of
from sim.scenario.errors import Path, Problem, ScenarioError
from sim.scenario.fields import S
from sim.scenario.policy.kinds import builtin_kinds
from sim.scenario.values.units import show


def checked(model: type[S], root: Node, problems: Iterable[Problem] = ()) -> S:
    """The scenario that a resolved tree describes.

    Raises ScenarioError with the problems found before, those of its values and names, and, if there are none, those
    at the ends of its uncertain ranges.
    """
    scenario, wrong_values = validated(model, root)
    wrong_names = check_references(root, frozenset(builtin_kinds()))
    extremes, wrong_ranges = check_uncertainties(root)
    problems = [*problems, *wrong_values, *wrong_names, *wrong_ranges]
    if not problems:
        problems = [each for tree in extremes for each in validated(model, tree)[1]]
    if scenario is None or problems:
        raise ScenarioError(_once(problems))
    return scenario


def validated(model: type[S], root: Node) -> tuple[S | None, list[Problem]]:
    """The scenario that a resolved tree describes, or None, and what is wrong with its values."""
    scenario = None
    problems: list[Problem] = []
    try:
        scenario = model.model_validate(to_plain(root))
    except ValidationError as error:
        problems = problems_of(error, root, model)
    reported = {(each.file, each.line, each.column) for each in problems}
    problems += [each for each in _no_numbers(root, root, model) if (each.file, each.line, each.column) not in reported]
    if scenario is not None:
        problems += check_reach(root, scenario)
    return None if problems else scenario, problems


def _no_numbers(root: Node, node: Node, shape: Shape, path: Path = ()) -> Iterator[Problem]:
    """Values that pydantic takes for the number that is wanted, but that nobody means as one: true, "nan"."""
    types = alternatives(shape)
    if (float in types or int in types) and type(node.value) not in types and _poses_as_number(node.value):
        yield problem(root, path, f"{show(node.value)} is not a number", "value")
    for step, child in node.parts:
        yield from _no_numbers(root, child, step_into(shape, step), (*path, step))


def _poses_as_number(value: object) -> bool:
    if isinstance(value, bool):
        return True
    try:
        return isinstance(value, str) and not math.isfinite(float(value))
    except ValueError:
        return False


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems without those that a policy inherits and so repeats at the same place."""
    seen: set[tuple[str, int, int, str]] = set()
    for each in problems:
        where = (each.file, each.line, each.column, each.message)
        if each.line == 0 or where not in seen:
            yield each
        seen.add(where)
