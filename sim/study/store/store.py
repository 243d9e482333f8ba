"""A study on disk: results are written as they arrive, and an interruption does not change the bytes at the end.

- `scenario.json`: the world and all policies
- `manifest.json`: which study it is and what it was made with; at the end hashes of the results
- `parts/000-baseline/00000000-00000063.nc`: replications 0 to 63 of a policy (`sim.study.store.replication_files`)

Each file is written whole or not at all. Jobs end on a fixed grid (`sim.study.jobs.plan`), so filling the gaps of an
interrupted study gives the files of an uninterrupted one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

from sim.atomic_write import UNFINISHED, atomic_file, locked, remove_unfinished
from sim.results.hashing import json_hash
from sim.results.manifest import Manifest
from sim.results.open_run import FolderError
from sim.study.jobs.job import WORKER_DIED, JobResult
from sim.study.store.open_study import StoredPaths, content_of, read_manifest, read_scenario
from sim.study.store.replication_files import (
    Labels,
    Range,
    missing_ranges,
    read_result,
    read_results,
    replication_file,
    stored_ranges,
    write_result,
)  # fmt: skip
from sim.study.store.study_manifest import StudyDescription, differing, new_manifest
from sim.study.study import SERIES


class Store:
    """The folder of a study that is running; `open_store` makes one."""

    def __init__(self, folder: Path, manifest: Manifest, about: StudyDescription) -> None:
        self.folder, self.manifest = folder, manifest
        days = tuple(record * about.plan.every for record in about.plan.records)
        self.labels = {
            policy: Labels(about.scenario.name, about.plan.seed, about.measures, rules, about.scenario.start, days)
            for policy, rules in about.rules.items()
        }
        for policy in manifest["policies"]:
            _remove_unusable_files(self.policy_folder(policy))

    def missing(self, policy: str, first: int, last: int) -> list[Range]:
        """The replications of a policy from `first` up to `last` that are still to be simulated."""
        return list(missing_ranges(stored_ranges(self.policy_folder(policy)), first, last))

    def stored_results(self, policy: str, first: int, last: int) -> Iterator[JobResult]:
        """What the folder has of replications `first` up to `last` of a policy, without paths."""
        return read_results(self.policy_folder(policy), first, last, paths=False)

    def paths(self, policy: str, replications: int) -> StoredPaths:
        """The paths of the first replications of a policy, which stay in their files."""
        return StoredPaths(self.policy_folder(policy), (replications, len(self.labels[policy].day), len(SERIES)))

    def write(self, result: JobResult) -> None:
        """Write the result of a job."""
        if self.manifest["content"]:  # hashes of what the folder held before
            self.manifest = self.manifest | {"content": {}}
            write_manifest(self.folder, self.manifest)
        write_result(self.policy_folder(result.policy), result, self.labels[result.policy])

    def finish(self) -> Mapping[str, Any]:
        """Put into the manifest, by policy, the number of replications and hashes of the arrays; return them."""
        content = {policy: content_of(self.policy_folder(policy)) for policy in self.manifest["policies"]}
        if content != self.manifest["content"]:
            self.manifest = self.manifest | {"content": content}
            write_manifest(self.folder, self.manifest)
        return content

    def policy_folder(self, policy: str) -> Path:
        """The folder of a policy."""
        return self.folder / str(self.manifest["policies"][policy]["folder"])


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
        yield Store(path, _prepare(path, about), about)


def _prepare(folder: Path, about: StudyDescription) -> Manifest:
    """Write scenario and manifest into the folder if it lacks them or they change; return the manifest."""
    scenario = about.scenario.model_dump(mode="json")
    if not (folder / "manifest.json").exists():
        if others := [path.name for path in folder.iterdir() if not _of_new_study(path.name)]:
            raise FolderError(f"{folder}: not the folder of a study, it holds {others[0]}")
        remove_unfinished(folder)
        manifest = new_manifest(about, {})
        write_json(folder / "scenario.json", scenario)
        write_manifest(folder, manifest)
        return manifest
    old = read_manifest(folder)
    stored = read_scenario(folder, old)
    remove_unfinished(folder)
    manifest = new_manifest(about, old["policies"])
    if differences := differing(old, stored, manifest, about):
        raise FolderError(f"{folder}: holds another study: {'; '.join(differences)}")
    manifest |= {"environment": old["environment"], "content": old["content"]}
    if manifest != {key: value for key, value in old.items() if key != "checksum"}:
        write_json(folder / "scenario.json", scenario | {"policies": stored["policies"] | scenario["policies"]})
        write_manifest(folder, manifest)
    return manifest


def _remove_unusable_files(folder: Path) -> None:
    """Remove from the folder of a policy what has to be simulated again.

    These are files that were not written to the end or cannot be read, and results of jobs whose worker died.
    """
    remove_unfinished(folder)
    for range_ in stored_ranges(folder):
        if not _usable(folder, range_):
            replication_file(folder, range_).unlink()


def _usable(folder: Path, range_: Range) -> bool:
    try:
        return not worker_died(read_result(folder, range_))
    except (OSError, RuntimeError, AttributeError, KeyError, ValueError):  # NetCDF has several for a damaged file
        return False


def worker_died(result: JobResult) -> bool:
    """Whether a result says no more than that a worker died."""
    return any(failure.stage == WORKER_DIED for failure in result.failures)


def _of_new_study(name: str) -> bool:
    """Whether a file may be in a folder without manifest that becomes a study: one that a study writes first."""
    return name == "scenario.json" or name.startswith(UNFINISHED)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest with its checksum."""
    write_json(folder / "manifest.json", manifest | {"checksum": json_hash(manifest)})


def write_json(file: Path, value: Any) -> None:
    """Write a JSON file whole or not at all."""
    with atomic_file(file) as path:
        path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
