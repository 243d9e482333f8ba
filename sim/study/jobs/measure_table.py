"""Measures of many replications, kept by column in a temporary file, so that memory does not grow with a study.

The file has no name, so nothing is left of it when the last who uses it is gone, or dies. It lies where Python puts
temporary files, which `TMPDIR` decides.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, Any

import numpy as np

from sim.atomic_write import full_disk_told
from sim.world.arrays import Floats


@dataclass(frozen=True)
class MeasureTable:
    """Measures (n, M) of one policy, of at most `most` replications: an array to NumPy, read when it is used.

    The values of each measure lie together, so those of one are read without the others.
    """

    file: IO[bytes]
    lock: Lock
    start: int
    most: int
    shape: tuple[int, int]

    def write(self, first: int, measures: Floats) -> None:
        """Keep the measures (n, M) of the replications from `first` on. Raises OSError when the disk is full."""
        with self.lock, full_disk_told(Path(tempfile.gettempdir())):
            for column, values in enumerate(np.ascontiguousarray(measures.T)):
                self.file.seek(self._position(column) + first * values.itemsize)
                self.file.write(values)
            self.file.flush()

    def of(self, replications: int) -> MeasureTable:
        """The first replications."""
        return MeasureTable(self.file, self.lock, self.start, self.most, (replications, self.shape[1]))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        rows, columns = key if isinstance(key, tuple) else (key, slice(None))
        chosen = np.arange(self.shape[1])[columns]
        if chosen.ndim == 0:
            return self._column(int(chosen))[rows]
        return np.stack([self._column(column)[rows] for column in chosen.tolist()], axis=-1)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        return np.asarray(self[:], dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        return np.asarray, (np.asarray(self),)

    def _column(self, column: int) -> Floats:
        values = np.empty(self.shape[0])
        with self.lock:
            self.file.seek(self._position(column))
            self.file.readinto(values)  # type: ignore[attr-defined]
        return values

    def _position(self, column: int) -> int:
        return (self.start + column * self.most) * 8


def measure_tables(policies: Sequence[str], most: int, measures: int) -> dict[str, MeasureTable]:
    """Empty tables of so many policies, in one file, which takes the room of what is written."""
    file, lock = tempfile.TemporaryFile(), Lock()  # noqa: SIM115  # closed with the last table
    starts = range(0, len(policies) * most * measures, most * measures)
    return {
        policy: MeasureTable(file, lock, start, most, (0, measures))
        for policy, start in zip(policies, starts, strict=True)
    }
