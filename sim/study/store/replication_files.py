"""Replications in files: labelled, compressed NetCDF, one file per job; the same result gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.atomic_write import atomic_file
from sim.results.open_run import FolderError, as_folder_errors, read_bytes
from sim.results.own_measures import SERIES
from sim.study.jobs.job import ARRAYS, Failure, JobResult
from sim.study.store.study_manifest import StudyDescription

if TYPE_CHECKING:
    from netCDF4 import Dataset

Array = NDArray[Any]
"""An array of any type."""
Range = tuple[int, int]
"""Replications from the first up to the one after the last."""
Identity = Mapping[str, str]
"""What a file belongs to, which stands in its attributes: `study` and `configuration` (hashes), and `policy`."""
_NAMES = re.compile(r"(\d{8})-(\d{8})\.([0-9a-f]{16})\.nc")


class DamagedFileError(FolderError):
    """A file of replications is not as it was written."""


class Part(NamedTuple):
    """A file with replications `first` up to `last`; its name ends with the beginning of the SHA-256 of its bytes."""

    first: int
    last: int
    path: Path


def stored_parts(folder: Path) -> list[Part]:
    """The files in the folder of a policy, in order.

    Raises FolderError for a file of another name, and for two files with the same replication.
    """
    if not folder.is_dir():
        return []
    parts = sorted(_part(path) for path in folder.iterdir() if not path.name.startswith("."))
    for one, other in pairwise(parts):
        if other.first < one.last:
            raise FolderError(f"{other.path}: has replications that {one.path.name} has too; remove one of them")
    return parts


def _part(path: Path) -> Part:
    match = _NAMES.fullmatch(path.name)
    if match is None:
        raise FolderError(f"{path}: not the name of a part of a study; move it elsewhere")
    return Part(int(match[1]), int(match[2]) + 1, path)


def missing_ranges(stored: Sequence[Range], first: int, last: int) -> Iterator[Range]:
    """The ranges of replications from `first` up to `last` that are not in `stored`, which is in order."""
    for start, end in stored:
        if first < start and first < last:
            yield first, min(start, last)
        first = max(first, end)
    if first < last:
        yield first, last


def replications_without_gap(stored: Sequence[Part]) -> int:
    """How many replications there are from 0 to the first gap."""
    end = 0
    for part in stored:
        if part.first > end:
            break
        end = part.last
    return end


def write_result(folder: Path, result: JobResult, about: StudyDescription, identity: Identity) -> None:
    """Write a result of a study to the folder of its policy, whole or not at all."""
    from netCDF4 import Dataset

    scenario, plan = about.scenario, about.plan
    target = folder / f"{result.first:08d}-{result.last - 1:08d}"
    with (
        atomic_file(target, lambda path: _name(target, path.read_bytes())) as path,
        Dataset(path, "w", format="NETCDF4") as file,
    ):
        file.setncatts({"scenario": scenario.name, "seed": plan.seed, **identity})
        file.setncattr("failures", json.dumps([asdict(failure) for failure in result.failures]))
        _write_coordinate(file, "replication", np.arange(result.first, result.last))
        _write_coordinate(file, "measure", np.array(about.measures, dtype=object))
        _write_array(file, "value", ("replication", "measure"), result.measures)
        if result.paths.size:
            since = f"days since {scenario.start.isoformat(' ')}"
            _write_coordinate(file, "time", np.array([record * plan.every for record in plan.records]), units=since)
            _write_coordinate(file, "mode", np.array(SERIES, dtype=object))
            _write_array(file, "path", ("replication", "time", "mode"), result.paths)
        if result.fired.size:
            _write_coordinate(file, "rule", np.array(about.rules[result.policy], dtype=object))
            _write_coordinate(file, "rung", np.arange(1, result.fired.shape[2] + 1))
            _write_array(file, "fired", ("replication", "rule", "rung"), result.fired)


def read_result(part: Part, identity: Identity, paths: bool = True) -> JobResult:
    """Read a file; without its paths if `paths` is False.

    Raises DamagedFileError when it is not as it was written, FolderError when it belongs to something else.
    """
    with _opened(part, identity) as file:
        n = part.last - part.first
        days = file.variables["path"].shape[1] if paths and "path" in file.variables else 0
        return JobResult(
            policy=file.policy,
            first=part.first,
            measures=_read_array(file, "value", np.zeros((n, 0))),
            paths=_read_array(file, "path" if paths else "", np.zeros((n, days, len(SERIES)), np.float32)),
            fired=_read_array(file, "fired", np.zeros((n, 0, 0))),
            failures=tuple(Failure(**fields) for fields in json.loads(file.failures)),
        )


def read_results(folder: Path, identity: Identity, first: int, last: int, paths: bool = True) -> Iterator[JobResult]:
    """What the folder of a policy has of replications `first` up to `last`, file by file, cut to them."""
    for part in stored_parts(folder):
        if part.first < last and first < part.last:
            yield _cut(read_result(part, identity, paths), first, last)


def read_days(part: Part, identity: Identity) -> NDArray[np.float64]:
    """The days of the paths in a file, none if it has no paths."""
    with _opened(part, identity) as file:
        return np.asarray(file.variables["time"][:] if "time" in file.variables else (), dtype=np.float64)


@contextmanager
def _opened(part: Part, identity: Identity) -> Iterator[Dataset]:
    """The file, whose bytes are those that its name tells of, and which belongs to what it should."""
    from netCDF4 import Dataset

    data = read_bytes(part.path)
    if part.path.name != _name(part.path, data):
        raise DamagedFileError(f"{part.path}: changed since it was written")
    with as_folder_errors(part.path), Dataset(part.path.name, memory=data) as file:
        file.set_auto_mask(False)
        for name, expected in identity.items():
            if file.getncattr(name) != expected:
                raise FolderError(f"{part.path}: of {name} {file.getncattr(name)[:40]}, not of {expected[:40]}")
        numbers = file.variables["replication"][:]
        if len(numbers) != part.last - part.first or not np.array_equal(numbers, part.first + np.arange(len(numbers))):
            raise FolderError(f"{part.path}: has other replications than its name tells")
        yield file


def _name(path: Path, data: bytes) -> str:
    """The name of a file, whose replications `path` tells, with these bytes."""
    return f"{path.name.partition('.')[0]}.{sha256(data).hexdigest()[:16]}.nc"


def _cut(result: JobResult, first: int, last: int) -> JobResult:
    first, last = max(result.first, first), min(result.last, last)
    arrays = {name: getattr(result, name)[first - result.first : last - result.first] for name in ARRAYS}
    failures = tuple(failure for failure in result.failures if first <= failure.replication < last)
    return replace(result, first=first, failures=failures, **arrays)


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
