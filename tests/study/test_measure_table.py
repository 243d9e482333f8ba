"""Measures that go to a file: the same numbers to the last bit, and memory that does not grow with them."""

from __future__ import annotations

import errno
import io
import pickle
import tempfile
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

import sim
from sim.study.compare import described
from sim.study.jobs import collect
from sim.study.jobs.job import Job, JobResult
from sim.study.jobs.measure_table import measure_tables
from sim.study.store.study_manifest import Request

NUMBERS = np.random.default_rng(0).normal(size=(7, 3))


def filled(*pieces: slice):
    """The second table of two, with these rows written in this order."""
    tables = measure_tables(["other", "own"], 10, 3)
    tables["other"].write(0, -NUMBERS)
    for piece in pieces:
        tables["own"].write(piece.start, NUMBERS[piece])
    return tables["own"].of(7)


@pytest.mark.parametrize("pieces", [[slice(0, 7)], [slice(4, 7), slice(0, 4)]])
def test_it_is_the_array_that_was_written(pieces):
    table = filled(*pieces)
    assert (len(table), table.shape) == (7, (7, 3))
    assert np.asarray(table).tobytes() == NUMBERS.tobytes()
    for key in (np.s_[:, 1], np.s_[2:5, 0], np.s_[:, [2, 0]], np.s_[:4], np.s_[:, 1:], np.s_[3]):
        np.testing.assert_array_equal(table[key], NUMBERS[key])
    assert np.isnan(table).any() == np.False_
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(table)), NUMBERS)


def test_the_first_rows_are_those_of_fewer_replications():
    np.testing.assert_array_equal(filled(slice(0, 7)).of(5), NUMBERS[:5])


def test_no_file_is_left(tmp_path):
    with patch.object(tempfile, "tempdir", str(tmp_path)):
        table = filled(slice(0, 7))
        assert table[0, 0] == NUMBERS[0, 0]
        del table
    assert not list(tmp_path.iterdir())


def studies(minimal: sim.Scenario, **options: object) -> tuple[sim.Study, sim.Study]:
    """The same study with its measures in memory and in a file."""
    with patch.object(collect, "MOST_IN_MEMORY", 0):
        in_file = sim.compare(minimal, engine="compiled", **options)
    return sim.compare(minimal, engine="compiled", **options), in_file


@pytest.mark.slow
def test_a_study_does_not_depend_on_where_its_measures_are(minimal, tmp_path):
    """Of so many replications, to a precision, and kept in a folder."""
    until = sim.Precision("leakage", 0.05)
    for options in ({"replications": 5}, {"until": until}, {"replications": 5, "store": tmp_path / "study"}):
        one, two = studies(minimal, **options)
        assert not isinstance(two.results["baseline"].measures, np.ndarray)
        assert one.reached == two.reached
        for policy in one.policies:
            assert np.asarray(two.results[policy].measures).tobytes() == one.results[policy].measures.tobytes()
        assert one.difference("leakage").equals(two.difference("leakage"))
        assert one.to_frame().equals(two.to_frame())


class FullDisk(io.BytesIO):
    """A file on a disk without space."""

    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_with_its_folder(tmp_path):
    table = replace(filled(slice(0, 7)), file=FullDisk())
    with patch.object(tempfile, "tempdir", str(tmp_path)), pytest.raises(OSError, match="No space left") as told:
        table.write(0, NUMBERS)
    assert told.value.filename == str(tmp_path)


def test_memory_does_not_grow_with_the_replications(minimal):
    """100,000 of two policies, not simulated but made up: their measures would take 54 MB, and joined twice that."""
    about = described(minimal, Request(("baseline", "payments_first"), 1, ()), 0, "compiled", paths=False)

    def made_up(jobs: Iterable[Job]) -> Iterator[JobResult]:
        for job in jobs:
            rows = np.random.default_rng(job.first).normal(size=(job.count, len(about.measures)))
            yield JobResult(
                job.policy, job.first, rows, np.zeros((job.count, 0, 4), np.float32), np.zeros((job.count, 0, 0))
            )

    collector = collect.Collector(about.plan, 100_000, len(about.measures))
    tracemalloc.start()
    collector.extend(made_up, 100_000)
    results = collector.results("payments_first", ())
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert results.replications == 100_000
    assert np.unique(results.measures[:, 3]).size == 100_000
    assert held < 1e6
    assert most < 10e6
