"""A study on disk: results are written as they arrive, and an interruption does not change the bytes at the end.

- `scenario.json`: the world and all policies
- `evidence.json`: if facts were read, what they are
- `manifest.json`: which study it is and what it was made with; at the end hashes of the results
- `parts/000-baseline/00000000-00000063.0123456789abcdef.nc`: replications 0 to 63 of a policy, and the beginning of the
  file's SHA-256 (`sim.study.store.replication_files`)

Each file is written whole or not at all. Jobs end on a fixed grid (`sim.study.jobs.plan`), so filling the gaps of an
interrupted study gives the files of an uninterrupted one.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

from sim.atomic_write import UNFINISHED, locked, remove_unfinished, write_whole
from sim.evidence.evidence_json import as_json
from sim.results.hashing import json_document, json_hash
from sim.results.manifest import Manifest
from sim.results.open_run import FolderError, as_folder_errors
from sim.results.own_measures import SERIES
from sim.study.jobs.job import WORKER_DIED, JobResult
from sim.study.store import open_study as stored
from sim.study.store import replication_files as files
from sim.study.store import study_manifest as manifests
from sim.study.store.study_manifest import StudyDescription


class Store:
    """The folder of a study that is running; `open_store` makes one.

    Files that are damaged, and results of jobs whose worker died, are removed, to be simulated again. Raises
    FolderError if what the folder has otherwise is not what its manifest tells.
    """

    def __init__(self, folder: Path, manifest: Manifest, about: StudyDescription) -> None:
        self.folder, self.manifest = folder, manifest
        self.about, self.signed = about, manifest["content"]
        lost, damaged = list[Path](), list[Path]()
        for policy in manifest["policies"]:
            for part in files.stored_parts(self.policy_folder(policy)):
                try:
                    if worker_died(files.read_result(part, self._identity(policy))):
                        lost.append(part.path)
                except files.DamagedFileError as error:
                    warnings.warn(f"{error}; its replications are simulated again", stacklevel=2)
                    damaged.append(part.path)
        self._check_signed(without=damaged)
        if lost:  # what is simulated in their place is new
            self.signed = {}
        for path in lost + damaged:
            path.unlink()
        for each in (folder, *map(self.policy_folder, manifest["policies"])):
            remove_unfinished(each)

    def missing(self, policy: str, first: int, last: int) -> list[files.Range]:
        """The replications of a policy from `first` up to `last` that are still to be simulated."""
        there = [(part.first, part.last) for part in files.stored_parts(self.policy_folder(policy))]
        return list(files.missing_ranges(there, first, last))

    def stored_results(self, policy: str, first: int, last: int) -> Iterator[JobResult]:
        """What the folder has of replications `first` up to `last` of a policy, without paths."""
        return files.read_results(self.policy_folder(policy), self._identity(policy), first, last, paths=False)

    def paths(self, policy: str, replications: int) -> stored.StoredPaths:
        """The paths of the first replications of a policy, which stay in their files."""
        shape = (replications, len(self.about.plan.records), len(SERIES))
        return stored.StoredPaths(self.policy_folder(policy), self._identity(policy), shape)

    def write(self, result: JobResult) -> None:
        """Write the result of a job."""
        if self.manifest["content"]:  # hashes of what the folder held before
            self.manifest = self.manifest | {"content": {}}
            write_manifest(self.folder, self.manifest)
        files.write_result(self.policy_folder(result.policy), result, self.about, self._identity(result.policy))

    def finish(self) -> Mapping[str, Any]:
        """Put into the manifest, by policy, the number of replications and hashes of the arrays; return them."""
        self._check_signed()
        policies = self.manifest["policies"]
        content = {policy: stored.content_of(self.policy_folder(policy), self._identity(policy)) for policy in policies}
        if content != self.manifest["content"]:
            self.manifest = self.manifest | {"content": content}
            write_manifest(self.folder, self.manifest)
        return content

    def policy_folder(self, policy: str) -> Path:
        """The folder of a policy."""
        return stored.policy_folder(self.folder, self.manifest, policy)

    def _identity(self, policy: str) -> files.Identity:
        return manifests.identity_of(self.manifest, policy)

    def _check_signed(self, without: Collection[Path] = ()) -> None:
        """Compare the results with the hashes that the manifest had when the folder was opened, where all are there."""
        for policy, content in list(self.signed.items()):
            folder, n = self.policy_folder(policy), content["replications"]
            parts = [part for part in files.stored_parts(folder) if part.path not in without]
            if files.replications_without_gap(parts) >= n:
                if stored.content_of(folder, self._identity(policy), n) != content:
                    raise FolderError(f"{folder}: changed since it was written")
                self.signed = {name: other for name, other in self.signed.items() if name != policy}


@contextmanager
def open_store(folder: str | PathLike[str], about: StudyDescription) -> Iterator[Store]:
    """The store of a study in a folder: a new one, or the one that is there, to be finished or extended.

    Raises FolderError if the folder holds something else or another study, or if another process has it open.
    """
    path = Path(folder).resolve()
    path.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(path))
        except BlockingIOError:
            raise FolderError(f"{folder}: another process is making this study") from None
        with as_folder_errors(path / "manifest.json"):
            manifest, scenario = _manifest_and_scenario(path, about)
            store = Store(path, manifest, about)
        if scenario is not None:  # only now, when all that is there is known to belong to the study
            some = any(not store.missing(policy, 0, 1) for policy in manifest["policies"])
            if some and not (path / "manifest.json").exists():
                warnings.warn(f"{folder}: manifest.json is made again from the parts that are there", stacklevel=3)
            write_json(path / "scenario.json", scenario)
            if about.evidence is not None:
                write_json(path / "evidence.json", as_json(about.evidence))
            write_manifest(path, manifest)
        yield store


def _manifest_and_scenario(folder: Path, about: StudyDescription) -> tuple[Manifest, dict[str, Any] | None]:
    """The manifest of the study, and its scenario; None instead if both stand in the folder already.

    A scenario that was lost is the one that is compared, if that has the hashes in the manifest.
    """
    scenario = about.scenario.model_dump(mode="json")
    if not (folder / "manifest.json").exists():
        entries = dict(_entries_of_parts(folder, about))
        own = {"scenario.json", "evidence.json", "parts", *(("differences.csv", "figures") if entries else ())}
        names = [path.name for path in folder.iterdir() if not path.name.startswith(UNFINISHED)]
        if others := sorted(set(names) - own):
            raise FolderError(f"{folder}: not the folder of a study, it holds {others[0]}")
        return manifests.new_manifest(about, entries), scenario
    old = stored.read_manifest(folder)
    lost = not (folder / "scenario.json").exists() and stored.is_described(old, scenario)
    there = scenario if lost else stored.read_scenario(folder, old)
    manifest = manifests.new_manifest(about, old["policies"])
    if differences := manifests.differing(old, there, manifest, about):
        raise FolderError(f"{folder}: holds another study: {'; '.join(differences)}")
    manifest |= {"environment": old["environment"], "content": old["content"]}
    if not lost and manifest == {key: value for key, value in old.items() if key != "checksum"}:
        return manifest, None
    return manifest, scenario | {"policies": there["policies"] | scenario["policies"]}


def _entries_of_parts(folder: Path, about: StudyDescription) -> Iterator[tuple[str, dict[str, Any]]]:
    """Policies whose parts are in a folder that has lost its manifest, with their entries there.

    Raises FolderError for one that the study does not have. Whether the parts are of this study, they tell themselves.
    """
    parts = folder / "parts"
    for number, found in enumerate(sorted(path for path in parts.glob("*") if files.stored_parts(path))):
        own = f"parts/{found.name}"
        names = [policy for policy in about.plan.worlds if manifests.folder_name(policy, number) == own]
        if not names:
            raise FolderError(
                f"{found}: results of a policy that is not compared now; compare all policies that the folder has, to "
                "have its manifest.json made again"
            )
        yield names[0], manifests.policy_entry(about, names[0], number)


def worker_died(result: JobResult) -> bool:
    """Whether a result says no more than that a worker died."""
    return any(failure.stage == WORKER_DIED for failure in result.failures)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest with its checksum."""
    write_json(folder / "manifest.json", manifest | {"checksum": json_hash(manifest)})


def write_json(file: Path, value: Any) -> None:
    """Write a JSON file whole or not at all."""
    write_whole(file, json_document(value))
