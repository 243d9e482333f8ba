"""The folder of a calibration: what it is, and the waves that are done, each a file that is written whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pandas import DataFrame, read_csv

from sim.atomic_write import atomic_file
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
            with atomic_file(file) as path:
                path.write_text(json_document(about), encoding="utf-8")
            return
        there = json.loads(file.read_text(encoding="utf-8"))
        for key in about:
            if there.get(key) != json.loads(json.dumps(about[key])):
                raise ValueError(f"{self.folder} holds another calibration ({key} differs); choose another folder")

    def stored(self, waves: int) -> list[Wave]:
        """The waves that are there, from the first on."""
        found = []
        for number in range(waves):
            file = self._file(number)
            if not file.exists():
                break
            found.append(self._read(file))
        return found

    def write(self, number: int, wave: Wave) -> None:
        """Keep a wave."""
        self._write(self._file(number), wave)

    def stored_runs(self, number: int, points: Floats, replications: int) -> Floats | None:
        """The values (n, R, F) of real runs, in a round or before any (0); None unless they were at these points."""
        file = self._file_of_runs(number)
        there = self._read(file) if file.exists() else None
        fits = there is not None and there.values.shape[1] == replications and np.array_equal(there.points, points)
        return there.values if there is not None and fits else None

    def write_runs(self, number: int, points: Floats, values: Floats) -> None:
        """Keep the real runs of a round."""
        self._write(self._file_of_runs(number), Wave(points, values))

    def _write(self, file: Path, wave: Wave) -> None:
        points, replications = wave.values.shape[:2]
        table = DataFrame(np.repeat(wave.points, replications, axis=0), columns=list(self.space.names))
        table.insert(0, "point", np.repeat(np.arange(points), replications))
        values = DataFrame(wave.values.reshape(points * replications, -1), columns=list(self.targets.names))
        with atomic_file(file) as path:
            table.join(values.add_prefix("fact ")).to_csv(path, index=False)

    def _read(self, file: Path) -> Wave:
        table = read_csv(file)
        names, facts = list(self.space.names), [f"fact {name}" for name in self.targets.names]
        if [*table.columns] != ["point", *names, *facts]:
            raise ValueError(f"{file}: other columns than the calibration has; it was changed since it was written")
        replications = int((table["point"] == 0).sum())
        values = table[facts].to_numpy(dtype=float).reshape(-1, replications, len(facts))
        return Wave(table[names].to_numpy(dtype=float)[::replications], values)

    def _file(self, number: int) -> Path:
        return self.folder / f"wave-{number + 1}.csv"

    def _file_of_runs(self, number: int) -> Path:
        return self.folder / f"real-runs-{number + 1}.csv"
