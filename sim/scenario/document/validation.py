"""From a tree to a model, with pydantic's errors in the words and at the positions of the scenario file."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.scenario.document.model_types import Shape, alternatives, names, shape_at, step_into
from sim.scenario.document.tree import Node, follow, problem, to_plain
from sim.scenario.errors import Path, PositionedValueError, Problem
from sim.scenario.values.base import NAMES_MADE_OF
from sim.scenario.values.units import NUMBER, show
from sim.suggest import did_you_mean

M = TypeVar("M", bound=BaseModel)

_WRONG_SHAPE = {
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type", "mapping_type"), "a mapping"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
}
_WANTED = {
    **_WRONG_SHAPE,
    "string_type": "text",
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
}
_NUMBER_AND_UNIT = re.compile(rf"\s*({NUMBER})\s*(%|[A-Za-z][A-Za-z /]*)\s*")
_LIMITS = {
    "greater_than": "should be greater than {gt:g}",
    "greater_than_equal": "should be greater than or equal to {ge:g}",
    "less_than": "should be less than {lt:g}",
    "less_than_equal": "should be less than or equal to {le:g}",
    "string_too_long": "is longer than {max_length} characters",
}


@dataclass(frozen=True)
class _Complaint:
    """One of pydantic's errors, with the path in the file that it is about."""

    kind: str
    error: Any
    path: Path
    branch: Path | None
    """Where a union stands on the way, if one does: the error then speaks for one of its members only."""
    member: object
    """Which member that is."""
    on_key: bool


def validated(model: type[M], root: Node, before: Node | None = None) -> tuple[M | None, list[Problem]]:
    """What a tree describes, or None, and what is wrong with its values; it may have parts of a valid one, `before`."""
    valid = None
    problems: list[Problem] = []
    try:
        valid = model.model_validate(to_plain(root))
    except ValidationError as error:
        complaints = [_read(details, root) for details in error.errors(include_url=False)]
        complaints = [each for each in complaints if not _follows_from_others(each, root)]
        problems = [_problem(group, root, model) for group in _groups(complaints, root)]
    reported = {(each.file, each.line, each.column) for each in problems}
    numbers = _no_numbers(root, root, model, before)
    problems += [each for each in numbers if (each.file, each.line, each.column) not in reported]
    return None if problems else valid, problems


def _read(details: Any, root: Node) -> _Complaint:
    """One error with its path in the file, without what pydantic puts between steps: union members, `[key]` marks."""
    path: Path = ()
    branch, member = None, None
    node = root
    for index, step in enumerate(details["loc"]):
        if (child := node.child(step)) is not None:
            node, path = child, (*path, step)
        elif details["type"] == "missing" and index == len(details["loc"]) - 1:
            path = (*path, step)
        elif step != "[key]" and branch is None:
            branch, member = path, step
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, PositionedValueError):
        path += cause.at
    on_key = details["type"] == "extra_forbidden" or "[key]" in details["loc"]
    return _Complaint(details["type"], details, path, branch, member, on_key)


def _follows_from_others(complaint: _Complaint, root: Node) -> bool:
    """Whether pydantic finds a block too short only because it does not count faulty items."""
    parts = follow(root, complaint.path)[0].parts
    return complaint.kind == "too_short" and len(parts) >= complaint.error["ctx"]["min_length"]


def _groups(complaints: Iterable[_Complaint], root: Node) -> Iterator[list[_Complaint]]:
    """Complaints that make one message: what the members of one union have against one value."""
    unions: dict[Path, list[_Complaint]] = {}
    for complaint in complaints:
        if complaint.branch is None:
            yield [complaint]
        else:
            unions.setdefault(complaint.branch, []).append(complaint)
    for branch, members in unions.items():
        by_path: dict[Path, list[_Complaint]] = {}
        for complaint in _relevant(members, branch, follow(root, branch)[0]):
            by_path.setdefault(complaint.path, []).append(complaint)
        yield from by_path.values()


