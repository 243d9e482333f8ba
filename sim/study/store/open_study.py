"""The folder of a study, read back: its manifest, its scenario and its results."""

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
from sim.study.jobs.job import Failure, joined_arrays
from sim.study.precision import Precision, PrecisionReport, check, pairs_of
from sim.study.store.replication_files import read_days, read_results, replications_without_gap, stored_ranges
from sim.study.store.study_manifest import SCHEMA
from sim.study.study import BASELINE, SERIES, Results, Study

ARRAYS = ("measures", "paths", "fired")
"""Names of the arrays of a policy's results, each of which has a hash in the manifest."""


class StoredPaths:
    """The paths of the first `shape[0]` replications of a policy: an array to NumPy, read from the files when needed.

    Raises FolderError then if the paths do not have the hash `expected`.
    """

    def __init__(self, folder: Path, shape: tuple[int, int, int], expected: str | None = None) -> None:
        self.folder, self.shape, self.expected = folder, shape, expected

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        paths = np.empty(self.shape, np.float32)
        for result in read_results(self.folder, 0, self.shape[0]):
            paths[result.first : result.last] = result.paths
        if self.expected not in (None, rows_hash(paths)):
            raise FolderError(f"{self.folder}: changed since it was written")
        return paths if dtype is None else paths.astype(dtype)


def open_study(folder: str | PathLike[str]) -> Study:
    """Read a study back from its folder, the same to the last bit.

    An interrupted study is read as far as it went, with a warning. Raises FolderError when the folder
    holds no study, or one that was changed.
    """
    from sim.scenario.scenario import Scenario

    source = Path(folder).resolve()
    manifest = read_manifest(source)
    scenario = Scenario.model_validate(read_scenario(source, manifest))
    if not manifest["content"]:
        warnings.warn(f"{folder}: this study was cut short; what is there is opened", stacklevel=3)
    by_policy = {policy: _read_policy(source, manifest, policy) for policy in manifest["policies"]}
    results = {policy: results for policy, (results, _) in by_policy.items() if results.replications}
    if BASELINE not in results:
        raise FolderError(f"{folder}: no replication is there yet")
    return Study(
        scenario=scenario,
        seed=manifest["study"]["seed"],
        engine=manifest["study"]["engine"],
        names=tuple(manifest["study"]["measures"]),
        day=_days(source / manifest["policies"][BASELINE]["folder"]),
        results=results,
        reached=_precision_reports(manifest, results),
        failed=tuple(failure for _, failures in by_policy.values() for failure in failures),
        files={policy: entry["file"] for policy, entry in manifest["policies"].items()},
        draws=manifest["study"]["draws"],
    )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a study. Raises FolderError when there is none or it was changed."""
    return checked_manifest(folder, "study", SCHEMA)


def read_scenario(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """The scenario of a study as JSON. Raises FolderError when it does not fit the hashes in the manifest."""
    path = folder / "scenario.json"
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FolderError(f"{path}: cannot be read: {error}") from None
    expected = {name: entry["configuration"] for name, entry in manifest["policies"].items()}
    world = {key: value for key, value in stored.items() if key != "policies"}
    policies = {name: json_hash(policy) for name, policy in stored["policies"].items() if name in expected}
    if json_hash(world) != manifest["world"] or policies != expected:
        raise FolderError(f"{path}: changed since it was written")
    return stored


def content_of(folder: Path) -> dict[str, Any]:
    """How many replications the folder of a policy has, and a hash of each array, however the files are cut."""
    n = replications_without_gap(stored_ranges(folder))
    hashes = {name: RowsHash() for name in ARRAYS}
    for result in read_results(folder, 0, n):
        for name, rows in hashes.items():
            rows.add(getattr(result, name))
    return {"replications": n} | {name: rows.value() for name, rows in hashes.items()}


def _read_policy(source: Path, manifest: Manifest, policy: str) -> tuple[Results, tuple[Failure, ...]]:
    """The results of a policy, and its failures."""
    entry = manifest["policies"][policy]
    folder = source / entry["folder"]
    content = manifest["content"].get(policy, {})
    n = content.get("replications", replications_without_gap(stored_ranges(folder)))
    try:
        results = list(read_results(folder, 0, n, paths=False))
    except (OSError, RuntimeError) as error:
        raise FolderError(f"{folder}: cannot be read: {error}") from None
    if not results:
        return Results(np.empty((0, 0)), np.empty((0, 0, 4), np.float32), np.empty((0, 0, 0))), ()
    arrays = joined_arrays(results)
    if any(content and rows_hash(arrays[name]) != content[name] for name in ("measures", "fired")):
        raise FolderError(f"{folder}: changed since it was written")
    shape = (n, len(_days(folder)), len(SERIES))
    arrays["paths"] = StoredPaths(folder, shape, content.get("paths"))
    failures = tuple(failure for result in results for failure in result.failures)
    return Results(**arrays, rules=tuple(entry["rules"])), failures


def _days(folder: Path) -> NDArray[np.float64]:
    return read_days(folder, stored_ranges(folder)[0])


def _precision_reports(manifest: Manifest, results: Mapping[str, Results]) -> tuple[PrecisionReport, ...]:
    """Whether the precisions of the last request are reached."""
    targets = [Precision(**fields) for fields in manifest["request"]["until"]]
    requested = {policy: results[policy] for policy in manifest["request"]["policies"] if policy in results}
    n = min(policy_results.replications for policy_results in requested.values())
    values = {policy: policy_results.measures[:n] for policy, policy_results in requested.items()}
    return check(targets, pairs_of(targets, values, manifest["study"]["measures"])) if targets else ()
