"""How results are printed and written: tables for people, JSON for programs, text files, and folders."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.atomic_write import atomic_file, write_whole
from sim.cli.errors import InputError
from sim.cli.progress import spinner
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame
    from rich.console import Console
    from rich.table import Table

Sheets: TypeAlias = "Mapping[str, Callable[[], DataFrame]]"
"""Sheets of a workbook by name, each made when it is written."""
ROUNDING = 1e-12
"""Sums of numbers about 1 differ by less than this when only their order does: ten thousand roundings of 1e-16."""
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
        grid.add_row(*("\n".join(map(printable, cell.split("\n"))) for cell in row))
    return grid


def number(value: float, digits: int = 3, sign: str = "") -> str:
    """A number as tables show it, nothing for NaN; with `sign="+"` always signed. What only rounding left is nought."""
    if math.isnan(value):
        return ""
    return f"{0.0 if abs(value) < ROUNDING else value:{sign},.{digits}g}"


def signed_interval(low: float, high: float, sign: str = "+") -> str:
    """The ends of an interval as tables show them: "[-0.2, +0.1]"."""
    return f"[{number(low, sign=sign)}, {number(high, sign=sign)}]"


def json_text(document: Any) -> str:
    """A document as JSON; numbers that are not finite become null, dates become text."""
    from pydantic_core import to_jsonable_python

    return json.dumps(to_jsonable_python(document, inf_nan_mode="null"), indent=2, allow_nan=False)


def print_json(document: Any) -> None:
    """Print one document as `json_text`."""
    print(json_text(document))


def print_or_write(text: str, file: Path | None, force: bool) -> None:
    """Print a text or, to a file that is named, write it: to a new one unless `force`.

    Raises InputError if it is there, or where it cannot be written, as in a folder that does not exist.
    """
    if file is None:
        print(text, end="")
        return
    if file.exists() and not force:
        raise InputError(f"{file} exists already; choose another --out, or --force to replace it")
    try:
        write_whole(file.parent.resolve(strict=True) / file.name, text)
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {str(error.strerror).lower()}") from None


def new_files(csv: Path | None, xlsx: Path | None) -> None:
    """Check, before anything is simulated, that `write_tables` will be able to write its files.

    Raises InputError for one that is there, where none can be made, and without the library for workbooks.
    """
    for option, file in {"--csv": csv, "--xlsx": xlsx}.items():
        if file is None:
            continue
        if file.exists():
            raise InputError(f"{file} exists already; choose another {option}")
        _checked_parent(file)
    if xlsx and find_spec("xlsxwriter") is None:
        raise InputError("--xlsx needs a library more: pip install 'regpressure[excel]'")


def write_csv(table: DataFrame, file: Path) -> None:
    """Write a table without its index into a file, whole or not at all."""
    from sim.results.table_files import write_table

    with atomic_file(file) as path:
        write_table(table, path)


def write_tables(csv: Path | None, xlsx: Path | None, table: Callable[[], DataFrame], sheets: Sheets) -> None:
    """Write one table as CSV and several as the sheets of a workbook, where asked for."""
    from sim.results.table_files import write_workbook

    if csv:
        write_csv(table(), csv.absolute())
    if xlsx:
        with atomic_file(xlsx.absolute()) as path:
            write_workbook({name: sheet() for name, sheet in sheets.items()}, path)


def written(files: Iterable[Path | None], nothing: str) -> str:
    """A line that says where results were written, or `nothing`."""
    return f"written to {', '.join(map(str, found))}" if (found := [file for file in files if file]) else nothing


def write_finding(
    folder: Path,
    name: str,
    document: object,
    tables: Mapping[str, DataFrame],
    figures: Mapping[str, Callable[..., Axes]],
) -> None:
    """Write the document, the tables with their index and the figures of a finding into a folder, each file whole."""
    for file, frame in tables.items():
        with atomic_file(folder / f"{file}.csv") as path:
            frame.to_csv(path)
    write_whole(folder / f"{name}.json", json_text(document) + "\n")
    if figures:
        from sim.plot.page import file_axes, write_file

        with spinner("drawing figures"):
            for file, plot in figures.items():
                write_file(plot(ax=file_axes()), folder / "figures" / f"{file}.png")


def about_table(about: Mapping[str, object]) -> DataFrame:
    """What results are of, such as scenario and seed, as a table of two columns: what and value."""
    import pandas as pd

    return pd.DataFrame([(what, str(value)) for what, value in about.items()], columns=["what", "value"])


def run_folder(folder: Path, force: bool) -> Path:
    """The absolute path of a folder for a run: a new one, or with `force` one that holds a saved run.

    Raises InputError for any other folder, and where none can be made.
    """
    target = folder.absolute()
    if target.exists():
        if not force:
            raise InputError(f"{folder} exists already; choose another --out, or --force to replace it")
        _check_replaceable(folder, "run")
    return _checked_parent(folder)


def new_folder(folder: Path) -> Path:
    """The absolute path of a folder that is not there yet. Raises InputError if it is, or where none can be made."""
    if folder.exists():
        raise InputError(f"{folder} exists already; choose another --out")
    return _checked_parent(folder)


def study_folder(folder: Path | None, resume: bool, force: bool | None = None) -> Path | None:
    """The absolute path of a folder for a study: a new one, or with `resume` the one that is there; None for none.

    With `force` a study that is there is removed; None stands for a command without that option. Raises InputError for
    anything else in the way, where no folder can be made, and for an option that needs one.
    """
    if folder is None:
        if resume or force:
            raise InputError(f"--{'resume' if resume else 'force'} needs --out FOLDER")
        return None
    if folder.exists() and force:
        _check_replaceable(folder, "study")
        shutil.rmtree(folder)
    elif folder.exists() and not resume:
        anew = "" if force is None else "--force starts anew, "
        raise InputError(f"{folder} exists already; --resume goes on with it, {anew}or choose another --out")
    return _checked_parent(folder)


def _check_replaceable(folder: Path, kind: str) -> None:
    """Raise InputError unless a folder holds a saved `run` or `study`, and so may be replaced by one."""
    from sim.results.open_run import kind_of

    if kind_of(folder) != kind:
        raise InputError(f"{folder} exists and holds no saved {kind}, so --force does not replace it")


def _checked_parent(folder: Path) -> Path:
    """The absolute path. Raises InputError without permission to write where the folder is to be made."""
    target = folder.absolute()
    parent = next(parent for parent in target.parents if parent.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)):
        raise InputError(f"{folder} cannot be made: no permission to write in {parent}")
    return target
