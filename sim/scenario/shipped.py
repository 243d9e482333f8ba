"""The scenarios that come with the package, and which file is meant by a path or by the name of one of them."""

from __future__ import annotations

import os
from pathlib import Path
from re import fullmatch

_PACKAGE = Path(__file__).parents[1]
FOLDER = next((folder for folder in (_PACKAGE / "configs", _PACKAGE.parent / "configs") if folder.is_dir()), _PACKAGE)
"""Where they are: in the package or, in a source tree, beside it."""
_STARTING = Path(__file__).with_name("starting_scenario.yaml")


def shipped() -> dict[str, Path]:
    """By name the files of the scenarios that come with the package."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def shared() -> dict[str, Path]:
    """By name the files of the package that are no scenarios by themselves, and that several scenarios extend."""
    return {path.stem: path for path in sorted(FOLDER.glob("shared/*.yaml"))}


def starting_scenario(name: str) -> str:
    """The text of a commented scenario to begin one of one's own with, which bears that name.

    Raises ValueError for what cannot name a scenario and its file, and for the name of a scenario of the package.
    """
    if not fullmatch("[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError(f"{name!r} cannot name a scenario and its file: use letters, digits, - and _")
    if name in {**shared(), **shipped()}:
        raise ValueError(f"{name} is a scenario that comes with the package; choose another name")
    return _STARTING.read_text(encoding="utf-8").replace("NAME", name)


def located(path: str | os.PathLike[str], folder: str = "") -> str:
    """The file that is meant by a path, which starts from `folder`.

    A name without ending and folder means the file of that name, or else that with `.yaml` added, or else the scenario
    or shared file that comes with the package. What leads nowhere is given back.
    """
    given = Path(folder, path)
    if given.is_file() or given.suffix or Path(path).name != os.fspath(path):
        return str(given)
    beside = given.with_suffix(".yaml")
    return str(beside if beside.is_file() else {**shared(), **shipped()}.get(given.name, given))
