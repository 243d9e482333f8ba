"""Pages of Markdown as somebody reads them: commands in `sh` blocks, and what they print in the `text` block after them.

    python -m tests.pages docs/own_scenario.md

runs the commands of a page in an empty folder and puts what they print now into its `text` blocks.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", flags=re.MULTILINE | re.DOTALL)
REST = "…"
"""A last line of a `text` block that stands for all that follows."""


@dataclass(frozen=True)
class Step:
    """Commands that stand together on a page, and what the page says that the last of them prints, if it does."""

    commands: tuple[str, ...]
    printed: str | None


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code in a language."""
    return [text for name, text in BLOCK.findall(page) if name == language]


def steps(page: str) -> Iterator[Step]:
    """The `sh` blocks of a page in order."""
    found = [*BLOCK.finditer(page)]
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block[1] == "sh":
            follows = after is not None and after[1] == "text"
            yield Step(tuple(block[2].splitlines()), after[2] if after is not None and follows else None)


def shown(output: str, printed: str) -> str:
    """As much of an output as a block shows, in the form in which it shows it."""
    lines = [line.rstrip() for line in output.splitlines()]
    cut = printed.rstrip().endswith(REST)
    least = lines[: len(printed.splitlines()) - cut] + [REST] * cut
    return "".join(f"{line}\n" for line in least)


def renewed(page: str, run: Callable[[str], str]) -> str:
    """The page with what its commands print now, `run` one by one."""
    for step in steps(page):
        output = [run(command) for command in step.commands][-1]
        if step.printed is not None:
            page = page.replace(step.printed, shown(output, step.printed), 1)
    return page


def _run(command: str) -> str:
    from sim.cli import main

    program, *arguments = shlex.split(command)
    if program != "regpressure":
        raise ValueError(f"{command}: not a command of this project")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main(arguments)
    if code:
        raise RuntimeError(f"{command}: ended with {code}")
    return output.getvalue()


def _renew(files: Sequence[str]) -> None:
    for file in map(Path, files):
        path = file.resolve()
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            text = renewed(path.read_text(encoding="utf-8"), _run)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "Agg")
    _renew(sys.argv[1:])
