"""How results are printed and written: tables for people, JSON for programs, text files."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.atomic_write import atomic_file
from sim.cli.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED_WIDTH = 160
"""Columns of tables that go to a file or another program, which has no width of its own."""


def console() -> Console:
    """The console for tables: stdout, in plain text and `PIPED_WIDTH` wide unless it is a terminal."""
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> Table:
    """A table without lines. The first column is never wrapped; with `numbers` the others are aligned to the right."""
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column, heading in enumerate(headings):
        grid.add_column(heading, no_wrap=column == 0, justify="right" if numbers and column else "left", vertical="top")
    for row in rows:
        grid.add_row(*row)
    return grid


def print_json(document: Any) -> None:
    """Print one JSON document; numbers that are not finite become null, dates become text."""
    print(json.dumps(_plain(document), indent=2, allow_nan=False))


def write_text(file: Path, text: str) -> None:
    """Write a text file. Raises InputError where it cannot be written, as in a folder that does not exist."""
    try:
        with atomic_file(file.parent.resolve(strict=True) / file.name) as path:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {str(error.strerror).lower()}") from None


def _plain(value: Any) -> Any:
    """The value in types that JSON has."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
