"""A run read back from its folder, which is opened only when it is as it was written."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

from sim.results.hashing import json_document
from sim.results.manifest import SCHEMA, TABLES, Manifest, intact, read_until
from sim.results.run import Run
from sim.results.table_files import read_dataset, read_table


class FolderError(Exception):
    """A folder cannot be opened: it does not hold what it should, it is damaged, or it is of another version."""


def open_run(folder: str | PathLike[str]) -> Run:
    """Read a run back from its folder, the same to the last bit.

    Raises FolderError when that is not possible.
    """
    from sim.scenario.scenario import Scenario

    source = Path(folder)
    manifest = read_manifest(source)
    with as_folder_errors(source / "manifest.json"):
        about, types, hashes = manifest["run"], manifest["types"], manifest["files"]
        readers: dict[str, Callable[[Path], Any]] = {
            "scenario.json": read_json,
            "results.nc": partial(read_dataset, types=types["results"]),
        }
        readers |= {f"{name}.csv": partial(read_table, types=types[name]) for name in TABLES}
        files: dict[str, Any] = {}
        for name, read in (readers | {"measures.json": read_json}).items():
            with as_folder_errors(source / name):
                if sha256(read_bytes(source / name)).hexdigest() != hashes[name]:
                    raise FolderError(f"{source / name}: changed since it was written")
                files[name] = read(source / name)
        with as_folder_errors(source / "scenario.json"):
            scenario = Scenario.model_validate(files["scenario.json"])
        return Run(
            scenario=scenario,
            policy=about["policy"],
            seed=whole_number(about, "seed"),
            replication=whole_number(about, "replication"),
            until=read_until(manifest),
            data=files["results.nc"],
            **{name: files[f"{name}.csv"] for name in TABLES},
            engine=about["engine"],
            environment=manifest["environment"],
            stored={name: float(value) for name, value in files["measures.json"].items()},
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
    advice = ""
    if (source / "parts").is_dir():
        advice = (
            "; the parts of a study are there: without a manifest.json, the same `compare` with --resume (in Python "
            "with the same store) makes it again from them"
        )
    if not path.exists():
        raise FolderError(f"{source}: not the folder of a {kind} (it has no manifest.json){advice}")
    try:
        manifest = read_json(path)
    except FolderError as error:
        raise FolderError(f"{error}{advice}") from None
    if not isinstance(manifest, dict) or "schema" not in manifest:
        raise FolderError(f"{path}: not the manifest of a {kind}")
    if kind not in manifest:
        raise FolderError(f"{path}: not the manifest of a {kind}, but of a {kind_of(source) or 'something else'}")
    if manifest["schema"] != schema:
        raise FolderError(f"{path}: layout {manifest['schema']} is not layout {schema}, which this version reads")
    if not intact(manifest):
        raise FolderError(f"{path}: changed since it was written{advice}")
    if not isinstance(manifest.get("content"), dict):
        raise FolderError(f"{path}: not the whole manifest of a {kind}: it says nothing of the content")
    return manifest


def whole_number(about: Mapping[str, Any], name: str) -> int:
    """A number from 0 on in a manifest. Raises ValueError if it is none."""
    value = about[name]
    if type(value) is not int or value < 0:
        raise ValueError(f"{name} is a whole number from 0 on, not {value!r:.40}")
    return value


def kind_of(folder: str | PathLike[str]) -> str | None:
    """What a folder holds by its manifest: a `run`, a `study`, or None if it tells of neither."""
    try:
        manifest = read_json(Path(folder) / "manifest.json")
    except FolderError:
        return None
    return next((kind for kind in ("run", "study") if isinstance(manifest, dict) and kind in manifest), None)


def read_bytes(path: Path) -> bytes:
    """What is in a file. Raises FolderError if there is none, or something else, such as a pipe that never ends."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FolderError(f"{path}: not a file")
        return path.read_bytes()
    except FileNotFoundError:
        raise FolderError(f"{path}: missing") from None
    except OSError as error:
        raise FolderError(f"{path}: cannot be read: {error.strerror}") from error


def read_json(path: Path) -> Any:
    """The value of a JSON file. Raises FolderError unless it is written as `json_document` writes it, to the byte."""
    text = read_bytes(path)
    with as_folder_errors(path):
        value = json.loads(text)
        if json_document(value).encode() != text:
            raise FolderError(f"{path}: changed since it was written")
    return value


@contextmanager
def as_folder_errors(path: Path) -> Iterator[None]:
    """What cannot be made of a file within the block becomes a FolderError that names it; errors of the disk do not."""
    try:
        yield
    except Exception as error:  # HDF5, pandas, json and pydantic each have their own
        if isinstance(error, FolderError | MemoryError) or (isinstance(error, OSError) and (error.errno or 0) > 0):
            raise
        reason = next(iter(str(error).splitlines()), "")
        if isinstance(error, LookupError | TypeError | AttributeError):
            reason = f"{type(error).__name__} {reason}"
        raise FolderError(f"{path}: cannot be read: {reason or type(error).__name__}") from error
