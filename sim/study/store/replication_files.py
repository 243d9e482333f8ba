"""Replications in files: labelled, compressed NetCDF, one file per job; the same result gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.atomic_write import atomic_file
from sim.study.jobs.job import Failure, JobResult
from sim.study.study import SERIES

if TYPE_CHECKING:
    from netCDF4 import Dataset

Array = NDArray[Any]
"""An array of any type."""
Range = tuple[int, int]
"""Replications from the first up to the one after the last."""


@dataclass(frozen=True)
class Labels:
    """What the indices of the arrays of a result stand for; `day` (T,) counts from `start`."""

    scenario: str
    seed: int
    measures: tuple[str, ...]
    rules: tuple[str, ...]
    start: datetime
    day: tuple[float, ...]


def replication_file(folder: Path, range_: Range) -> Path:
    """The file of a range of replications in the folder of their policy."""
    return folder / f"{range_[0]:08d}-{range_[1] - 1:08d}.nc"


def stored_ranges(folder: Path) -> list[Range]:
    """The ranges of replications that the folder of a policy has files of, in order."""
    return sorted((int(path.stem[:8]), int(path.stem[9:]) + 1) for path in folder.glob("????????-????????.nc"))


def missing_ranges(stored: Sequence[Range], first: int, last: int) -> Iterator[Range]:
    """The ranges of replications from `first` up to `last` that are not in `stored`, which is in order."""
    for start, end in stored:
        if first < start and first < last:
            yield first, min(start, last)
        first = max(first, end)
    if first < last:
        yield first, last


def replications_without_gap(stored: Sequence[Range]) -> int:
    """How many replications there are from 0 to the first gap."""
    end = 0
    for first, last in stored:
        if first > end:
            break
        end = max(end, last)
    return end


def write_result(folder: Path, result: JobResult, labels: Labels) -> None:
    """Write a result to the folder of its policy, whole or not at all."""
    from netCDF4 import Dataset

    target = replication_file(folder, (result.first, result.last))
    with atomic_file(target) as path, Dataset(path, "w", format="NETCDF4") as file:
        file.setncatts({"scenario": labels.scenario, "policy": result.policy, "seed": labels.seed})
        file.setncattr("failures", json.dumps([asdict(failure) for failure in result.failures]))
        _write_coordinate(file, "replication", np.arange(result.first, result.last))
        _write_coordinate(file, "measure", np.array(labels.measures, dtype=object))
        _write_array(file, "value", ("replication", "measure"), result.measures)
        if result.paths.size:
            since = f"days since {labels.start.isoformat(' ')}"
            _write_coordinate(file, "time", np.array(labels.day), units=since)
            _write_coordinate(file, "mode", np.array(SERIES, dtype=object))
            _write_array(file, "path", ("replication", "time", "mode"), result.paths)
        if result.fired.size:
            _write_coordinate(file, "rule", np.array(labels.rules, dtype=object))
            _write_coordinate(file, "rung", np.arange(1, result.fired.shape[2] + 1))
            _write_array(file, "fired", ("replication", "rule", "rung"), result.fired)


def read_result(folder: Path, range_: Range, paths: bool = True) -> JobResult:
    """Read the file of a range of replications; without its paths if `paths` is False.

    Raises OSError, or an exception of the NetCDF library, when the file is damaged.
    """
    from netCDF4 import Dataset

    with Dataset(replication_file(folder, range_)) as file:
        file.set_auto_mask(False)
        n = range_[1] - range_[0]
        days = file.variables["path"].shape[1] if paths and "path" in file.variables else 0
        return JobResult(
            policy=file.policy,
            first=range_[0],
            measures=_read_array(file, "value", np.zeros((n, 0))),
            paths=_read_array(file, "path" if paths else "", np.zeros((n, days, len(SERIES)), np.float32)),
            fired=_read_array(file, "fired", np.zeros((n, 0, 0))),
            failures=tuple(Failure(**fields) for fields in json.loads(file.failures)),
        )


def read_results(folder: Path, first: int, last: int, paths: bool = True) -> Iterator[JobResult]:
    """What the folder of a policy has of replications `first` up to `last`, file by file, cut to them."""
    for range_ in stored_ranges(folder):
        if range_[0] < last and first < range_[1]:
            yield _cut(read_result(folder, range_, paths), first, last)


def read_days(folder: Path, range_: Range) -> NDArray[np.float64]:
    """The days of the paths in a file, none if it has no paths."""
    from netCDF4 import Dataset

    with Dataset(replication_file(folder, range_)) as file:
        return np.asarray(file.variables["time"][:] if "time" in file.variables else (), dtype=np.float64)


def _cut(result: JobResult, first: int, last: int) -> JobResult:
    first, last = max(result.first, first), min(result.last, last)
    rows = slice(first - result.first, last - result.first)
    return replace(
        result,
        first=first,
        measures=result.measures[rows],
        paths=result.paths[rows],
        fired=result.fired[rows],
        failures=tuple(failure for failure in result.failures if first <= failure.replication < last),
    )


def _write_coordinate(file: Dataset, name: str, values: Array, **attributes: str) -> None:
    """A dimension with its coordinate."""
    file.createDimension(name, len(values))
    variable = file.createVariable(name, str if values.dtype == object else values.dtype, (name,))
    variable[:] = values
    variable.setncatts(attributes)


def _write_array(file: Any, name: str, dimensions: tuple[str, ...], values: Array) -> None:
    """A compressed variable with a checksum, which reveals damage.

    Zstandard takes a quarter of the time of zlib, which is used where the library was built without it. The variable is
    one chunk: the rest of a chunk that is not full would hold whatever was in memory.
    """
    compression = "zstd" if file.has_zstd_filter() else "zlib"
    options = {"compression": compression, "complevel": 1, "fletcher32": True, "chunksizes": values.shape}
    file.createVariable(name, values.dtype, dimensions, **options)[:] = values


def _read_array(file: Dataset, name: str, default: Array) -> Array:
    return np.asarray(file.variables[name][:]) if name in file.variables else default
