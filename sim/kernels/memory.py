"""The arrays of a state in a few blocks of memory, so that a state can be copied whole."""

from typing import Any, NamedTuple

import numpy as np

from sim.kernels.compile import kernel
from sim.model.state import EventRequests, JournalBuffer, State
from sim.world.arrays import Bools, Floats, Ints, Keys


class Memory(NamedTuple):
    """What a state holds, by kind of number."""

    floats: Floats
    ints: Ints
    flags: Bools
    keys: Keys


def packed(state: State) -> tuple[State, Memory]:
    """The same state with its arrays laid one after another, and the blocks that they lie in.

    Agenda and log stay where they are: they are larger than all else, and empty when a run begins.
    """
    kept = tuple(part for part in state if not isinstance(part, EventRequests | JournalBuffer))
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
    return _replaced(state, places), Memory(*blocks)


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
    """Copy the contents of one state's memory into another's."""
    for n in range(len(source.floats)):
        memory.floats[n] = source.floats[n]
    for n in range(len(source.ints)):
        memory.ints[n] = source.ints[n]
    for n in range(len(source.flags)):
        memory.flags[n] = source.flags[n]
    for n in range(len(source.keys)):
        memory.keys[n] = source.keys[n]
