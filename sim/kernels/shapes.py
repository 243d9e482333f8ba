"""Declared shapes: what the arrays of a record are like is said once, where its fields are.

    class Venues(NamedTuple):
        open: Annotated[Bools, Shape("V")]
        closing: Annotated[Floats, Shape("V", first=math.inf)]
        liquidity_factor: Annotated[Floats, Shape("V", "K", first=1.0)]

A length is a number, a symbol, or a symbol and a number more ("R + 1"); `sizes` say what the symbols stand for. Kernels
are compiled for the numbers at the end of a shape (`pointers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from itertools import takewhile
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, cast, get_args, get_type_hints

import numpy as np

Sizes = Mapping[str, int]
R = TypeVar("R", bound=tuple[Any, ...])


class Shape:
    """Lengths of the dimensions of an array, and the value that its items have at first."""

    def __init__(self, *lengths: int | str, first: float = 0) -> None:
        self.lengths, self.first = lengths, first

    def of(self, sizes: Sizes) -> tuple[int, ...]:
        """The lengths as numbers. Raises KeyError for a symbol that `sizes` do not know."""
        return tuple([length if isinstance(length, int) else _number(length, sizes) for length in self.lengths])

    @cached_property
    def known(self) -> tuple[int, ...]:
        """The numbers at the end."""
        last = takewhile(lambda length: isinstance(length, int), reversed(self.lengths))
        return cast(tuple[int, ...], (*last,)[::-1])

    @cached_property
    def symbols(self) -> tuple[tuple[int, str], ...]:
        """Which dimensions have a length that is a symbol alone, and the symbols."""
        return tuple((n, each) for n, each in enumerate(self.lengths) if isinstance(each, str) and each.isalpha())


class _Field(NamedTuple):
    """A field of a record: its type, and the declared shape and the kind of number if it is an array."""

    name: str
    kind: Any
    shape: Shape | None = None
    dtype: Any = None


def _number(length: str, sizes: Sizes) -> int:
    symbol, _, more = length.partition(" + ")
    return sizes[symbol] + int(more or 0)


def empty(record: type[R], sizes: Sizes, **given: Any) -> R:
    """A record whose arrays are as at first, and so in the records that it holds; `given` are fields that are there.

    Raises KeyError for a symbol that `sizes` do not know.
    """
    fields = {field.name: _empty(field, sizes) for field in _fields(record) if field.name not in given}
    return record(**fields, **given)


def _empty(field: _Field, sizes: Sizes) -> Any:
    if field.shape is None:
        return empty(field.kind, sizes)
    lengths, first = field.shape.of(sizes), field.shape.first
    return np.zeros(lengths, field.dtype) if first == 0 else np.full(lengths, first, field.dtype)


def filled(record: type[R], sizes: Sizes, items: Sequence[object] = (), **values: Any) -> R:
    """A record of these values, and of what the items have under the names of all other fields, one value per item.

    What is declared as an array may be any sequence, all else is taken as it is. Raises ValueError for an array that
    has another shape than declared.
    """
    fields = _fields(record)
    of_items = [field.name for field in fields if field.name not in values]
    values |= {name: [getattr(item, name) for item in items] for name in of_items}
    return record(*(_filled(record, field, values[field.name], sizes) for field in fields))


def _filled(record: type, field: _Field, value: Any, sizes: Sizes) -> Any:
    if field.shape is None:
        return value
    array, declared = np.ascontiguousarray(value, field.dtype), field.shape.of(sizes)
    if array.size == 0:  # a list of nothing does not say how long its items would be
        array = array.reshape(declared)
    if array.shape != declared:
        raise ValueError(f"{record.__name__}.{field.name} has the shape {array.shape}, declared is {declared}")
    return array


def sizes_of(record: tuple[Any, ...]) -> dict[str, int]:
    """What the symbols stand for in a record and those that it holds."""
    return {symbol: attrgetter(name)(record).shape[n] for symbol, (name, n) in _measured(type(record)).items()}


@cache
def _measured(record: type) -> dict[str, tuple[str, int]]:
    """Of each symbol an array, by its name from the record on, and the dimension of it that is so long."""
    found: dict[str, tuple[str, int]] = {}
    for field in _fields(record):
        if field.shape is not None:
            found |= {symbol: (field.name, n) for n, symbol in field.shape.symbols}
        elif isinstance(field.kind, type) and issubclass(field.kind, tuple):
            found |= {symbol: (f"{field.name}.{name}", n) for symbol, (name, n) in _measured(field.kind).items()}
    return found


def along(record: type, symbol: str) -> list[str]:
    """The arrays of a record whose first length a symbol stands for."""
    return [field.name for field in _fields(record) if field.shape is not None and field.shape.lengths[0] == symbol]


def known_lengths(record: type) -> dict[str, tuple[int, ...]]:
    """Of each array of a record for which there are any, the lengths at the end that kernels are compiled for."""
    return _known_lengths(record)


@cache
def _known_lengths(record: type) -> dict[str, tuple[int, ...]]:
    return {field.name: field.shape.known for field in _fields(record) if field.shape is not None and field.shape.known}


@cache
def _fields(record: type) -> tuple[_Field, ...]:
    """The fields of a record: to read annotations takes longer than to make arrays."""
    return tuple(_field(name, kind) for name, kind in get_type_hints(record, include_extras=True).items())


def _field(name: str, kind: Any) -> _Field:
    shape = next((extra for extra in getattr(kind, "__metadata__", ()) if isinstance(extra, Shape)), None)
    if shape is None:
        return _Field(name, kind)
    _, dtype = get_args(get_args(kind)[0])  # of NDArray[...]
    return _Field(name, kind, shape, get_args(dtype)[0])
