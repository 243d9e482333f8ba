"""The arrays of a record in a few blocks of memory, so that all of them can be copied at once."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.kernels.compile import kernel

T = TypeVar("T")
"""A named tuple of arrays and of further named tuples."""


class Memory(NamedTuple):
    """What a record holds, by kind of number."""

    floats: NDArray[np.float64]
    ints: NDArray[np.int64]
    flags: NDArray[np.bool_]
    keys: NDArray[np.uint64]


def packed(record: T, leave_out: tuple[type, ...] = ()) -> tuple[T, Memory]:
    """The same record with its arrays laid one after another, and the blocks that they lie in.

    An array that stands in it twice stays one. Parts of the types in `leave_out` stay where they are.
    """
    kept = tuple(part for part in cast(Iterable[object], record) if not isinstance(part, leave_out))
    arrays = list({id(array): array for array in _arrays(kept)}.values())
    blocks: list[Any] = []
    places = {}
    for kind in (np.float64, np.int64, np.bool_, np.uint64):
        chosen = [array for array in arrays if array.dtype == kind]
        starts = np.cumsum([0, *(array.size for array in chosen)])
        block = np.zeros(int(starts[-1]), kind)
        for array, start in zip(chosen, starts[:-1], strict=True):
            places[id(array)] = block[start : start + array.size].reshape(array.shape)
            places[id(array)][...] = array
        blocks.append(block)
    return cast(T, _replaced(record, places)), Memory(*blocks)


def copied(memory: Memory) -> Memory:
    """The same contents elsewhere."""
    return Memory(memory.floats.copy(), memory.ints.copy(), memory.flags.copy(), memory.keys.copy())


def _arrays(record: Any) -> list[Any]:
    if isinstance(record, np.ndarray):
        return [record]
    return [array for field in record for array in _arrays(field)]


def _replaced(record: Any, places: dict[int, Any]) -> Any:
    if isinstance(record, np.ndarray):
        return places.get(id(record), record)
    return type(record)(*(_replaced(field, places) for field in record))


@kernel
def restore(memory: Memory, source: Memory) -> None:
    """Copy the contents of one record's memory into another's."""
    for n in range(len(source.floats)):
        memory.floats[n] = source.floats[n]
    for n in range(len(source.ints)):
        memory.ints[n] = source.ints[n]
    for n in range(len(source.flags)):
        memory.flags[n] = source.flags[n]
    for n in range(len(source.keys)):
        memory.keys[n] = source.keys[n]
