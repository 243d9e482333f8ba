"""The folder that keeps a run: written whole or not at all, and opened only when it is as it was written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from sim.atomic_write import atomic_folder
from sim.results.hashing import dataset_hash, json_hash, table_hash
from sim.results.manifest import SCHEMA, TABLES, Manifest, intact, manifest, read_until
from sim.results.run import Run
from sim.results.table_files import read_dataset, read_table, write_dataset, write_table

T = TypeVar("T")
"""What a file holds."""


class FolderError(Exception):
    """A folder cannot be opened: it does not hold what it should, it is damaged, or it is of another version."""


class RunFolderError(FolderError):
    """A folder cannot be opened as a run."""


def save(run: Run, folder: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a run to a folder and return its path; parents are made as needed.

    The folder holds `results.nc`, `journal.csv`, `decisions.csv`, `options.csv`, `measures.json`,
    `scenario.json` and `manifest.json`. It appears under its name complete or not at all. Raises
    FileExistsError when something of that name exists, unless `overwrite` is true and it is the folder of a
    run, which is then replaced as a whole. Raises ValueError when the run holds something that files cannot
    keep.
    """
    target = Path(folder).resolve()
    with atomic_folder(target, partial(_refuse_to_replace, target, overwrite)) as temporary:
        write_run(run, temporary)
    return target


def write_run(run: Run, folder: Path) -> None:
    """Write the files of a run into a folder that is there. Raises ValueError for what files cannot keep."""
    configuration = run.scenario.model_dump(mode="json")
    measures = {name: _json_number(value) for name, value in run.measures.items()}
    texts = {
        "scenario": configuration,
        "measures": measures,
        "manifest": manifest(run, configuration, measures),
    }
    write_dataset(run.data, folder / "results.nc")
    for name in TABLES:
        write_table(getattr(run, name), folder / f"{name}.csv")
    for name, value in texts.items():
        (folder / f"{name}.json").write_text(_pretty(value), encoding="utf-8", newline="\n")


def open_run(folder: str | PathLike[str]) -> Run:
    """Read a run back from its folder, the same to the last bit.

    Raises RunFolderError when that is not possible.
    """
    from sim.scenario.scenario import Scenario

    source = Path(folder)
    told = read_manifest(source)
    types, hashes = told["types"], told["content"]
    configuration = _checked(source / "scenario.json", _read_json, json_hash, told["configuration"])
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
        policy=told["run"]["policy"],
        seed=told["run"]["seed"],
        replication=told["run"]["replication"],
        until=read_until(told),
        data=data,
        **tables,
        engine=told["run"]["engine"],
        environment=told["environment"],
        stored={name: float(value) for name, value in measures.items()},
    )


def read_manifest(folder: str | PathLike[str]) -> Manifest:
    """The manifest of a run folder, for `differences`.

    Raises RunFolderError when there is none or it was changed.
    """
    return checked_manifest(Path(folder), "run", SCHEMA)


def checked_manifest(source: Path, kind: str, schema: int) -> Manifest:
    """The manifest of a folder that holds a `run` or a `study`. Raises RunFolderError if not so, or changed."""
    if not source.is_dir():
        raise RunFolderError(f"{source}: there is no such folder")
    path = source / "manifest.json"
    if not path.exists():
        raise RunFolderError(f"{source}: not the folder of a {kind} (it has no manifest.json)")
    told = _attempt(path, lambda: _read_json(path))
    if not isinstance(told, dict) or "schema" not in told:
        raise RunFolderError(f"{path}: not the manifest of a {kind}")
    if kind not in told:
        raise RunFolderError(f"{path}: not the manifest of a {kind}, but of a {kind_of(source) or 'something else'}")
    if told["schema"] != schema:
        raise RunFolderError(f"{path}: layout {told['schema']} is not layout {schema}, which this version reads")
    if not intact(told):
        raise RunFolderError(f"{path}: changed since it was written")
    return told


def kind_of(folder: str | PathLike[str]) -> str | None:
    """What a folder holds by its manifest: a `run`, a `study`, or None if it tells of neither."""
    try:
        told = _read_json(Path(folder) / "manifest.json")
    except (OSError, ValueError):
        return None
    return next((kind for kind in ("run", "study") if isinstance(told, dict) and kind in told), None)


def _refuse_to_replace(target: Path, overwrite: bool) -> None:
    if not target.exists():
        return
    if not overwrite:
        raise FileExistsError(f"{target} exists; choose another name or pass overwrite=True to replace it")
    if not all((target / name).is_file() for name in ("manifest.json", "results.nc")):
        raise FileExistsError(f"{target} exists and is not the folder of a run, so it is not replaced")


def _checked(path: Path, read: Callable[[Path], T], content_hash: Callable[[T], str], expected: str) -> T:
    """What a file holds, when it is what was written."""
    content = _attempt(path, lambda: read(path))
    if _attempt(path, lambda: content_hash(content)) != expected:
        raise RunFolderError(f"{path}: changed since it was written")
    return content


def _attempt(path: Path, action: Callable[[], T]) -> T:
    """The result of an action on a file; whatever goes wrong becomes one kind of error."""
    try:
        return action()
    except FileNotFoundError:
        raise RunFolderError(f"{path}: missing") from None
    except Exception as error:  # HDF5, pandas, json and pydantic each have their own
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise RunFolderError(f"{path}: cannot be read: {reason}") from error


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _json_number(value: float) -> float | str:
    """A float as strict JSON: NaN and infinities, which JSON does not have, as text that `float` reads."""
    return float(value) if math.isfinite(value) else str(float(value))
