"""Scenarios: read from files, and with other policies or values.

    text -> files extended -> overrides -> policies composed -> defaults filled in -> models and names checked

From the overrides on, everything that is wrong is reported at once.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sim.plurals import counted, first_few
from sim.scenario.checks.attractions import unbounded_attractions
from sim.scenario.checks.consistency import inconsistencies
from sim.scenario.checks.first_day_volumes import check_given_volumes
from sim.scenario.checks.lint import lint
from sim.scenario.checks.partial_bans import partial_bans
from sim.scenario.checks.references import can_be_a_name, check_references
from sim.scenario.document.model_types import model_in, step_into
from sim.scenario.document.tree import Node, Position, from_plain, problem
from sim.scenario.document.validation import validated
from sim.scenario.document.yaml_tree import read_file, read_text
from sim.scenario.errors import Problem, ScenarioError, ScenarioWarning, without_repeats
from sim.scenario.fields import ScenarioFields, Source, as_tree, origin_of, source_of, tree_of, with_origin
from sim.scenario.policy.policy import Policy
from sim.scenario.ranges import check_uncertainties, size_of
from sim.scenario.reading.extended_files import inherited
from sim.scenario.reading.extended_policies import compose
from sim.scenario.reading.overrides import IN_PYTHON, OVERRIDE, following, overriding, set_all
from sim.scenario.reading.resolve import resolved, with_defaults
from sim.scenario.shipped import located
from sim.scenario.values.units import show

_CHECKED = frozenset({"policies", "uncertainties"})
"""Large blocks that were checked when they came, and are not again where no value in them is replaced."""
_SEPARATE = frozenset({
    "agencies", "offices", "segments", "exchanges", "closing", "demand", "decisions", "beliefs", "enforcement",
})  # fmt: skip
"""Blocks in which a quantity is checked with the item that it stands in, and with nothing that a policy says."""
_CHECKS_OF_THE_WORLD = (inconsistencies, check_given_volumes, unbounded_attractions)
"""Checks of values together; that of partial bans sees policies and kinds alone."""


class Scenario(ScenarioFields):
    """A validated, immutable scenario."""

    def with_policies(self, policies: Mapping[str, Policy]) -> Scenario:
        """The scenario with these policies beside its own, or in their place where a name is the same.

            early = china.policies["baseline"].delay("payment-block-august", days=-300)
            china.with_policies({"early payments": early})

        They are checked as those of a file are. Raises ScenarioError, with each policy and intervention at fault, and
        if `baseline` is to change, with which others are compared. Warns (`ScenarioWarning`) of what is doubtful in
        them, once, such as what begins after the scenario ends.
        """
        if problems := list(_unfit(self, policies)):
            raise ScenarioError(problems)
        trees = {
            name: _policy_tree(name, policy.model_dump(mode="json", exclude_unset=True), IN_PYTHON)
            for name, policy in policies.items()
        }
        root, source = _with(as_tree(self), trees), source_of(self)
        source = None if source is None else Source(_with(source.tree, trees), source.overrides)
        scenario = with_origin(_checked(root), root, source, self)
        _warn([doubt for doubt in lint(scenario) if doubt.file == IN_PYTHON], scenario, stacklevel=2)
        return scenario

    def with_values(self, values: Mapping[str, object]) -> Scenario:
        """The scenario with single values replaced by path, as `sim.load` does with `overrides`.

            china.with_values({"segments.retail.switching": "0.03 /d"})

        Policies that build on a policy of the file follow it. So do those given in Python, `baseline.without("ban")`,
        where they say the same at the path. Ranges under `uncertainties` are not checked against the new values.
        Raises ScenarioError with everything that is wrong.
        """
        values = following(self, values)
        source = source_of(self)
        source = None if source is None else Source(source.tree, {**source.overrides, **values})
        replaced = {path.split(".")[0] for path in values}
        if source is not None and "policies" in replaced:
            return _from_source(source, self)
        nodes, problems = overriding(values)
        root, wrong_paths = set_all(as_tree(self), nodes)
        if not (problems or wrong_paths) and all(_is_plain_quantity(path, value) for path, value in values.items()):
            quick = _with_items(self, root, replaced)
            if quick is not None:
                return with_origin(quick, root, source, self)
        if any(node.entries or node.items for node in nodes.values()):
            root = with_defaults(root)
        same = _CHECKED - replaced
        short = root.with_entries({name: _least(root, name) for name in same if name in root.entries})
        scenario, wrong_values = validated(Scenario, short)
        problems += [*wrong_paths, *wrong_values, *check_references(root)]
        if scenario is None or problems:
            raise ScenarioError(problems)
        scenario = scenario.model_copy(update={name: getattr(self, name) for name in same})
        if problems := list(_contradictions(root, scenario)):
            raise ScenarioError(problems)
        return with_origin(scenario, root, source, self)

    def __repr__(self) -> str:
        exchanges = sum(exchange.count for exchange in self.exchanges)
        return (
            f"Scenario {self.name}: {self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}, "
            f"{counted(len(self.segments), 'segment')}, {counted(exchanges, 'exchange')}\n"
            f"{counted(len(self.policies), 'policy', 'policies')}: {first_few(self.policies)}"
        )

    __str__ = __repr__


def load(path: str | os.PathLike[str], overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read and check a scenario file, or by its name a scenario that comes with the package.

    `overrides` are values by dotted path (`{"segments.retail.switching": "0.3 /d"}`) that replace what
    the file says. Raises `ScenarioError` with everything that is wrong and where.
    """
    name = located(path)
    return _from_source(Source(inherited(read_file(name), os.path.dirname(name), (name,)), overrides or {}))


