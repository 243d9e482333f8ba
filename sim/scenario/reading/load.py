"""From a file to a validated scenario.

    text -> files extended -> overrides -> policies composed -> defaults filled in -> models and names checked

From the overrides on, everything that is wrong is reported at once.
"""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping

from pydantic import ValidationError

from sim.scenario.checks.references import check_references
from sim.scenario.checks.uncertainties import check_uncertainties
from sim.scenario.document.model_types import Shape, alternatives, step_into
from sim.scenario.document.tree import Node, plain, problem
from sim.scenario.document.validation_errors import problems_of
from sim.scenario.document.yaml_tree import check_size, read_file, read_text
from sim.scenario.errors import Path, Problem, ScenarioError
from sim.scenario.policy.kinds import builtin_kinds
from sim.scenario.reading.compose import compose
from sim.scenario.reading.defaults import filled
from sim.scenario.reading.inherit import inherited
from sim.scenario.reading.overrides import overriding, set_value
from sim.scenario.scenario import Scenario
from sim.scenario.values.units import show

Source = tuple[Node, Mapping[str, object]]
"""A tree before policies are composed, and the values that replace what it says."""

_TREES: dict[int, tuple[Node, Source | None]] = {}


def load(path: str | os.PathLike[str], overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read and check a scenario file.

    `overrides` are values by dotted path (`{"segments.cn-retail.switching": "0.3 /d"}`) that replace what
    the file says. Raises `ScenarioError` with everything that is wrong and where.
    """
    name = os.fspath(path)
    return from_source(inherited(read_file(name), os.path.dirname(name), (name,)), overrides or {})


def loads(text: str, name: str = "<text>", overrides: Mapping[str, object] | None = None) -> Scenario:
    """As `load`, from text; `name` is the file in messages, and `extends` starts from the current folder."""
    return from_source(inherited(read_text(text, name), ""), overrides or {})


def written(scenario: Scenario) -> Node | None:
    """The tree that a scenario was loaded from, for positions; None for a copy or one made in Python."""
    return _TREES.get(id(scenario), (None, None))[0]


def source(scenario: Scenario) -> Source | None:
    """What a scenario was made from before its policies were composed; None if that is not known."""
    return _TREES.get(id(scenario), (None, None))[1]


def remember(scenario: Scenario, root: Node, source: Source | None = None) -> Scenario:
    """The scenario, of which the resolved tree and the source are known from now on."""
    _TREES[id(scenario)] = root, source
    weakref.finalize(scenario, _TREES.pop, id(scenario), None)
    return scenario


def from_source(root: Node, overrides: Mapping[str, object]) -> Scenario:
    """The scenario of a tree in which policies are not composed yet."""
    values, problems = overriding(overrides)
    return checked(_resolved(root, values, problems), problems, (root, overrides))


def checked(root: Node, problems: Iterable[Problem] = (), source: Source | None = None) -> Scenario:
    """The scenario that a resolved tree describes, with everything found wrong so far and in it raised as one error."""
    problems = list(problems)
    scenario = validated(root, problems)
    problems += check_references(root, frozenset(builtin_kinds()))
    extremes, wrong = check_uncertainties(root)
    problems += wrong
    if scenario is not None and not problems:
        for tree in extremes:
            validated(tree, problems)
    if scenario is None or problems:
        raise ScenarioError(_once(problems))
    return remember(scenario, root, source)


def _resolved(root: Node, values: Mapping[str, Node], problems: list[Problem]) -> Node:
    """The tree with values set, policies composed and defaults filled in; adds what is wrong to `problems`.

    A value in a policy that extends another is set after composition; any other before, so that the policies
    that build on it follow.
    """
    late = {path: value for path, value in values.items() if _is_composed(root, path)}
    root = set_all(root, {path: value for path, value in values.items() if path not in late}, problems)
    root, wrong = compose(root)
    problems += wrong
    root = set_all(root, late, problems)
    check_size(root)
    return filled(root, Scenario)


def set_all(root: Node, values: Mapping[str, Node], problems: list[Problem]) -> Node:
    """The tree with values set; adds what leads nowhere to `problems`."""
    for path, value in values.items():
        try:
            root = set_value(root, path, value, Scenario)
        except ScenarioError as error:
            problems += error.problems
    return root


def _is_composed(root: Node, path: str) -> bool:
    block, name, *_ = [*path.split("."), ""]
    policies = root.child(block) if block == "policies" else None
    policy = policies.child(name) if policies else None
    return policy is not None and "extends" in policy.entries


def validated(root: Node, problems: list[Problem]) -> Scenario | None:
    """The scenario that a resolved tree describes; None, and more `problems`, if it describes none."""
    scenario = None
    found: list[Problem] = []
    try:
        scenario = Scenario.model_validate(plain(root))
    except ValidationError as error:
        found = problems_of(error, root, Scenario)
    told = {(each.file, each.line, each.column) for each in found}
    found += [each for each in _no_numbers(root, root, Scenario) if (each.file, each.line, each.column) not in told]
    problems += found
    return None if found else scenario


def _no_numbers(root: Node, node: Node, shape: Shape, path: Path = ()) -> Iterator[Problem]:
    """Values that pydantic takes for the number that is wanted, but that nobody means as one: true, "nan"."""
    wanted = alternatives(shape)
    if (float in wanted or int in wanted) and type(node.value) not in wanted and _poses_as_number(node.value):
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
