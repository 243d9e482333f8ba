"""What is wrong with a scenario file, said with file, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys of mappings and indices of lists, from the root."""

Finding = tuple[Path, str, str]
"""A path, what is doubtful or wrong there, and a code for it."""

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
        return _on_one_line(": ".join([*parts, self.message]))


class ScenarioError(Exception):
    """A scenario cannot be used. Carries every problem found, sorted by position; as text, one per line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ScenarioWarning(UserWarning):
    """A scenario can run, but perhaps not as its author meant it. As text: where, and what is doubtful."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


class PositionedValueError(ValueError):
    """A `ValueError` inside a value that is read as a whole; `at` leads from that value to the culprit."""

    def __init__(self, message: str, at: Path) -> None:
        super().__init__(message)
        self.at = at


def _on_one_line(text: str) -> str:
    """Text in which line breaks and other control characters are spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def dotted(path: Path) -> str:
    """A path as users write it: `segments[2].switching`, `policies.baseline[0].by`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