def loads(text: str, name: str = "<text>", overrides: Mapping[str, object] | None = None) -> Scenario:
    """As `load`, from text; `name` is the file in messages, and `extends` starts from the current folder."""
    return _from_source(Source(inherited(read_text(text, name), ""), overrides or {}))


def with_changes(scenario: Scenario, name: str, policy: Mapping[str, object]) -> Policy:
    """A policy written as in a file, `{"extends": "baseline", "delay": {"payments": "30 d"}}`.

    Raises ScenarioError with everything that is wrong in it.
    """
    root, problems = compose(_with(as_tree(scenario), {name: _policy_tree(name, policy, name)}))
    return _checked(with_defaults(root), problems).policies[name]


def check_paths(scenario: Scenario, paths: Iterable[str]) -> None:
    """Raise ScenarioError for paths that lead nowhere in a scenario."""
    nodes, problems = overriding(dict.fromkeys(paths))
    problems += set_all(as_tree(scenario), nodes)[1]
    if problems:
        raise ScenarioError(problems)


def file_of(scenario: Scenario, policy: str) -> str | None:
    """The file that describes a policy and its world as they are; None if they were made or changed outside of it."""
    root = tree_of(scenario)
    if root is None or not os.path.isfile(root.position.file):
        return None
    world = root.without_entries("policies")
    files = {*_files(world), *_files(root.entries["policies"].entries[policy])}
    return None if files & {IN_PYTHON, OVERRIDE} else root.position.file


def warn_of(scenario: Scenario, stacklevel: int) -> None:
    """Warn (`ScenarioWarning`) of everything doubtful in a scenario, once for it and all that are made of it."""
    origin = origin_of(scenario)
    if not origin.checked:
        _warn(lint(scenario), scenario, stacklevel)
        origin.checked = True


def _warn(doubts: Iterable[Problem], scenario: Scenario, stacklevel: int) -> None:
    told = origin_of(scenario).told
    for doubt in doubts:
        inside = re.split(r"\.(?=interventions\.|rules\.)", doubt.path, maxsplit=1)[-1]
        if (what := f"{inside}: {doubt.message}") not in told:
            told.add(what)
            warnings.warn(ScenarioWarning(doubt), stacklevel=stacklevel + 1)


def _from_source(source: Source, before: Scenario | None = None) -> Scenario:
    root, problems = resolved(source.tree, source.overrides)
    return with_origin(_checked(root, problems, ranges=before is None), root, source, before)


def _policy_tree(name: str, policy: Mapping[str, object], file: str) -> Node:
    try:
        return from_plain(policy, Position(file))
    except ValueError as error:
        raise ScenarioError([Position(file).problem(str(error), "value", f"policies.{name}")]) from None


