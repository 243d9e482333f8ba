"""The folder of a study, read back: its manifest, its scenario and its results."""

from __future__ import annotations

import warnings
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.evidence_json import from_json
from sim.evidence.facts import Evidence
from sim.results.hashing import RowsHash, json_hash, rows_hash
from sim.results.manifest import Manifest
from sim.results.open_run import FolderError, as_folder_errors, checked_manifest, read_json
from sim.results.own_measures import OWN, SERIES
from sim.scenario.scenario import Scenario
from sim.study.jobs.job import ARRAYS, Failure, joined_arrays
from sim.study.precision import Precision, PrecisionReport, check, pairs_of, within
from sim.study.statistics.posterior import Posterior, posterior_from_plain
from sim.study.store.replication_files import Identity, read_days, read_results, replications_without_gap, stored_parts
from sim.study.store.study_manifest import SCHEMA, folder_name, identity_of
from sim.study.study import BASELINE, Results, Study


class StoredPaths:
    """The paths of the first `shape[0]` replications of a policy: an array to NumPy, read from the files when needed.

    Raises FolderError then if the paths do not have the hash `expected`.
    """

    def __init__(
        self, folder: Path, identity: Identity, shape: tuple[int, int, int], expected: str | None = None
    ) -> None:
        self.folder, self.identity, self.shape, self.expected = folder, identity, shape, expected

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        paths = np.empty(self.shape, np.float32)
        for result in read_results(self.folder, self.identity, 0, self.shape[0]):
            paths[result.first : result.last] = result.paths
        if self.expected not in (None, rows_hash(paths)):
            raise FolderError(f"{self.folder}: changed since it was written")
        return paths if dtype is None else paths.astype(dtype)


def open_study(folder: str | PathLike[str]) -> Study:
    """Read a study back from its folder, the same to the last bit.

    An interrupted study is read as far as it went, with a warning. Raises FolderError when the folder
    holds no study, or one that was changed.
    """
    source = Path(folder).resolve()
    manifest = read_manifest(source)
    with as_folder_errors(source / "manifest.json"):
        stored = read_scenario(source, manifest)
        with as_folder_errors(source / "scenario.json"):
            scenario = Scenario.model_validate(stored)
        if not manifest["content"]:
            warnings.warn(f"{folder}: this study was cut short; what is there is opened", stacklevel=3)
        by_policy = {policy: _read_policy(source, manifest, policy) for policy in manifest["policies"]}
        results = {policy: results for policy, (results, _) in by_policy.items() if results.replications}
        if BASELINE not in results:
            raise FolderError(f"{folder}: no replication is there yet")
        study = Study(
            scenario=scenario,
            seed=manifest["study"]["seed"],
            engine=manifest["study"]["engine"],
            names=tuple(manifest["study"]["measures"]),
            day=_days(policy_folder(source, manifest, BASELINE), identity_of(manifest, BASELINE)),
            results=results,
            failed=tuple(failure for _, failures in by_policy.values() for failure in failures),
            files={policy: entry["file"] for policy, entry in manifest["policies"].items()},
            draws=manifest["study"]["draws"],
            posterior=stored_posterior(manifest),
        )
        return replace(study, reached=_precision_reports(manifest, study))


