"""Finished points of a study over parameters in a folder, so that one that was cut short goes on from there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.atomic_write import atomic_file
from sim.results.hashing import json_hash
from sim.study.store.study_manifest import made_with

if TYPE_CHECKING:
    from sim.world.arrays import Floats

_MANIFEST = "points.json"


@dataclass(frozen=True)
class PointFiles:
    """A folder with a file for each run of points, `points-00000.npz` and so on by the number of the first."""

    folder: Path

    def read(self, first: int) -> tuple[Floats, Mapping[int, str]] | None:
        """The values from a point on and which points are invalid; None if they are not there or damaged."""
        try:
            with np.load(self._file(first), allow_pickle=False) as stored:
                return stored["values"], {int(p): why for p, why in json.loads(str(stored["invalid"])).items()}
        except (OSError, ValueError, KeyError):
            return None

    def write(self, first: int, values: Floats, invalid: Mapping[int, str]) -> None:
        """Keep the values of the points from `first` on."""
        with atomic_file(self._file(first)) as path, path.open("wb") as file:
            np.savez(file, values=values, invalid=np.array(json.dumps(invalid)))

    def _file(self, first: int) -> Path:
        return self.folder / f"points-{first:05d}.npz"


def open_point_files(folder: Path, about: Mapping[str, Any]) -> PointFiles:
    """The folder of a study that depends on what `about` says. Raises ValueError if it holds another study."""
    manifest = {"of": json_hash(about), "made with": made_with()}
    file = folder / _MANIFEST
    if file.exists():
        if json.loads(file.read_text(encoding="utf-8")) != manifest:
            raise ValueError(f"{folder} holds another study, or one of another version; choose another folder")
        return PointFiles(folder)
    with atomic_file(file) as path:
        path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return PointFiles(folder)
