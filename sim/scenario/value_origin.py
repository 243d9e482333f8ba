"""What a single value of a scenario is, and where it came from: a line of a file, `--set`, a kind, or the default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from sim.scenario.document.tree import DISTRIBUTIONS, Node, Position, from_plain, to_plain
from sim.scenario.field_list import ScenarioField, fields_under
from sim.scenario.fields import ScenarioFields, as_tree, source_of
from sim.scenario.policy.interventions import Kind, builtin_kinds
from sim.scenario.values.units import show
from sim.suggest import meant_or_listed

_DEFAULT = Position("default")


@dataclass(frozen=True, slots=True)
class ConfiguredValue:
    """A value of a scenario by its path, with ids for items of lists, such as `segments.traders.switching`.

    `field` is None for what a file names itself, such as a rail. `origin` says in words where the value came from,
    `comment` is what stands behind it on its line, `source` what the block around it says, `between` its range under
    `uncertainties`.
    """

    path: str
    value: str
    field: ScenarioField | None
    origin: str
    comment: str = ""
    source: str = ""
    between: str = ""


def configured_values(scenario: ScenarioFields, path: str) -> list[ConfiguredValue]:
    """The value at a path, or all values of the block that it leads to.

    Raises LookupError for a path that leads nowhere, with what was probably meant.
    """
    whole = _with_defaults(scenario)
    steps = path.split(".")
    found = _value_at(whole, steps)
    return [_configured(scenario, tuple(leaf), value) for leaf, value in _leaves(found, steps)]


def _with_defaults(scenario: ScenarioFields) -> Node:
    """The tree of a scenario with everything in it that files leave out, and what kinds say of interventions."""
    plain = scenario.model_dump(mode="json", by_alias=True)
    for name, policy in scenario.policies.items():
        full = [scenario.with_kind(item).model_dump(mode="json", by_alias=True) for item in policy.interventions]
        plain["policies"][name]["interventions"] = full
    return from_plain(plain, _DEFAULT)


def _value_at(root: Node, steps: list[str]) -> Node:
    node = root
    for at, step in enumerate(steps):
        child = _child(node, step)
        if child is None:
            if node.value is None and _field(".".join(steps)) is not None:
                return node  # of a block that the file does not give
            raise LookupError(f"no {step!r} in {'.'.join(steps[:at]) or 'a scenario'}{_hint(root, node, steps, at)}")
        node = child
    return node


def _child(node: Node, step: str) -> Node | None:
    """The entry of this name, or the item of this id or number; interventions may follow a policy at once."""
    if node.items:
        known: dict[str, Node] = {item.item_id or str(index): item for index, item in enumerate(node.items)}
        return known.get(step) or (node.child(int(step)) if step.isdecimal() else None)
    own = node.entries.get(step)
    return _child(node.entries["interventions"], step) if own is None and "interventions" in node.entries else own


def _hint(root: Node, node: Node, steps: list[str], at: int) -> str:
    inside = (*node.parts, *(node.entries["interventions"].parts if "interventions" in node.entries else ()))
    names = [str(part.item_id or key) for key, part in inside]
    blocks = [name for name, block in root.entries.items() if _child(block, steps[0]) is not None] if at == 0 else []
    if blocks:
        return f" (did you mean {'.'.join([blocks[0], *steps])}?)"
    return meant_or_listed(steps[at], names)


def _leaves(node: Node, steps: list[str]) -> Iterator[tuple[list[str], Node]]:
    """The values at a node and below it, without those that are not given; a random quantity is one value."""
    blocks = [part for _, part in node.parts if part.entries or part.items]
    if not node.parts or DISTRIBUTIONS.issuperset(node.entries) or (node.items and not blocks):
        yield steps, node
        return
    for key, part in node.parts:
        if part.value not in (None, (), {}):
            yield from _leaves(part, [*steps, part.item_id or str(key)])


def _configured(scenario: ScenarioFields, steps: tuple[str, ...], value: Node) -> ConfiguredValue:
    path = ".".join(steps)
    nodes = _written(scenario, steps)
    own = nodes[-1] if len(nodes) == len(steps) + 1 else None
    between = scenario.uncertainties.get(path)
    low, high = between.between if between else ("", "")
    return ConfiguredValue(
        path,
        _text(value if own is None or _is_replaced(scenario, path) else own),
        _field(path),
        _origin(scenario, steps, own) if value.value is not None else "nowhere: the file does not give it",
        _comment(own.position) if own else "",
        _source(nodes),
        f"{low} to {high}" + (f" ({between.source})" if between.source else "") if between else "",
    )


def _written(scenario: ScenarioFields, steps: tuple[str, ...]) -> list[Node]:
    """The nodes of the text along a path, as far as it says something; policies as they are once composed."""
    source = source_of(scenario)
    root = as_tree(scenario) if source is None or steps[0] == "policies" else source.tree
    nodes = [root]
    for step in steps:
        if (child := _child(nodes[-1], step)) is None:
            break
        nodes.append(child)
    return nodes


def _origin(scenario: ScenarioFields, steps: tuple[str, ...], own: Node | None) -> str:
    place = _place(scenario, own.position) if own else ""
    if _is_replaced(scenario, ".".join(steps)):
        return "--set" + (f", in place of {_text(own)} at {place}" if own and steps[0] != "policies" else "")
    return place or _kind_origin(scenario, steps) or "the default, since the file does not say it"


def _is_replaced(scenario: ScenarioFields, path: str) -> bool:
    """Whether the value at a path, or a block around it, was set by path (`--set`, `overrides`, `with_values`)."""
    source = source_of(scenario)
    return any(f"{path}.".startswith(f"{each}.") for each in (source.overrides if source else ()))


def _place(scenario: ScenarioFields, position: Position) -> str:
    """A place in a file, and by which file it was extended if it is not that of the scenario."""
    main = as_tree(scenario).position.file
    return f"{position}" if position.file == main else f"{position}, which {main} builds on"


def _kind_origin(scenario: ScenarioFields, steps: tuple[str, ...]) -> str:
    """That a value of an intervention is that of its kind, if the kind says it."""
    if steps[0] != "policies" or len(steps) < 4:
        return ""
    policy, *rest = steps[1:]
    rest = rest[1:] if rest[0] == "interventions" else rest
    kind = next((item.kind for item in scenario.policies[policy].interventions if item.id == rest[0]), "")
    preset: Kind | None = scenario.kinds.get(kind) or builtin_kinds().get(kind)
    node = None if preset is None else from_plain(preset.model_dump(mode="json", exclude_unset=True), _DEFAULT)
    for step in rest[1:]:
        node = None if node is None else _child(node, step)
    return f"the kind {kind}, which {rest[0]} is of" if node is not None else ""


def _source(nodes: list[Node]) -> str:
    """What the innermost block around a value names as its source."""
    sources = [node.entries["source"].value for node in nodes if "source" in node.entries]
    return str(sources[-1]) if sources else ""


def _comment(position: Position) -> str:
    """The comment at the end of the line where a value stands."""
    try:
        line = FilePath(position.file).read_text(encoding="utf-8").splitlines()[position.line - 1]
    except (OSError, IndexError):
        return ""
    before, mark, comment = line.partition(" #")
    return comment.strip() if mark and before.count('"') % 2 == 0 and before.count("'") % 2 == 0 else ""


def _field(path: str) -> ScenarioField | None:
    """What the format says about the field at a path; the interventions of a policy follow its name at once."""
    steps = [step for step in path.split(".") if step != "interventions"]
    try:
        same = [field for field in fields_under(".".join(steps)) if field.path.count(".") == len(steps) - 1]
    except KeyError:
        return None
    return max(same, key=lambda field: field.path.split(".")[-1] == steps[-1], default=None)


def _text(node: Node) -> str:
    """A value as a file could write it, on one line."""
    plain: Any = to_plain(node)
    if plain is None:
        return "not given"
    if isinstance(plain, dict | list):
        return str(yaml.safe_dump(plain, default_flow_style=True, width=10_000, sort_keys=False)).strip()
    return show(plain) if isinstance(plain, bool) else str(plain)
