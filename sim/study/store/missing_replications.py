"""What is missing in the folder of an interrupted study, so that only that is simulated.

Jobs end on a fixed grid (`sim.study.jobs.plan`). So filling the gaps gives the files of an uninterrupted study.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.atomic_write import remove_unfinished
from sim.study.failed_replications import WORKER_DIED
from sim.study.jobs.job import JobResult
from sim.study.store.replication_files import Range, read_result, replication_file, stored_ranges


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


def remove_unusable_files(folder: Path) -> None:
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
