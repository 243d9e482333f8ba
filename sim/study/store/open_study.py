"""The folder of a study, read back: its manifest, its scenario, and what was found."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.results.hashing import RowsHash, json_hash, rows_hash
from sim.results.manifest import Manifest
from sim.results.open_run import FolderError, checked_manifest
from sim.study.jobs.job import Failure, joined
from sim.study.precision import Precision, Reached, pairs_of, review
from sim.study.store.part_files import kept_ranges, read_days, read_rows, unbroken
from sim.study.store.study_manifest import SCHEMA
from sim.study.study import BASELINE, SERIES, Results, Study

ARRAYS = ("measures", "paths", "fired")


class StudyFolderError(FolderError):
    """A folder cannot be used as that of a study: it holds something else, or it is damaged."""


class StoredPaths:
    """The paths of a policy's first `shape[0]` replications: an array to NumPy, in its files until it is asked for.

    Raises StudyFolderError then if they do not have the hash that is `expected`.
    """

    def __init__(self, folder: Path, shape: tuple[int, int, int], expected: str | None = None) -> None:
        self.folder, self.shape, self.expected = folder, shape, expected

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        found = np.empty(self.shape, np.float32)
        for part in read_rows(self.folder, 0, self.shape[0]):
            found[part.first : part.last] = part.paths
        if self.expected not in (None, rows_hash(found)):
            raise StudyFolderError(f"{self.folder}: changed since it was written")
        return found if dtype is None else found.astype(dtype)


def open_study(folder: str | PathLike[str]) -> Study:
    """Read a study back from its folder, the same to the last bit; one that was cut short, as far as it is there.

    Raises StudyFolderError when the folder holds none, or one that was changed.
    """
    from sim.scenario.scenario import Scenario

    source = Path(folder).resolve()
    told = read_manifest(source)
    scenario = Scenario.model_validate(read_scenario(source, told))
    if not told["content"]:
        warnings.warn(f"{folder}: this study was cut short; what is there is opened", stacklevel=3)
    found = {policy: _results(source, told, policy) for policy in told["policies"]}
    results = {policy: each for policy, (each, _) in found.items() if each.replications}
    if BASELINE not in results:
        raise StudyFolderError(f"{folder}: no replication is there yet")
    return Study(
        scenario=scenario,
        seed=told["study"]["seed"],
        engine=told["study"]["engine"],
        names=tuple(told["study"]["measures"]),
        day=_days(source / told["policies"][BASELINE]["folder"]),
        results=results,
        reached=_reached(told, results),
        failed=tuple(failure for _, failures in found.values() for failure in failures),
        files={policy: place["file"] for policy, place in told["policies"].items()},
        draws=told["study"]["draws"],
    )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a study. Raises StudyFolderError when there is none or it was changed."""
    try:
        return checked_manifest(folder, "study", SCHEMA)
    except FolderError as error:
        raise StudyFolderError(str(error)) from None


def read_scenario(folder: Path, told: Manifest) -> dict[str, Any]:
    """The scenario of a study as JSON. Raises StudyFolderError when it is not what the manifest tells of."""
    path = folder / "scenario.json"
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyFolderError(f"{path}: cannot be read: {error}") from None
    policies = {name: policy["configuration"] for name, policy in told["policies"].items()}
    world = {key: value for key, value in stored.items() if key != "policies"}
    found = {name: json_hash(policy) for name, policy in stored["policies"].items() if name in policies}
    if json_hash(world) != told["world"] or found != policies:
        raise StudyFolderError(f"{path}: changed since it was written")
    return stored


def content_of(folder: Path) -> dict[str, Any]:
    """How many replications a policy's folder has, and a hash of each array, wherever the files are cut."""
    n = unbroken(kept_ranges(folder))
    hashes = {name: RowsHash() for name in ARRAYS}
    for part in read_rows(folder, 0, n):
        for name, each in hashes.items():
            each.add(getattr(part, name))
    return {"replications": n} | {name: each.value() for name, each in hashes.items()}


def _results(source: Path, told: Manifest, policy: str) -> tuple[Results, tuple[Failure, ...]]:
    """What a study found of a policy, and what failed."""
    place = told["policies"][policy]
    folder = source / place["folder"]
    content = told["content"].get(policy, {})
    n = content.get("replications", unbroken(kept_ranges(folder)))
    try:
        parts = list(read_rows(folder, 0, n, paths=False))
    except (OSError, RuntimeError) as error:
        raise StudyFolderError(f"{folder}: cannot be read: {error}") from None
    if not parts:
        return Results(np.empty((0, 0)), np.empty((0, 0, 4), np.float32), np.empty((0, 0, 0))), ()
    arrays = joined(parts)
    if any(content and rows_hash(arrays[name]) != content[name] for name in ("measures", "fired")):
        raise StudyFolderError(f"{folder}: changed since it was written")
    shape = (n, len(_days(folder)), len(SERIES))
    arrays["paths"] = StoredPaths(folder, shape, content.get("paths"))
    return Results(**arrays, rules=tuple(place["rules"])), tuple(f for part in parts for f in part.failures)


def _days(folder: Path) -> NDArray[np.float64]:
    return read_days(folder, kept_ranges(folder)[0])


def _reached(told: Manifest, results: Mapping[str, Results]) -> tuple[Reached, ...]:
    """What came of the precision that was asked for last."""
    asked = [Precision(**each) for each in told["request"]["until"]]
    chosen = {policy: results[policy] for policy in told["request"]["policies"] if policy in results}
    n = min(each.replications for each in chosen.values())
    values = {policy: each.measures[:n] for policy, each in chosen.items()}
    return review(asked, pairs_of(asked, values, told["study"]["measures"])) if asked else ()
