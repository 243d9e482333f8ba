"""Records as kernels take them: what is read and written there is what NumPy reads and writes."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import pytest
from numba import types
from numpy.typing import NDArray

from sim.kernels.compile import inlined, kernel
from sim.kernels.pointers import share
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


@kernel
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


def test_a_kernel_sees_and_changes_the_arrays():
    record, whole = outer(), outer()
    assert rewrite(share(record)) == 0.5 + 7 + 2
    whole.line[:] = 1.0 + 7.5
    whole.table[:] = 10 * whole.table + 4
    whole.block[1, 2, 3], whole.block[0, 1, 2] = whole.table[1, 2], 1.0
    whole.inner.flags[1] = True
    for ours, theirs in zip((*record[:3], *record.inner), (*whole[:3], *whole.inner), strict=True):
        assert np.array_equal(ours, theirs)


@kernel
def last_of(record: Known) -> float:
    """Reached by the lengths that the annotation gives."""
    planes = record.planes
    return float(planes[planes.shape[0] - 1, planes.shape[1] - 1, planes.shape[2] - 1])


def test_known_lengths_are_those_of_the_last_dimensions():
    for count in (1, 4):
        assert last_of(share(Known(np.arange(6.0 * count).reshape(count, 3, 2)))) == 6 * count - 1


@pytest.mark.parametrize("shape", [(4, 2, 3), (3, 2, 1)])
def test_an_array_of_other_lengths_is_refused(shape):
    with pytest.raises(TypeError, match=r"Known.planes has the shape .*, which should end in \(3, 2\)"):
        share(Known(np.zeros(shape)))


def test_only_contiguous_arrays_are_taken():
    with pytest.raises(TypeError, match="contiguous"):
        share(Other(np.arange(4.0)[::2]))


def test_a_record_is_always_of_the_same_kinds():
    share(outer())
    with pytest.raises(TypeError, match="fields of Outer"):
        share(outer()._replace(line=np.arange(4)))


@inlined
def half(count: int) -> float:
    return count / 2


@kernel
def sum_of_halves() -> float:
    return half(1) + half(2) + half(3)


def test_constants_do_not_make_a_kernel_anew():
    """Asked of the kernel itself: code that calls it may come ready-made from the cache, and then compiles nothing."""
    assert sum_of_halves() == 3.0
    for constant in (1, 2, 3):
        half.get_call_template((types.literal(constant),), {})
    assert len(half.signatures) == 1
