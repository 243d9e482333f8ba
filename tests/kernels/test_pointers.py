"""Compiled kernels and the records that they take: what is read and written there is what NumPy reads and writes."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.kernels import translate
from sim.kernels.compile import Entrance, inlined, kernel
from sim.kernels.library import load
from sim.kernels.pointers import Shared
from sim.kernels.shapes import Shape


class Inner(NamedTuple):
    flags: NDArray[np.bool_]
    words: NDArray[np.uint64]


class Outer(NamedTuple):
    line: NDArray[np.float64]
    table: NDArray[np.int64]
    block: NDArray[np.float64]
    number: float
    count: int
    inner: Inner


class Other(NamedTuple):
    line: NDArray[np.float64]


class Known(NamedTuple):
    planes: Annotated[NDArray[np.float64], Shape("n", 3, 2)]


def outer() -> Outer:
    return Outer(
        np.arange(4.0), np.arange(6).reshape(2, 3), np.arange(24.0).reshape(2, 3, 4), 0.5, 7,
        Inner(np.array([True, False]), np.array([2**63 + 5], np.uint64)),
    )  # fmt: skip


def rewrite(record: Outer) -> float:
    """Touch each field in each way that the model does."""
    total = record.number + record.count
    for n in range(len(record.line)):
        record.line[n] += total
    for i in range(record.table.shape[0]):
        row = record.table[i]
        for j in range(len(row)):
            row[j] = 10 * row[j] + record.block.shape[2]
    plane = record.block[1]
    plane[2, 3] = record.table[1, 2]
    record.block[0, 1, 2] = record.inner.flags[0]
    record.inner.flags[1] = record.inner.words[0] > np.uint64(2**63)
    for flag in record.inner.flags:
        total += 1.0 if flag else 0.0
    record.line[:] = record.line[0] if total < 0.0 else record.line[1]
    return total


def compiled(function, *example):
    """A function compiled for arguments like these."""
    entrance = Entrance(function)
    load({entrance: example})
    return entrance


def test_a_kernel_sees_and_changes_the_arrays():
    record, whole = outer(), outer()
    assert compiled(rewrite, Shared(record))(Shared(record)) == 0.5 + 7 + 2
    whole.line[:] = 1.0 + 7.5
    whole.table[:] = 10 * whole.table + 4
    whole.block[1, 2, 3], whole.block[0, 1, 2] = whole.table[1, 2], 1.0
    whole.inner.flags[1] = True
    for ours, theirs in zip((*record[:3], *record.inner), (*whole[:3], *whole.inner), strict=True):
        assert np.array_equal(ours, theirs)


def last_of(record: Known) -> float:
    """Reached by the lengths that the annotation gives."""
    planes = record.planes
    return float(planes[planes.shape[0] - 1, planes.shape[1] - 1, planes.shape[2] - 1])


def test_known_lengths_are_those_of_the_last_dimensions():
    records = [Shared(Known(np.arange(6.0 * count).reshape(count, 3, 2))) for count in (1, 4)]
    ours = compiled(last_of, records[0])
    assert [ours(record) for record in records] == [5.0, 23.0]


@pytest.mark.parametrize("shape", [(4, 2, 3), (3, 2, 1)])
def test_an_array_of_other_lengths_is_refused(shape):
    with pytest.raises(TypeError, match=r"Known.planes has the shape .*, which should end in \(3, 2\)"):
        Shared(Known(np.zeros(shape)))


def test_only_contiguous_arrays_are_taken():
    with pytest.raises(TypeError, match="contiguous"):
        Shared(Other(np.arange(4.0)[::2]))


def test_a_record_is_always_of_the_same_kinds():
    Shared(outer())
    with pytest.raises(TypeError, match="fields of Outer"):
        Shared(outer()._replace(line=np.arange(4)))


@inlined
def half(count: int) -> float:
    return count / 2


@kernel
def sum_of_halves(record: Other) -> float:
    return half(1) + half(2) + half(len(record.line))


def sums_twice(record: Other) -> float:
    return sum_of_halves(record) + sum_of_halves(record)


def test_constants_do_not_make_a_kernel_anew():
    record = Shared(Other(np.zeros(3)))
    assert compiled(sums_twice, record)(record) == 6.0
    assert len([kernel for kernel, _ in translate._parts if kernel is half]) == 1


def test_a_kernel_is_translated_once_however_many_call_it():
    record = Shared(Other(np.zeros(3)))
    ours = compiled(sum_of_halves, record)
    before = len(translate._parts)
    compiled(sum_of_halves, record)
    assert ours(record) == 3.0
    assert len(translate._parts) == before


def test_what_entrances_share_is_compiled_into_one_library():
    record, first, second = Shared(Other(np.zeros(3))), Entrance(sum_of_halves), Entrance(sums_twice)
    load({first: (record,), second: (record,)})
    assert (first(record), second(record)) == (3.0, 6.0)


def test_a_record_as_it_is_goes_to_python():
    assert Entrance(sums_twice)(Other(np.zeros(3))) == 6.0


def kinds_of_result(record: Other, count: int) -> bool:
    return len(record.line) > count


def nothing(record: Other, value: float) -> None:
    record.line[0] = value


def test_results_are_pythons():
    record = Other(np.zeros(3))
    more = compiled(kinds_of_result, Shared(record), 0)
    assert (more(Shared(record), 2), more(Shared(record), np.int64(3))) == (True, False)
    assert compiled(nothing, Shared(record), 0.0)(Shared(record), 2.5) is None
    assert record.line[0] == 2.5


def item(record: Other, n: int) -> float:
    return record.line[n]


def test_indices_are_checked_if_asked(monkeypatch):
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    record = Shared(Other(np.arange(3.0)))
    ours = compiled(item, record, 0)
    assert ours(record, 2) == 2.0
    with pytest.raises(IndexError, match="beyond an array"):
        ours(record, 3)
