"""World and state as the kernels take them: one pointer to where the arrays of the named tuples lie.

Numba passes a named tuple field by field: with a hundred arrays, each call would carry a thousand arguments and take
minutes to compile. Its own structures count references, which costs more than the arithmetic. A `Shared` record owns
nothing: it holds the addresses of the arrays, and the tuple that it was made from keeps them alive.
"""

from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import extending as untyped_extending
from numba.core import types
from numba.core.typing.templates import AttributeTemplate
from numba.np.numpy_support import from_dtype

extending: Any = untyped_extending
_WORD = 8
T = TypeVar("T")


class Pointer(types.Type):
    """The type of a shared record: the type of each field, and the word at which it begins."""

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]]) -> None:
        self.fields = fields
        super().__init__(name=f"Shared({name})")


class Shared:
    """A record for kernels; from Python, read the tuple itself, which sees every change."""

    _numba_type_: Pointer

    def __init__(self, record: tuple[Any, ...]) -> None:
        words: list[Any] = []
        fields: dict[str, tuple[Any, int]] = {}
        self._kept: list[Any] = [record]
        for name, value in zip(type(record)._fields, record, strict=True):  # type: ignore[attr-defined]
            start = len(words)
            fields[name] = (self._add(words, value), start)
        self._words = np.array(words, dtype=np.uint64)
        self.address = self._words.ctypes.data
        self._numba_type_ = _TYPES.setdefault(type(record), Pointer(type(record).__name__, fields))
        if self._numba_type_.fields != fields:
            raise TypeError(f"arrays of {type(record).__name__} are not of the kinds that kernels were compiled for")

    def _add(self, words: list[Any], value: Any) -> Any:
        """Append the words of a field; returns its type."""
        if isinstance(value, np.ndarray):
            if not value.flags.c_contiguous:
                raise TypeError("kernels take contiguous arrays only")
            # As Numba lays out an array: owner, parent, items, size of an item, data, shape, strides.
            words += [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
            return types.Array(from_dtype(value.dtype), value.ndim, "C")
        if isinstance(value, tuple):
            inner = Shared(value)
            self._kept.append(inner)
            words.append(inner.address)
            return inner._numba_type_
        words.append(np.array(value, dtype=np.float64 if isinstance(value, float) else np.int64).view(np.uint64))
        return types.float64 if isinstance(value, float) else types.int64


_TYPES: dict[type, Pointer] = {}


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
    place = builder.gep(value, [ir.Constant(ir.IntType(64), start * _WORD)])
    return builder.load(builder.bitcast(place, context.get_value_type(field).as_pointer()))


def share(record: T) -> T:
    """A named tuple as kernels take it."""
    return cast(T, Shared(cast(tuple[Any, ...], record)))
