"""A run read back from its folder, which is opened only when it is as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from sim.results.hashing import dataset_hash, json_hash, table_hash
from sim.results.manifest import SCHEMA, TABLES, Manifest, intact, read_until
from sim.results.run import Run
from sim.results.table_files import read_dataset, read_table

T = TypeVar("T")
"""What a file holds."""


class FolderError(Exception):
    """A folder cannot be opened: it does not hold what it should, it is damaged, or it is of another version."""


def open_run(folder: str | PathLike[str]) -> Run:
    """Read a run back from its folder, the same to the last bit.

    Raises FolderError when that is not possible.
    """
    from sim.scenario.scenario import Scenario

    source = Path(folder)
    manifest = read_manifest(source)
    types, hashes = manifest["types"], manifest["content"]
    configuration = _checked(source / "scenario.json", _read_json, json_hash, manifest["configuration"])
    scenario = _attempt(source / "scenario.json", lambda: Scenario.model_validate(configuration))
    read = partial(read_dataset, types=types["results"])
    data = _checked(source / "results.nc", read, dataset_hash, hashes["results"])
    tables = {
        name: _checked(source / f"{name}.csv", partial(read_table, types=types[name]), table_hash, hashes[name])
        for name in TABLES
    }
    measures = _checked(source / "measures.json", _read_json, json_hash, hashes["measures"])
    return Run(
        scenario=scenario,
        policy=manifest["run"]["policy"],
        seed=manifest["run"]["seed"],
        replication=manifest["run"]["replication"],
        until=read_until(manifest),
        data=data,
        **tables,
        engine=manifest["run"]["engine"],
        environment=manifest["environment"],
        stored={name: float(value) for name, value in measures.items()},
    )


def read_manifest(folder: str | PathLike[str]) -> Manifest:
    """The manifest of a run folder, for `differences`.

    Raises FolderError when there is none or it was changed.
    """
    return checked_manifest(Path(folder), "run", SCHEMA)


def checked_manifest(source: Path, kind: str, schema: int) -> Manifest:
    """The manifest of a folder that holds a `run` or a `study`. Raises FolderError if not so, or changed."""
    if not source.is_dir():
        raise FolderError(f"{source}: there is no such folder")
    path = source / "manifest.json"
    if not path.exists():
        raise FolderError(f"{source}: not the folder of a {kind} (it has no manifest.json)")
    manifest = _attempt(path, lambda: _read_json(path))
    if not isinstance(manifest, dict) or "schema" not in manifest:
        raise FolderError(f"{path}: not the manifest of a {kind}")
    if kind not in manifest:
        raise FolderError(f"{path}: not the manifest of a {kind}, but of a {kind_of(source) or 'something else'}")
    if manifest["schema"] != schema:
        raise FolderError(f"{path}: layout {manifest['schema']} is not layout {schema}, which this version reads")
    if not intact(manifest):
        raise FolderError(f"{path}: changed since it was written")
    return manifest


def kind_of(folder: str | PathLike[str]) -> str | None:
    """What a folder holds by its manifest: a `run`, a `study`, or None if it tells of neither."""
    try:
        manifest = _read_json(Path(folder) / "manifest.json")
    except (OSError, ValueError):
        return None
    return next((kind for kind in ("run", "study") if isinstance(manifest, dict) and kind in manifest), None)


def _checked(path: Path, read: Callable[[Path], T], content_hash: Callable[[T], str], expected: str) -> T:
    """What a file holds, when it is what was written."""
    content = _attempt(path, lambda: read(path))
    if _attempt(path, lambda: content_hash(content)) != expected:
        raise FolderError(f"{path}: changed since it was written")
    return content


def _attempt(path: Path, action: Callable[[], T]) -> T:
    """The result of an action on a file; whatever goes wrong becomes one kind of error."""
    try:
        return action()
    except FileNotFoundError:
        raise FolderError(f"{path}: missing") from None
    except Exception as error:  # HDF5, pandas, json and pydantic each have their own
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise FolderError(f"{path}: cannot be read: {reason}") from error


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
