"""Declared shapes: what the arrays of a record are like is said once, where its fields are.

    class Venues(NamedTuple):
        open: Annotated[Bools, Shape("V")]
        closing: Annotated[Floats, Shape("V", first=math.inf)]
        liquidity_factor: Annotated[Floats, Shape("V", "K", first=1.0)]

A length is a number, a symbol, or a symbol and a number more ("R + 1"); `sizes` say what the symbols stand for. Kernels
are compiled for the numbers at the end of a shape (`pointers`).
"""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from itertools import takewhile
from typing import Any, TypeVar, cast, get_args, get_type_hints

import numpy as np

Sizes = Mapping[str, int]
R = TypeVar("R", bound=tuple[Any, ...])


class Shape:
    """Lengths of the dimensions of an array, and the value that its items have at first."""

    def __init__(self, *lengths: int | str, first: float = 0) -> None:
        self.lengths, self.first = lengths, first

    def of(self, sizes: Sizes) -> tuple[int, ...]:
        """The lengths as numbers. Raises KeyError for a symbol that `sizes` do not know."""
        return tuple(length if isinstance(length, int) else _number(length, sizes) for length in self.lengths)

    @cached_property
    def known(self) -> tuple[int, ...]:
        """The numbers at the end."""
        last = takewhile(lambda length: isinstance(length, int), reversed(self.lengths))
        return cast(tuple[int, ...], (*last,)[::-1])

    @cached_property
    def symbols(self) -> tuple[tuple[int, str], ...]:
        """Which dimensions have a length that is a symbol alone, and the symbols."""
        return tuple((n, each) for n, each in enumerate(self.lengths) if isinstance(each, str) and each.isalpha())


def _number(length: str, sizes: Sizes) -> int:
    symbol, _, more = length.partition(" + ")
    return sizes[symbol] + int(more or 0)


def empty(record: type[R], sizes: Sizes, **given: Any) -> R:
    """A record whose arrays are as at first, and so in the records that it holds; `given` are fields that are there.

    Raises KeyError for a symbol that `sizes` do not know.
    """
    fields = {name: _empty(kind, sizes) for name, kind in _hints(record).items() if name not in given}
    return record(**fields, **given)


def _empty(kind: Any, sizes: Sizes) -> Any:
    shape = _shape(kind)
    return empty(kind, sizes) if shape is None else np.full(shape.of(sizes), shape.first, _dtype(kind))


def filled(record: type[R], sizes: Sizes, items: Sequence[object] = (), **values: Any) -> R:
    """A record of these values, and of what the items have under the names of all other fields, one value per item.

    What is declared as an array may be any sequence, all else is taken as it is. Raises ValueError for an array that
    has another shape than declared.
    """
    values |= {name: [getattr(item, name) for item in items] for name in _hints(record) if name not in values}
    return record(**{name: _filled(f"{record.__name__}.{name}", kind, values[name], sizes)
                     for name, kind in _hints(record).items()})  # fmt: skip


def _filled(name: str, kind: Any, value: Any, sizes: Sizes) -> Any:
    shape = _shape(kind)
    if shape is None:
        return value
    array, declared = np.ascontiguousarray(value, _dtype(kind)), shape.of(sizes)
    if array.size == 0:  # a list of nothing does not say how long its items would be
        array = array.reshape(declared)
    if array.shape != declared:
        raise ValueError(f"{name} has the shape {array.shape}, declared is {declared}")
    return array


def sizes_of(record: tuple[Any, ...]) -> dict[str, int]:
    """What the symbols stand for in a record and those that it holds."""
    sizes: dict[str, int] = {}
    for value, shape in zip(record, _shapes(type(record)).values(), strict=True):
        if shape is not None:
            sizes |= {symbol: value.shape[n] for n, symbol in shape.symbols}
        elif isinstance(value, tuple):
            sizes |= sizes_of(value)
    return sizes


def along(record: type, symbol: str) -> list[str]:
    """The arrays of a record whose first length a symbol stands for."""
    return [name for name, shape in _shapes(record).items() if shape is not None and shape.lengths[0] == symbol]


def known_lengths(record: type) -> dict[str, tuple[int, ...]]:
    """Of each array of a record for which there are any, the lengths at the end that kernels are compiled for."""
    return {name: shape.known for name, shape in _shapes(record).items() if shape is not None and shape.known}


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record, include_extras=True)


@cache
def _shapes(record: type) -> dict[str, Shape | None]:
    """The declared shape of each field."""
    return {name: _shape(kind) for name, kind in _hints(record).items()}


def _shape(kind: Any) -> Shape | None:
    """The declared shape of a field, None if it is no array."""
    return next((extra for extra in getattr(kind, "__metadata__", ()) if isinstance(extra, Shape)), None)


def _dtype(kind: Any) -> Any:
    """The kind of number in an array that is annotated as NDArray[...]."""
    _, dtype = get_args(get_args(kind)[0])
    return get_args(dtype)[0]
