"""Shared records inside kernels: a type for each, whose fields are read through the pointer."""

from __future__ import annotations

from functools import cache
from typing import Any

from llvmlite import ir
from numba import extending as untyped_extending
from numba.core import types
from numba.core.typing.templates import AttributeTemplate
from numba.np import arrayobj as untyped_arrayobj
from numba.np.numpy_support import from_dtype

from sim.kernels.column_type import Column
from sim.kernels.pointers import kinds_of
from sim.kernels.shapes import known_lengths

extending: Any = untyped_extending
arrayobj: Any = untyped_arrayobj
_WORD, _INT = 8, ir.IntType(64)
_NUMBERS = {float: types.float64, int: types.int64}


class Pointer(types.Type):
    """The type of a shared record: of each field, its type, the word at which it begins, and lengths that are known."""

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]], lengths: dict[str, tuple[int, ...]]) -> None:
        self.fields, self.lengths = fields, lengths
        super().__init__(name=f"Shared({name})")


@cache
def pointer_to(record: Any) -> Pointer:
    """The type of a record, one of which has been shared."""
    fields: dict[str, tuple[Any, int]] = {}
    start = 0
    for name, kind in zip(record._fields, kinds_of(record), strict=True):
        if isinstance(kind, tuple):
            dtype, dimensions = kind
            fields[name] = Column(from_dtype(dtype), dimensions), start
            start += 1 + dimensions
        else:
            fields[name] = _NUMBERS.get(kind) or pointer_to(kind), start
            start += 1
    return Pointer(record.__name__, fields, known_lengths(record))


@extending.register_model(Pointer)
class _PointerModel(extending.models.OpaqueModel):  # type: ignore[misc]
    pass


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
