"""Folders for results, checked before any work starts: new, resumed or replaced."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sim.cli.errors import InputError


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


def study_folder(folder: Path, resume: bool, force: bool) -> Path:
    """The absolute path of a folder for a study: a new one, or with `resume` the one that is there.

    With `force` a study that is there is removed. Raises InputError for anything else in the way, and where no folder
    can be made.
    """
    if folder.exists() and force:
        _check_replaceable(folder, "study")
        shutil.rmtree(folder)
    elif folder.exists() and not resume:
        raise InputError(
            f"{folder} exists already; --resume goes on with it, --force starts anew, or choose another --out"
        )
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
