"""World and state as the kernels take them: one pointer to where the arrays of the named tuples lie.

Numba passes a named tuple field by field: with a hundred arrays, each call would carry a thousand arguments and take
minutes to compile. Its own structures count references, which costs more than the arithmetic. A `Shared` record owns
nothing: it holds the addresses of the arrays, and the tuple that it was made from keeps them alive.

Kernels are compiled for the numbers at the end of a declared shape (`shapes`): what is reached by a stride that never
changes costs less.
"""

import struct
from collections.abc import Iterator
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import extending as untyped_extending
from numba.core import types
from numba.core.typing.templates import AttributeTemplate
from numba.np import arrayobj as untyped_arrayobj
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

from sim.kernels.column_type import Column
from sim.kernels.compile import in_python
from sim.kernels.shapes import known_lengths

extending: Any = untyped_extending
arrayobj: Any = untyped_arrayobj
_WORD, _INT = 8, ir.IntType(64)
T = TypeVar("T")


class Pointer(types.Type):
    """The type of a shared record: of each field, its type, the word at which it begins, and lengths that are known."""

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]], lengths: dict[str, tuple[int, ...]]) -> None:
        self.fields, self.lengths = fields, lengths
        super().__init__(name=f"Shared({name})")


class Shared:
    """A record for kernels; from Python, read the tuple itself, which sees every change."""

    address: int
    _numba_type_: Pointer

    def __init__(self, record: Any) -> None:
        words: list[int] = []
        kinds: list[Any] = []
        self._kept: list[Any] = [record]
        for value in record:
            if isinstance(value, np.ndarray):
                kinds.append((value.dtype, value.ndim))
                words += _array_words(value)
            elif isinstance(value, tuple):
                inner = Shared(value)
                self._kept.append(inner)
                kinds.append(inner._numba_type_)
                words.append(inner.address)
            else:
                kinds.append(type(value))
                words.append(_scalar_word(value))
        self._words = np.array(words, dtype=np.uint64)
        self.address = self._words.ctypes.data
        self._numba_type_ = _pointer(type(record), kinds)
        for name, lengths in self._numba_type_.lengths.items():
            shape = getattr(record, name).shape
            if shape[-len(lengths) :] != lengths:
                raise TypeError(f"{type(record).__name__}.{name} has the shape {shape}, which should end in {lengths}")


def _array_words(array: NDArray[Any]) -> list[int]:
    """Where the items lie, and the shape."""
    told = array.__array_interface__
    if told["strides"] is not None:
        raise TypeError("kernels take contiguous arrays only")
    return [told["data"][0], *array.shape]


def _scalar_word(value: int | float) -> int:
    code = "=d" if isinstance(value, float) else "=q"
    return int(struct.unpack("=Q", struct.pack(code, value))[0])


def _pointer(record: type, kinds: list[Any]) -> Pointer:
    """The type of a record whose fields are of these kinds; kernels are compiled for one only."""
    known = _TYPES.get(record)
    if known is None:
        known = _TYPES[record] = (kinds, Pointer(record.__name__, dict(_fields(record, kinds)), known_lengths(record)))
    if known[0] != kinds:
        raise TypeError(f"fields of {record.__name__} are not of the kinds that kernels were compiled for")
    return known[1]


def _fields(record: Any, kinds: list[Any]) -> Iterator[tuple[str, tuple[Any, int]]]:
    """Name, type and first word of each field."""
    start = 0
    for name, kind in zip(record._fields, kinds, strict=True):
        if isinstance(kind, tuple):
            dtype, dimensions = kind
            yield name, (Column(from_dtype(dtype), dimensions), start)
            start += 1 + dimensions
        else:
            yield name, (_SCALARS.get(kind, kind), start)
            start += 1


_SCALARS = {float: types.float64, int: types.int64}
_TYPES: dict[type, tuple[list[Any], Pointer]] = {}


@extending.typeof_impl.register(Shared)  # type: ignore[untyped-decorator]
def _typeof(value: Shared, _: Any) -> Pointer:
    return value._numba_type_


@extending.register_model(Pointer)
class _PointerModel(extending.models.OpaqueModel):  # type: ignore[misc]
    pass


@extending.unbox(Pointer)  # type: ignore[untyped-decorator]
def _unbox(_: Pointer, value: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(value, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return extending.NativeValue(pointer)


@extending.infer_getattr
class _Fields(AttributeTemplate):
    key = Pointer

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        return kind.fields[name][0] if name in kind.fields else None


@extending.lower_getattr_generic(Pointer)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, kind: Pointer, value: Any, name: str) -> Any:
    field, start = kind.fields[name]
    if not isinstance(field, Column):
        return _word(builder, value, start, context.get_value_type(field))
    known = kind.lengths.get(name, ())
    shape = [_word(builder, value, start + 1 + n, _INT) for n in range(field.ndim - len(known))]
    shape += [ir.Constant(_INT, length) for length in known]
    array = context.make_array(field)(context, builder)
    data = _word(builder, value, start, array.data.type)
    item = context.get_abi_sizeof(context.get_data_type(field.dtype))
    arrayobj.populate_array(array, data, shape, _strides(builder, shape, item), ir.Constant(_INT, item), None)
    return array._getvalue()


def _word(builder: Any, record: Any, place: int, kind: Any) -> Any:
    """One word of a record. Words never change, so one load serves a function whatever is stored meanwhile."""
    address = builder.gep(record, [ir.Constant(_INT, place * _WORD)])
    found = builder.load(builder.bitcast(address, kind.as_pointer()))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def _strides(builder: Any, shape: list[Any], item: int) -> list[Any]:
    """Bytes from one item to the next along each dimension."""
    strides = [ir.Constant(_INT, item)]
    for size in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], size))
    return strides


def share(record: T) -> T:
    """A named tuple as kernels take it."""
    return record if in_python else cast(T, Shared(record))
