"""YAML text to a tree of values with positions, safely.

Only what a scenario needs is read: mappings with text keys, lists, and the scalars of the YAML 1.2 core
schema (dates stay text). Tags, merge keys, duplicate keys and more than one document are refused. Size,
depth and the number of values after expansion of aliases are limited, so no file can exhaust memory or the
stack.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import yaml

from sim.scenario.document.tree import MAX_DEPTH, MAX_VALUES, Node, Position, Scalar
from sim.scenario.errors import Problem, ScenarioError, unsafe_character
from sim.scenario.shipped import shipped
from sim.suggest import did_you_mean

MAX_BYTES = 5_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_file(path: str | os.PathLike[str]) -> Node:
    """Read a file as a mapping. Raises `ScenarioError` for what is not a sound text file of YAML."""
    name = os.fspath(path)
    try:
        data = _read_bytes(name)
    except FileNotFoundError:
        _fail(Position(name), f"no such file{_similar_file(name)}", "file")
    except (OSError, ValueError) as error:
        _fail(Position(name), getattr(error, "strerror", None) or str(error), "file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        _fail(_position_after(before, name), "not a text file in UTF-8", "file")
    return read_text(text, name)


def read_text(text: str, name: str) -> Node:
    """Read text as a mapping; `name` stands for the file in messages."""
    root = read_value(text, name)
    if root.value is None:
        _fail(Position(name), "the file is empty", "file")
    if not isinstance(root.value, dict):
        _fail(root.position, "the file is to be a mapping of keys to values, such as `name: china-2017`", "yaml")
    return root


def read_value(text: str, name: str) -> Node:
    """Read text as any value; nothing at all reads as null."""
    if len(text) > MAX_BYTES:
        _fail(Position(name), f"larger than {MAX_BYTES // 1_000_000} MB", "file")
    if match := _UNPRINTABLE.search(text):
        position = _position_after(text[: match.start()], name)
        _fail(position, f"not a text file: it holds the control character U+{ord(match[0]):04X}", "file")
    try:
        return _Builder(text, name, _LOADER).document()
    except yaml.YAMLError as error:
        reason = _reason(text, name, error)
        mark = getattr(reason, "problem_mark", None)
        position = Position(name, mark.line + 1, mark.column + 1) if mark else Position(name)
        _fail(position, f"not valid YAML: {_explain(reason, text)}", "yaml")


def check_size(node: Node, sizes: dict[int, int] | None = None) -> int:
    """Number of values below and including `node`, shared ones counted as often as they appear.

    Takes time in proportion to the distinct nodes. Raises `ScenarioError` above `MAX_VALUES`.
    """
    if not isinstance(node.value, dict | tuple):
        return 1
    sizes = {} if sizes is None else sizes
    if (known := sizes.get(id(node))) is not None:
        return known
    total = 1 + sum(check_size(child, sizes) for _, child in node.parts)
    if total > MAX_VALUES:
        _fail(node.position, f"expands to more than {MAX_VALUES:,} values", "size")
    sizes[id(node)] = total
    return total


class _Builder:
    """Builds the tree from parser events; bounds depth and number of values, as not every parser does."""

    def __init__(self, text: str, file: str, loader: Any) -> None:
        self.file = file
        self.events: Iterator[Any] = yaml.parse(text, Loader=loader)
        self.anchors: dict[str, Node | None] = {}
        self.values = 0
        self.problems: list[Problem] = []

    def document(self) -> Node:
        next(self.events)
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return Node(None, Position(self.file))
        root = self.node(next(self.events), 1)
        next(self.events)
        if isinstance(event := next(self.events), yaml.DocumentStartEvent):
            self.report(event, "a second document starts here; a file holds one scenario")
        if self.problems:
            raise ScenarioError(self.problems)
        check_size(root)
        return root

    def node(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            _fail(self.position(event), f"nested more than {MAX_DEPTH} levels deep", "yaml")
        self.values += 1
        if self.values > MAX_VALUES:
            _fail(self.position(event), f"more than {MAX_VALUES:,} values", "size")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if event.tag is not None:
            self.report(event, f"the tag {_readable(event.tag)} is refused; write plain values")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        node = self.content(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def content(self, event: Any, depth: int) -> Node:
        at = self.position(event)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(depth), at)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(tuple(self.items(depth)), at)
        return Node(self.scalar(event), at)

    def alias(self, event: Any) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            what = "stands inside itself" if event.anchor in self.anchors else "has no anchor before it"
            _fail(self.position(event), f"the alias *{event.anchor} {what}", "yaml")
        return replace(node, key=None)

    def items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name = self.key(event)
            node = self.node(next(self.events), depth + 1)
            entry = Node(node.value, node.position, self.position(event))
            if name in entries:
                self.report(event, f"the key {name} stands here a second time; the first is at {entries[name].key}")
            entries.setdefault(name, entry)
        return entries

    def key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            _fail(self.position(event), "a key must be plain text", "yaml")
        if event.tag is not None:
            self.report(event, f"the tag {_readable(event.tag)} is refused; write plain values")
        if event.value == "<<" and event.implicit[0]:
            self.report(event, "the merge key << is not used here; use `extends`, or repeat the keys")
        elif not isinstance(self.scalar(event), str):
            shown = event.value or "(empty)"
            self.report(event, f'the key {shown} is not text; put it in quotes: "{event.value}"')
        return str(event.value)

    def scalar(self, event: Any) -> Scalar:
        """The value of a scalar: text if quoted, otherwise as the YAML 1.2 core schema says."""
        text = event.value
        if odd := unsafe_character(text, "\n\t"):
            self.report(event, f"the text holds the character {odd}, which cannot be printed")
        if not event.implicit[0]:
            return str(text)
        if text in _WORDS:
            return _WORDS[text]
        if _NOT_FINITE.fullmatch(text):
            self.report(event, f"{text} is not a finite number")
        elif _INTEGER.fullmatch(text):
            return self.integer(event)
        elif _FLOAT.fullmatch(text):
            return self.real(event)
        return str(text)

    def integer(self, event: Any) -> int:
        base = {"0o": 8, "0x": 16}.get(event.value[:2], 10)
        number = int(event.value[2:] if base != 10 else event.value, base) if len(event.value) < 40 else 2**64
        if abs(number) >= 2**63:
            self.report(event, "the number is too large")
        return number

    def real(self, event: Any) -> float:
        number = float(event.value)
        if number in (float("inf"), float("-inf")):
            self.report(event, "the number is too large")
        return number

    def position(self, event: Any) -> Position:
        return Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def report(self, event: Any, message: str) -> None:
        self.problems.append(self.position(event).problem(message, "yaml"))


def _read_bytes(name: str) -> bytes:
    """The bytes of a regular file of at most `MAX_BYTES`; a larger one is refused before it is read."""
    status = os.stat(name)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("a folder, not a file" if stat.S_ISDIR(status.st_mode) else "not a regular file")
    if status.st_size > MAX_BYTES:
        raise ValueError(f"{status.st_size / 1e6:,.0f} MB; larger than {MAX_BYTES // 1_000_000} MB")
    with open(name, "rb") as file:
        return file.read(MAX_BYTES)


def _similar_file(name: str) -> str:
    folder, base = os.path.split(name)
    try:
        names = [entry for entry in os.listdir(folder or ".") if entry.endswith((".yaml", ".yml"))]
    except OSError:
        names = []
    return did_you_mean(base, names if folder else [*shipped(), *names])


def _reason(text: str, name: str, refusal: yaml.YAMLError) -> yaml.YAMLError:
    """Why a text was refused, as PyYAML's own parser finds it; `refusal` itself where that one finds nothing.

    libyaml is some twenty times faster, but how deep it goes and how it words a refusal change from version to
    version. The parser in Python goes as deep as the text, so that too deep a nesting is found, and refused, by
    `_Builder`.
    """
    try:
        _Builder(text, name, yaml.SafeLoader).document()
    except yaml.YAMLError as error:
        return error
    except (ValueError, OverflowError):  # how it fails at an escaped number that is no character
        pass
    return refusal


def _explain(error: yaml.YAMLError, text: str) -> str:
    """What is wrong in words; the parser's own where no better ones are known."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return str(error)
    what, mark = error.problem or "unreadable", error.problem_mark
    if "cannot start any token" in what and mark:
        culprit = text.splitlines()[mark.line][mark.column]
        if culprit == "\t":
            return "a tab stands in the indentation; use spaces"
        return f"no value starts with {culprit}; put the text in quotes"
    if "mapping values are not allowed" in what:
        return "a second `: ` on one line; put text that holds a colon in quotes"
    since = error.context_mark.line + 1 if error.context_mark else 0
    return f"{what} {error.context} that starts at line {since}" if error.context and since else what


def _position_after(text: str, name: str) -> Position:
    return Position(name, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _readable(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _fail(at: Position, message: str, code: str) -> NoReturn:
    raise ScenarioError([at.problem(message, code)])
