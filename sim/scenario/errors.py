"""What is wrong with a scenario file, said with file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys of mappings and indices of lists, from the root."""

Finding = tuple[Path, str, str]
"""A path, what is doubtful or wrong there, and a code for it."""

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, separators of lines, marks of direction and halves of characters."""

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `line` and `column` count from 1; 0 means that no position is known."""

    file: str
    line: int
    column: int
    path: str
    message: str
    code: str = "invalid"
    level: Level = "error"

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}:{self.column}" if self.line else self.file]
        if self.path:
            parts.append(self.path)
        if self.level == "warning":
            parts.append("warning")
        return printable(": ".join([*parts, self.message]))


class ScenarioError(Exception):
    """A scenario cannot be used. Carries every problem found, sorted by position; as text, one per line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ScenarioWarning(UserWarning):
    """A scenario can run, but perhaps not as its author meant it. As text: where, and what is doubtful.

    `problem` holds the same as data.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


class PositionedValueError(ValueError):
    """A `ValueError` inside a value that is read as a whole; `at` leads from that value to the culprit."""

    def __init__(self, message: str, at: Path) -> None:
        super().__init__(message)
        self.at = at


def without_repeats(problems: Iterable[Problem]) -> list[Problem]:
    """Problems without those that say the same of the same place, as of what a policy inherits and so repeats."""
    seen: dict[object, Problem] = {}
    for each in problems:
        seen.setdefault((each.file, each.line, each.column, each.message) if each.line else each, each)
    return list(seen.values())


def printable(text: str) -> str:
    """Text on one line that a terminal shows as it is: what breaks lines, controls or turns it is spelled out."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def unsafe_character(text: str, allowed: str = "") -> str | None:
    """The first character that is not as `printable` has it and not allowed, by its number: `U+001B`."""
    if text.isprintable():  # nearly all are, and that is seen at once
        return None
    found = next((match[0] for match in _UNSAFE.finditer(text) if match[0] not in allowed), None)
    return None if found is None else f"U+{ord(found):04X}"


def dotted(path: Path) -> str:
    """A path as users write it: `segments[2].switching`, `policies.baseline[0].by`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
