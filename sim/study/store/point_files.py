"""Finished points of a study over parameters in a folder, so that one that was cut short goes on from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.atomic_write import atomic_file, write_whole
from sim.results.hashing import json_hash
from sim.study.store.study_manifest import made_with
from sim.world.arrays import Floats

_MANIFEST = "points.json"


@dataclass(frozen=True)
class PointFiles:
    """Points of a study, and a folder that keeps those that are done; None keeps none.

    `values` (points, ...) and `invalid`, the points whose values are not valid together, are filled while the study
    goes on. The folder has a file for each run of points, `points-00000.npz` and so on by the number of the first.
    """

    folder: Path | None
    values: Floats
    invalid: dict[int, str]

    def restore(self, points: range) -> bool:
        """Fill in what is kept of some points; False if they are not there or damaged."""
        if self.folder is None:
            return False
        try:
            with np.load(self._file(points), allow_pickle=False) as stored:
                invalid = json.loads(str(stored["invalid"]))
                self.values[points.start : points.stop] = stored["values"]
        except (OSError, ValueError, KeyError):
            return False
        self.invalid.update({int(p): why for p, why in invalid.items()})
        return True

    def keep(self, points: range, failed: Iterable[int]) -> None:
        """Keep finished points, unless a replication of one of them failed, which is tried again."""
        if self.folder is None or any(p in points for p in failed):
            return
        invalid = json.dumps({p: why for p, why in self.invalid.items() if p in points})
        with atomic_file(self._file(points)) as path, path.open("wb") as file:
            np.savez(file, values=self.values[points.start : points.stop], invalid=np.array(invalid))

    def _file(self, points: range) -> Path:
        assert self.folder is not None
        return self.folder / f"points-{points.start:05d}.npz"


def point_folder(folder: Path, about: Mapping[str, Any]) -> Path:
    """The folder of a study that depends on what `about` says. Raises ValueError if it holds another study."""
    manifest = {"of": json_hash(about), "made with": made_with()}
    file = folder / _MANIFEST
    if not file.exists():
        write_whole(file, json.dumps(manifest, indent=1) + "\n")
    elif json.loads(file.read_text(encoding="utf-8")) != manifest:
        raise ValueError(f"{folder} holds another study, or one of another version; choose another folder")
    return folder