def _relevant(members: list[_Complaint], branch: Path, node: Node) -> list[_Complaint]:
    """Leave out union members that the author cannot have meant: a number where a mapping stands, or other keys."""
    if isinstance(node.value, dict | tuple):
        chosen = [each for each in members if each.path != branch]
        wrong_keys = Counter(each.member for each in chosen if each.kind in ("extra_forbidden", "missing"))
        fewest = min((wrong_keys[each.member] for each in chosen), default=0)
        chosen = [each for each in chosen if wrong_keys[each.member] == fewest]
    else:
        chosen = [each for each in members if each.kind not in _WRONG_SHAPE]
    return chosen or members


def _problem(group: list[_Complaint], root: Node, model: type[BaseModel]) -> Problem:
    first = group[0]
    if all(each.kind == "literal_error" for each in group):
        expected = [word for each in group for word in re.findall(r"'([^']*)'", each.error["ctx"]["expected"])]
        value, words = first.error["input"], expected or [first.error["ctx"]["expected"]]
        message = f"{show(value)} is not one of {', '.join(words)}{did_you_mean(value, words)}"
    else:
        message = "; or ".join(dict.fromkeys(_message(each, model) for each in group))
    code = {"extra_forbidden": "unknown-key", "missing": "missing"}.get(first.kind, "value")
    return problem(root, first.path, message, code, key=first.on_key)


def _message(complaint: _Complaint, model: type[BaseModel]) -> str:
    """What one complaint says."""
    if complaint.kind == "extra_forbidden":
        name, known = str(complaint.path[-1]), names(shape_at(model, complaint.path[:-1])) or ()
        listed = f"; known here: {', '.join(known)}" if len(known) <= 16 else ""
        return f"unknown key{did_you_mean(name, known) or listed}"
    return "is missing" if complaint.kind == "missing" else wrong_value(complaint.error)


def wrong_value(details: Any) -> str:
    """What is wrong with a value, of one of pydantic's errors (an entry of `ValidationError.errors()`)."""
    kind = details["type"]
    if kind == "value_error":
        return str(details["ctx"]["error"]).rstrip(".")
    if kind in _WANTED:
        return f"{show(details['input'])} is not {_WANTED[kind]}{_cure(kind, details['input'])}"
    if kind in _LIMITS:
        return f"{show(details['input'])} {_LIMITS[kind].format(**details['ctx'])}"
    if kind == "too_short":
        return f"must have at least {details['ctx']['min_length']} entry"
    if kind == "string_pattern_mismatch":
        return f"{show(details['input'])} is not a name made of {NAMES_MADE_OF[details['ctx']['pattern']]}"
    return str(details["msg"]).replace("Input should", f"{show(details['input'])} should")


def _cure(kind: str, value: object) -> str:
    """How to write what was probably meant."""
    if kind == "string_type" and isinstance(value, int | float):
        return "; put it in quotes"
    match = _NUMBER_AND_UNIT.fullmatch(value) if kind == "float_parsing" and isinstance(value, str) else None
    if match is None or not math.isfinite(number := float(match[1]) / (100.0 if match[2] == "%" else 1.0)):
        return ""
    return f"; write {number:g}" if match[2] == "%" else f"; write {number:g} without a unit"


def _no_numbers(root: Node, node: Node, shape: Shape, before: Node | None = None, path: Path = ()) -> Iterator[Problem]:
    """Values that pydantic takes for the number that is wanted, but that nobody means as one: true, "nan".

    Of a tree that has parts of another, `before`, only the others are looked at.
    """
    if isinstance(node.value, bool | str) and _poses_as_number(node.value):
        types = alternatives(shape)
        if (float in types or int in types) and type(node.value) not in types:
            yield problem(root, path, f"{show(node.value)} is not a number", "value")
    for step, child in node.parts:
        known = None if before is None else before.child(step)
        if child is not known:
            yield from _no_numbers(root, child, step_into(shape, step), known, (*path, step))


def _poses_as_number(value: bool | str) -> bool:
    if isinstance(value, bool):
        return True
    try:
        return not math.isfinite(float(value))
    except ValueError:
        return False
