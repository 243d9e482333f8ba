"""Results on their way out: folders and files, tables for people, JSON for programs, signs of life."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

from sim.atomic_write import atomic_file
from sim.cli.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED_WIDTH = 160
"""Columns for tables that go to a file or another program, which has no width of its own."""


def free_folder(folder: Path, force: bool) -> Path:
    """The absolute path of a folder that can be made, or with `force` replaced. Raises InputError otherwise.

    Only a folder that holds a saved run is ever replaced.
    """
    target = folder.absolute()
    if target.exists():
        if not force:
            raise InputError(f"{folder} exists already; choose another --out, or --force to replace it")
        replaceable(folder, "run")
    return _within_reach(folder)


def study_folder(folder: Path, resume: bool, force: bool) -> Path:
    """The absolute path of a folder for a study: a new one, or with `resume` the one that is there.

    With `force` a study that is there is removed. Raises InputError for what is in the way.
    """
    if folder.exists() and force:
        replaceable(folder, "study")
        shutil.rmtree(folder)
    elif folder.exists() and not resume:
        raise InputError(
            f"{folder} exists already; --resume goes on with it, --force starts anew, or choose another --out"
        )
    return _within_reach(folder)


def replaceable(folder: Path, kind: str) -> None:
    """Raise InputError unless a folder holds a `run` or a `study`, and so may be replaced by one."""
    from sim.results.open_run import kind_of

    if kind_of(folder) != kind:
        raise InputError(f"{folder} exists and holds no saved {kind}, so --force does not replace it")


def _within_reach(folder: Path) -> Path:
    target = folder.absolute()
    parent = next(place for place in target.parents if place.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)):
        raise InputError(f"{folder} cannot be made: no permission to write in {parent}")
    return target


def write_text(file: Path, text: str) -> None:
    """Write a text file. Raises InputError where it cannot be written, as in a folder that is not there."""
    try:
        with atomic_file(file.parent.resolve(strict=True) / file.name) as path:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {str(error.strerror).lower()}") from None


@contextmanager
def spinner(doing: str, later: str = "") -> Iterator[None]:
    """Show `doing` on stderr if the block lasts over a second and a person watches; leave no trace.

    `later` is added after five seconds.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    status = Console(stderr=True).status(doing)
    timers = [Timer(1.0, status.start), Timer(5.0, status.update, [f"{doing} {later}"])]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
            timer.join()
        status.stop()


@contextmanager
def simulating(scenario: str, policy: str) -> Iterator[None]:
    """Be `busy` with a simulation."""
    with spinner(
        f"simulating {scenario}, policy {policy}",
        later="(the first run also compiles: about a minute)",
    ):
        yield


def console() -> Console:
    """Where tables for people go: stdout, plain and wide when nobody watches."""
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> Table:
    """A table without lines; the first column is never broken, `numbers` sets the others to the right."""
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for place, heading in enumerate(headings):
        grid.add_column(heading, no_wrap=place == 0, justify="right" if numbers and place else "left", vertical="top")
    for row in rows:
        grid.add_row(*row)
    return grid


def print_json(document: Any) -> None:
    """Print one JSON document; numbers that are not finite become null, dates text."""
    print(json.dumps(_plain(document), indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
