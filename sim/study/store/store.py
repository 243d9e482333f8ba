"""A study on disk: parts as they arrive, each file whole or not at all; the same bytes however it was interrupted.

- `scenario.json`: the world and all policies
- `manifest.json`: which study it is and what it was made with; at the end hashes of the results
- `parts/000-baseline/00000000-00000063.nc`: replications 0 to 63 of a policy (`sim.study.store.part_files`)
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
from sim.study.jobs.job import Part
from sim.study.store.open_study import StoredPaths, StudyFolderError, content_of, read_manifest, read_scenario
from sim.study.store.part_files import Labels, Range, died, kept_ranges, part_file, read_part, read_rows, write_part
from sim.study.store.study_manifest import Description, manifest, unlike
from sim.study.study import SERIES


class Store:
    """The folder of a study that is being made; `opened` makes one."""

    def __init__(self, folder: Path, told: Manifest, about: Description) -> None:
        self.folder, self.told = folder, told
        days = tuple(record * about.plan.every for record in about.plan.records)
        self.labels = {
            policy: Labels(about.scenario.name, about.plan.seed, about.measures, rules, about.scenario.start, days)
            for policy, rules in about.rules.items()
        }

        for policy in told["policies"]:
            _tidy(self.place(policy))

    def ranges(self, policy: str) -> list[Range]:
        """What is there of a policy and need not be made again."""
        return kept_ranges(self.place(policy))

    def rows(self, policy: str, first: int, last: int) -> Iterator[Part]:
        """What is there of replications `first` up to `last` of a policy, without paths."""
        return read_rows(self.place(policy), first, last, paths=False)

    def paths(self, policy: str, replications: int) -> StoredPaths:
        """The paths of a policy's first replications, which stay in their files."""
        return StoredPaths(self.place(policy), (replications, len(self.labels[policy].day), len(SERIES)))

    def write(self, part: Part) -> None:
        """Keep a part."""
        if self.told["content"]:  # no longer what the folder holds
            self.told = self.told | {"content": {}}
            write_manifest(self.folder, self.told)
        write_part(self.place(part.policy), part, self.labels[part.policy])

    def finish(self) -> Mapping[str, Any]:
        """Say in the manifest what the results are: by policy, how many replications, and hashes of the arrays."""
        content = {policy: content_of(self.place(policy)) for policy in self.told["policies"]}
        if content != self.told["content"]:
            self.told = self.told | {"content": content}
            write_manifest(self.folder, self.told)
        return content

    def place(self, policy: str) -> Path:
        """The folder of a policy."""
        return self.folder / str(self.told["policies"][policy]["folder"])


@contextmanager
def opened(folder: str | PathLike[str], about: Description) -> Iterator[Store]:
    """The store of a study in a folder: a new one, or the one that is there, to go on with or to extend.

    Raises StudyFolderError if the folder holds something else, another study, or one that is being made elsewhere.
    """
    path = Path(folder).resolve()
    path.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(path))
        except BlockingIOError:
            raise StudyFolderError(f"{folder}: another process is making this study") from None
        yield Store(path, _begun(path, about), about)


def _begun(folder: Path, about: Description) -> Manifest:
    """The manifest of the study, which the folder has from now on."""
    scenario = about.scenario.model_dump(mode="json")
    if not (folder / "manifest.json").exists():
        if others := [path.name for path in folder.iterdir() if not _ours(path.name)]:
            raise StudyFolderError(f"{folder}: not the folder of a study, it holds {others[0]}")
        remove_unfinished(folder)
        told = manifest(about, {})
        write_json(folder / "scenario.json", scenario)
        write_manifest(folder, told)
        return told
    old = read_manifest(folder)
    stored = read_scenario(folder, old)
    remove_unfinished(folder)
    told = manifest(about, old["policies"])
    if differences := unlike(old, stored, told, about):
        raise StudyFolderError(f"{folder}: holds another study: {'; '.join(differences)}")
    told |= {"environment": old["environment"], "content": old["content"]}
    if told != {key: value for key, value in old.items() if key != "checksum"}:
        write_json(folder / "scenario.json", scenario | {"policies": stored["policies"] | scenario["policies"]})
        write_manifest(folder, told)
    return told


def _ours(name: str) -> bool:
    """Whether a folder without manifest may hold this and still become a study: what a study begins with."""
    return name == "scenario.json" or name.startswith(UNFINISHED)


def _tidy(folder: Path) -> None:
    """Remove what was not written to its end, parts that cannot be read, and parts that were lost with a worker."""
    remove_unfinished(folder)
    for kept in kept_ranges(folder):
        if not _stands(folder, kept):
            part_file(folder, kept).unlink()


def _stands(folder: Path, kept: Range) -> bool:
    try:
        return not died(read_part(folder, kept))
    except (OSError, RuntimeError, AttributeError, KeyError, ValueError):  # NetCDF has several for a damaged file
        return False


def write_manifest(folder: Path, told: Manifest) -> None:
    """Write a manifest with its checksum."""
    write_json(folder / "manifest.json", told | {"checksum": json_hash(told)})


def write_json(file: Path, value: Any) -> None:
    """Write a JSON file whole or not at all."""
    with atomic_file(file) as path:
        path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