def _with(root: Node, policies: Mapping[str, Node]) -> Node:
    """A tree with more policies, or others in their place."""
    return root.with_entries({"policies": replace(root, value={**root.entries["policies"].entries, **policies})})


def _unfit(scenario: Scenario, policies: Mapping[str, Policy]) -> Iterator[Problem]:
    """What is no policy, or the baseline changed."""
    for name, policy in policies.items():
        if not isinstance(policy, Policy):
            said = f"must be a Policy, such as scenario.policies['baseline'].without('id'), not {show(policy)}"
            yield Position(IN_PYTHON).problem(said, "value", f"policies.{name}")
        elif name == "baseline" and policy != scenario.policies[name]:
            said = "stays as it is; give the policy another name"
            yield Position(IN_PYTHON).problem(said, "policy", "policies.baseline")


def _least(root: Node, block: str) -> Node:
    """The least that a block may hold."""
    empty = replace(root, value={})
    return replace(root, value={"baseline": empty}) if block == "policies" else empty


def _checked(root: Node, problems: Iterable[Problem] = (), ranges: bool = True) -> Scenario:
    """The scenario that a resolved tree describes.

    Raises ScenarioError with the problems found before, those of its values and names, and, if there are none and
    `ranges` are to be checked, those at the ends of its uncertain ranges.
    """
    scenario, wrong_values = validated(Scenario, root)
    wrong_names = check_references(root)
    extremes, wrong_ranges = check_uncertainties(root) if ranges else ((), ())
    problems = [*problems, *wrong_values, *wrong_names, *wrong_ranges]
    if scenario is not None and not problems:
        problems = [*_contradictions(root, scenario), *(each for tree in extremes for each in _wrong_in(tree, root))]
    if scenario is None or problems:
        raise ScenarioError(without_repeats(problems))
    return scenario


def _wrong_in(tree: Node, root: Node) -> Iterator[Problem]:
    """What is wrong with values at one end of their ranges; nothing is with those of `root`."""
    scenario, problems = validated(Scenario, tree, root)
    yield from problems if scenario is None else _contradictions(tree, scenario)


def _contradictions(root: Node, scenario: Scenario) -> Iterator[Problem]:
    """Values that are right each by itself, and not together."""
    for check in (*_CHECKS_OF_THE_WORLD, partial_bans):
        for path, message, code in check(scenario):
            yield problem(root, path, message, code)


def _is_plain_quantity(path: str, value: object) -> bool:
    """Whether a value is a quantity that neither is a name nor decides which names there are."""
    quantity = isinstance(value, int | float | str) and size_of(value) is not None
    return quantity and path.split(".")[0] in _SEPARATE and not can_be_a_name(path)


def _with_items(scenario: Scenario, root: Node, blocks: Iterable[str]) -> Scenario | None:
    """The scenario of a tree that differs from its own in plain quantities in these blocks.

    Only the items that differ are read anew: that costs a tenth of reading everything. None if there is anything
    wrong with them, or nothing to compare them with; a reading of the whole tells what.
    """
    before = tree_of(scenario)
    if before is None:
        return None
    read = {block: _read_anew(scenario, before, root, block) for block in blocks}
    if None in read.values():
        return None
    changed = scenario.model_copy(update=read)
    contradictions = (finding for check in _CHECKS_OF_THE_WORLD for finding in check(changed))
    return changed if next(contradictions, None) is None else None


def _read_anew(scenario: Scenario, before: Node, root: Node, block: str) -> Any:
    """A block of the scenario with its items, or itself if it is no list, as the tree has them; None if wrong."""
    shape, node = step_into(ScenarioFields, block), root.entries[block]
    if not node.items:
        return _read_item(shape, node, before.entries.get(block))
    read = [
        item if new is old else _read_item(step_into(shape, index), new, old)
        for index, (item, old, new) in enumerate(
            zip(getattr(scenario, block), before.entries[block].items, node.items, strict=True)
        )
    ]
    return None if None in read else tuple(read)


def _read_item(shape: Any, node: Node, before: Node | None) -> Any:
    model = model_in(shape)
    return None if model is None else validated(model, node, before)[0]


def _files(node: Node) -> Iterator[str]:
    yield node.position.file
    for _, part in node.parts:
        yield from _files(part)
