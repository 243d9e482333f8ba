"""World and state as compiled code takes them: one pointer to where the arrays of the named tuples lie.

Numba passes a named tuple field by field: with a hundred arrays, each call would carry a thousand arguments and take
minutes to compile. Its own structures count references, which costs more than the arithmetic. A `Shared` record owns
nothing: it holds the addresses of the arrays, and the tuple that it was made from keeps them alive.

Kernels are compiled for the numbers at the end of a declared shape (`shapes`): what is reached by a stride that never
changes costs less.
"""

import struct
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.kernels.compile import in_python
from sim.kernels.shapes import known_lengths

T = TypeVar("T")
KINDS: dict[type, list[Any]] = {}
"""The kinds of the fields of each record of which one has been shared."""


class Shared:
    """A record for compiled code; from Python, read the tuple itself, which sees every change.

    `kinds` says of each field what it is: number and dimensions of an array, a shared record, or the type of a number.
    """

    def __init__(self, record: Any) -> None:
        self.record, words = record, list[int]()
        self.kinds: list[Any] = []
        self._kept = list[Shared]()
        for value in record:
            if isinstance(value, np.ndarray):
                self.kinds.append((value.dtype, value.ndim))
                words += _array_words(value)
            elif isinstance(value, tuple):
                inner = Shared(value)
                self._kept.append(inner)
                self.kinds.append(type(value))
                words.append(inner.address)
            else:
                self.kinds.append(type(value))
                words.append(_scalar_word(value))
        self._words = np.array(words, dtype=np.uint64)
        self.address: int = self._words.ctypes.data
        self._as_parameter_ = self.address
        self._check()

    def _check(self) -> None:
        """Kernels are compiled for one kind of a record only."""
        name = type(self.record).__name__
        if KINDS.setdefault(type(self.record), self.kinds) != self.kinds:
            raise TypeError(f"fields of {name} are not of the kinds that kernels were compiled for")
        for field, lengths in known_lengths(type(self.record)).items():
            shape = getattr(self.record, field).shape
            if shape[-len(lengths) :] != lengths:
                raise TypeError(f"{name}.{field} has the shape {shape}, which should end in {lengths}")


def _array_words(array: NDArray[Any]) -> list[int]:
    """Where the items lie, and the shape."""
    told = array.__array_interface__
    if told["strides"] is not None:
        raise TypeError("kernels take contiguous arrays only")
    return [told["data"][0], *array.shape]


def _scalar_word(value: int | float) -> int:
    code = "=d" if isinstance(value, float) else "=q"
    return int(struct.unpack("=Q", struct.pack(code, value))[0])


def share(record: T) -> T:
    """A named tuple as compiled code takes it; if nothing may be compiled, the tuple."""
    return record if in_python else cast(T, Shared(record))