def stored_posterior(manifest: Manifest) -> Posterior | None:
    """The posterior from which a study drew its parameters."""
    found = manifest["study"].get("posterior")
    return None if found is None else posterior_from_plain(found)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a study. Raises FolderError when there is none or it was changed."""
    return checked_manifest(folder, "study", SCHEMA)


def read_scenario(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """The scenario of a study as JSON. Raises FolderError when it does not fit the hashes in the manifest."""
    path = folder / "scenario.json"
    again = "the same `compare` with --resume (in Python with the same store) makes it again"
    if not path.exists():
        raise FolderError(f"{path}: no such file; {again}")
    stored: dict[str, Any] = read_json(path)
    with as_folder_errors(path):
        if not is_described(manifest, stored):
            raise FolderError(f"{path}: changed since it was written; without it, {again}")
    return stored


def read_evidence_of(folder: Path, manifest: Manifest) -> Evidence:
    """The evidence whose facts a study has. Raises FolderError when it does not fit the hash in the manifest."""
    path = folder / "evidence.json"
    with as_folder_errors(path):
        document: dict[str, Any] = read_json(path)
        if json_hash(document) != manifest["study"]["facts"]:
            raise FolderError(f"{path}: changed since it was written")
        return from_json(document)


def is_described(manifest: Manifest, scenario: dict[str, Any]) -> bool:
    """Whether a scenario, as JSON, has the world and the policies whose hashes a manifest holds."""
    expected = {name: entry["configuration"] for name, entry in manifest["policies"].items()}
    world = {key: value for key, value in scenario.items() if key != "policies"}
    policies = {name: json_hash(policy) for name, policy in scenario["policies"].items() if name in expected}
    return bool(json_hash(world) == manifest["world"]) and policies == expected


def policy_folder(source: Path, manifest: Manifest, policy: str) -> Path:
    """The folder of the files of a policy, which lies within that of the study.

    Raises FolderError for a manifest that names another one, and for a link that leads elsewhere.
    """
    named, own = manifest["policies"][policy]["folder"], folder_name(policy, list(manifest["policies"]).index(policy))
    if named != own:
        raise FolderError(f"{source / 'manifest.json'}: the results of {policy!r} lie in {own}, not in {named!r}")
    folder = source / own
    for each in (folder.parent, folder):
        if each.is_symlink() or (each.exists() and not each.is_dir()):
            raise FolderError(f"{each}: not a folder")
    return folder


def content_of(folder: Path, identity: Identity, replications: int | None = None) -> dict[str, Any]:
    """The number of replications in the folder of a policy, or those given, and a hash of each array, however cut."""
    n = replications_without_gap(stored_parts(folder)) if replications is None else replications
    hashes = {name: RowsHash() for name in ARRAYS}
    for result in read_results(folder, identity, 0, n):
        for name, rows in hashes.items():
            rows.add(getattr(result, name))
    return {"replications": n} | {name: rows.value() for name, rows in hashes.items()}


def _read_policy(source: Path, manifest: Manifest, policy: str) -> tuple[Results, tuple[Failure, ...]]:
    """The results of a policy, and its failures."""
    entry, content = manifest["policies"][policy], manifest["content"].get(policy, {})
    folder, identity = policy_folder(source, manifest, policy), identity_of(manifest, policy)
    stored = replications_without_gap(stored_parts(folder))
    n = content.get("replications", stored)
    if n > stored:
        raise FolderError(f"{folder}: only {stored:,} of {n:,} replications are there")
    results = list(read_results(folder, identity, 0, n, paths=False))
    if not results:
        return Results(np.empty((0, 0)), np.empty((0, 0, 4), np.float32), np.empty((0, 0, 0))), ()
    arrays = joined_arrays(results)
    if any(content and rows_hash(arrays[name]) != content[name] for name in ("measures", "fired")):
        raise FolderError(f"{folder}: changed since it was written")
    shape = (n, len(_days(folder, identity)), len(SERIES))
    arrays["paths"] = StoredPaths(folder, identity, shape, content.get("paths"))
    failures = tuple(failure for result in results for failure in result.failures)
    return Results(**arrays, rules=tuple(entry["rules"])), failures


def _days(folder: Path, identity: Identity) -> NDArray[np.float64]:
    return read_days(stored_parts(folder)[0], identity)


def _precision_reports(manifest: Manifest, study: Study) -> tuple[PrecisionReport, ...]:
    """Whether the precisions of the last request are reached; not those of measures that a user took away."""
    asked = within((Precision(**fields) for fields in manifest["request"]["until"]), study.draws)
    targets = [target for target in asked if target.measure in (*study.names, *OWN)]
    policies = [policy for policy in manifest["request"]["policies"] if policy in study.results]
    n = min(study.replications[policy] for policy in policies)
    values = lambda measure, policy: study.values(measure, policy)[:n]  # noqa: E731
    return check(targets, pairs_of(targets, policies, values)) if targets else ()
