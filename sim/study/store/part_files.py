"""Parts of a study in files: labelled, compressed NetCDF, one per piece of work; the same bytes for the same part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.atomic_write import atomic_file
from sim.study.jobs.job import DIED, Failure, Part
from sim.study.study import SERIES

if TYPE_CHECKING:
    from netCDF4 import Dataset

Array = NDArray[Any]
Range = tuple[int, int]
"""Replications from the first up to the one after the last."""


@dataclass(frozen=True)
class Labels:
    """What the indices of the arrays of a part stand for; `day` (T,) counts from `start`."""

    scenario: str
    seed: int
    measures: tuple[str, ...]
    rules: tuple[str, ...]
    start: datetime
    day: tuple[float, ...]


def write_part(folder: Path, part: Part, labels: Labels) -> None:
    """Write a part to the folder of its policy, whole or not at all."""
    from netCDF4 import Dataset

    with atomic_file(part_file(folder, (part.first, part.last))) as path, Dataset(path, "w", format="NETCDF4") as file:
        file.setncatts({"scenario": labels.scenario, "policy": part.policy, "seed": labels.seed})
        file.setncattr("failures", json.dumps([asdict(failure) for failure in part.failures]))
        _label(file, "replication", np.arange(part.first, part.last))
        _label(file, "measure", np.array(labels.measures, dtype=object))
        _put(file, "value", ("replication", "measure"), part.measures)
        if part.paths.size:
            _label(file, "time", np.array(labels.day), units=f"days since {labels.start.isoformat(' ')}")
            _label(file, "mode", np.array(SERIES, dtype=object))
            _put(file, "path", ("replication", "time", "mode"), part.paths)
        if part.fired.size:
            _label(file, "rule", np.array(labels.rules, dtype=object))
            _label(file, "rung", np.arange(1, part.fired.shape[2] + 1))
            _put(file, "fired", ("replication", "rule", "rung"), part.fired)


def read_part(folder: Path, kept: Range, paths: bool = True) -> Part:
    """Read a part, without its paths if they are not wanted.

    Raises OSError, or what the library has for it, when the file is damaged.
    """
    from netCDF4 import Dataset

    with Dataset(part_file(folder, kept)) as file:
        file.set_auto_mask(False)
        n = kept[1] - kept[0]
        instants = file.variables["path"].shape[1] if "path" in file.variables else 0
        return Part(
            policy=file.policy,
            first=kept[0],
            measures=_get(file, "value", np.zeros((n, 0))),
            paths=_get(file, "path" if paths else "", np.zeros((n, instants if paths else 0, len(SERIES)), np.float32)),
            fired=_get(file, "fired", np.zeros((n, 0, 0))),
            failures=tuple(Failure(**each) for each in json.loads(file.failures)),
        )


def read_days(folder: Path, kept: Range) -> NDArray[np.float64]:
    """The days of the paths of a part, none if it has none."""
    from netCDF4 import Dataset

    with Dataset(part_file(folder, kept)) as file:
        return np.asarray(file.variables["time"][:] if "time" in file.variables else (), dtype=np.float64)


def kept_ranges(folder: Path) -> list[Range]:
    """The ranges that a policy's folder has, in order."""
    return sorted((int(path.stem[:8]), int(path.stem[9:]) + 1) for path in folder.glob("????????-????????.nc"))


def unbroken(ranges: list[Range]) -> int:
    """How many replications there are from 0 on without a gap."""
    end = 0
    for first, last in ranges:
        if first > end:
            break
        end = max(end, last)
    return end


def read_rows(folder: Path, first: int, last: int, paths: bool = True) -> Iterator[Part]:
    """What a policy's folder has of replications `first` up to `last`, part by part, cut to them."""
    for kept in kept_ranges(folder):
        if kept[0] < last and first < kept[1]:
            yield _cut(read_part(folder, kept, paths), first, last)


def died(part: Part) -> bool:
    """Whether a part says no more than that a worker ended."""
    return any(failure.stage == DIED for failure in part.failures)


def _cut(part: Part, first: int, last: int) -> Part:
    first, last = max(part.first, first), min(part.last, last)
    rows = slice(first - part.first, last - part.first)
    return replace(
        part,
        first=first,
        measures=part.measures[rows],
        paths=part.paths[rows],
        fired=part.fired[rows],
        failures=tuple(failure for failure in part.failures if first <= failure.replication < last),
    )


def part_file(folder: Path, kept: Range) -> Path:
    """The file of a part."""
    return folder / f"{kept[0]:08d}-{kept[1] - 1:08d}.nc"


def _label(file: Dataset, name: str, values: Array, **attributes: str) -> None:
    """A dimension with its coordinate."""
    file.createDimension(name, len(values))
    variable = file.createVariable(name, str if values.dtype == object else values.dtype, (name,))
    variable[:] = values
    variable.setncatts(attributes)


def _put(file: Any, name: str, dimensions: tuple[str, ...], values: Array) -> None:
    """A compressed variable, with a checksum by which damage is noticed.

    Zstandard takes a quarter of the time of zlib, which stands in where the library was built without it. There is one
    chunk, for the rest of one that is not full would be whatever stood in memory.
    """
    packing = "zstd" if file.has_zstd_filter() else "zlib"
    packed = {"compression": packing, "complevel": 1, "fletcher32": True, "chunksizes": values.shape}
    file.createVariable(name, values.dtype, dimensions, **packed)[:] = values


def _get(file: Dataset, name: str, otherwise: Array) -> Array:
    return np.asarray(file.variables[name][:]) if name in file.variables else otherwise
