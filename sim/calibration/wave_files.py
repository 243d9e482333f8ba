"""The folder of a calibration: what it is, and the waves that are done, each a file that is written whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pandas import DataFrame, read_csv

from sim.atomic_write import atomic_file, write_whole
from sim.calibration.history_matching import Wave
from sim.calibration.parameter_space import ParameterSpace
from sim.calibration.targets import Targets
from sim.results.hashing import json_document
from sim.world.arrays import Floats

MANIFEST = "calibration.json"
"""The file that says what a calibration is."""


@dataclass(frozen=True)
class WaveFiles:
    """The folder of a calibration: a wave is a table with a row for each replication of a point."""

    folder: Path
    space: ParameterSpace
    targets: Targets

    def open(self, about: dict[str, Any]) -> None:
        """Begin a folder, or check that the one that is there is of the same calibration. Raises ValueError if not."""
        file = self.folder / MANIFEST
        if not file.exists():
            write_whole(file, json_document(about))
            return
        there = json.loads(file.read_text(encoding="utf-8"))
        for key, value in json.loads(json.dumps(about)).items():
            if there.get(key) != value:
                raise ValueError(f"{self.folder} holds another calibration ({key} differs); choose another folder")

    def stored(self, waves: int) -> list[Wave]:
        """The waves that are there, from the first on."""
        found: list[Wave] = []
        while len(found) < waves and (wave := self._read(f"wave-{len(found) + 1}.csv")) is not None:
            found.append(wave)
        return found

    def write(self, number: int, wave: Wave) -> None:
        """Keep a wave."""
        self._write(f"wave-{number + 1}.csv", wave)

    def stored_runs(self, number: int, points: Floats, replications: int) -> Floats | None:
        """The values (n, R, F) of real runs, in a round or before any (0); None unless they were at these points."""
        there = self._read(f"real-runs-{number + 1}.csv")
        if there is None or there.values.shape[1] != replications or not np.array_equal(there.points, points):
            return None
        return there.values

    def write_runs(self, number: int, points: Floats, values: Floats) -> None:
        """Keep the real runs of a round."""
        self._write(f"real-runs-{number + 1}.csv", Wave(points, values))

    def _write(self, name: str, wave: Wave) -> None:
        points, replications = wave.values.shape[:2]
        table = DataFrame(np.repeat(wave.points, replications, axis=0), columns=list(self.space.names))
        table.insert(0, "point", np.repeat(np.arange(points), replications))
        values = DataFrame(wave.values.reshape(points * replications, -1), columns=list(self.targets.names))
        with atomic_file(self.folder / name) as path:
            table.join(values.add_prefix("fact ")).to_csv(path, index=False)

    def _read(self, name: str) -> Wave | None:
        """What a file has; None if it is not there."""
        file = self.folder / name
        if not file.exists():
            return None
        table = read_csv(file)
        names, facts = list(self.space.names), [f"fact {name}" for name in self.targets.names]
        if [*table.columns] != ["point", *names, *facts]:
            raise ValueError(f"{file}: other columns than the calibration has; it was changed since it was written")
        replications = int((table["point"] == 0).sum())
        values = table[facts].to_numpy(dtype=float).reshape(-1, replications, len(facts))
        return Wave(table[names].to_numpy(dtype=float)[::replications], values)
