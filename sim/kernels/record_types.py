"""Types of shared records and of their arrays inside kernels.

The fields of a record are read through its pointer, which the compiler may do before it is known whether they are
needed. Its arrays are as Numba's own, but for two promises that make code shorter. Indices are never negative, so none
is wrapped round (with NUMBA_BOUNDSCHECK=1 all are checked). And arrays of one kind of number never overlap with those
of another, which the compiler is told.
"""

from __future__ import annotations

import operator
from functools import cache
from typing import Any

from llvmlite import ir
from numba import extending as untyped_extending
from numba.core import cgutils as untyped_cgutils
from numba.core import types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.np import arrayobj as untyped_arrayobj
from numba.np.numpy_support import as_dtype, from_dtype

from sim.kernels.pointers import KINDS
from sim.kernels.shapes import known_lengths

extending: Any = untyped_extending
cgutils: Any = untyped_cgutils
arrayobj: Any = untyped_arrayobj
_WORD, _INT = 8, ir.IntType(64)
_NUMBERS = {float: types.float64, int: types.int64}


class Column(types.Array):
    """A contiguous array of a shared record, or a row of it."""

    def __init__(self, dtype: Any, ndim: int) -> None:
        super().__init__(dtype, ndim, "C", name=f"column({dtype}, {ndim}d)")

    def copy(self, dtype: Any = None, ndim: Any = None, layout: Any = None, readonly: Any = None) -> types.Array:
        """The type of a part: a row is a column again."""
        if layout in (None, "C") and not readonly:
            return Column(dtype or self.dtype, self.ndim if ndim is None else ndim)
        return super().copy(dtype, ndim, layout, readonly)


extending.register_model(Column)(models.ArrayModel)


def _find(context: Any, builder: Any, kind: Column, value: Any, index_kind: Any, index: Any) -> Any:
    """Where the items at an index begin, and the shape and the strides of what lies there."""
    whole = isinstance(index_kind, types.BaseTuple)
    kinds = index_kind.types if whole else (index_kind,)
    indices = cgutils.unpack_tuple(builder, index, len(kinds)) if whole else (index,)
    unsigned = [types.uintp if isinstance(each, types.Integer) else each for each in kinds]
    array = context.make_array(kind)(context, builder, value)
    place = arrayobj.basic_indexing(
        context, builder, kind, array, unsigned, indices, boundscheck=context.enable_boundscheck
    )
    return array, place


@extending.lower_builtin(operator.getitem, Column, types.Integer)  # type: ignore[untyped-decorator]
@extending.lower_builtin(operator.getitem, Column, types.BaseTuple)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    kind, index_kind = signature.args
    array, (place, shape, strides) = _find(context, builder, kind, args[0], index_kind, args[1])
    found = signature.return_type
    if isinstance(found, types.Array):
        return arrayobj.make_view(context, builder, kind, array, found, place, shape, strides)._getvalue()
    data = builder.load(place)
    _mark(builder, data, kind)
    return context.data_model_manager[kind.dtype].from_data(builder, data)


@extending.lower_builtin(operator.setitem, Column, types.Integer, types.Number)  # type: ignore[untyped-decorator]
@extending.lower_builtin(operator.setitem, Column, types.Integer, types.Boolean)  # type: ignore[untyped-decorator]
@extending.lower_builtin(operator.setitem, Column, types.BaseTuple, types.Number)  # type: ignore[untyped-decorator]
@extending.lower_builtin(operator.setitem, Column, types.BaseTuple, types.Boolean)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, signature: Any, args: Any) -> None:
    kind, index_kind, value_kind = signature.args
    _, (place, shape, _) = _find(context, builder, kind, args[0], index_kind, args[1])
    if shape:
        arrayobj.setitem_array(context, builder, signature, args)
        return
    value = context.cast(builder, args[2], value_kind, kind.dtype)
    data = context.data_model_manager[kind.dtype].as_data(builder, value)
    _mark(builder, builder.store(data, place), kind)


def _mark(builder: Any, instruction: Any, kind: Column) -> None:
    """Say what kind of number is read or written, so that it is known not to be another."""
    module, zero = builder.module, ir.Constant(ir.IntType(64), 0)
    node = module.add_metadata([str(kind.dtype), module.add_metadata(["columns"]), zero])
    instruction.set_metadata("tbaa", module.add_metadata([node, node, zero]))


class Pointer(types.Type):
    """The type of a shared record: of each field, its type, the word at which it begins, and lengths that are known."""

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]], lengths: dict[str, tuple[int, ...]]) -> None:
        self.fields, self.lengths = fields, lengths
        words = (1 + kind.ndim if isinstance(kind, Column) else 1 for kind, _ in fields.values())
        self.size = _WORD * sum(words)
        super().__init__(name=f"Shared({name})")


@cache
def pointer_to(record: Any) -> Pointer:
    """The type of a record, one of which has been shared."""
    fields: dict[str, tuple[Any, int]] = {}
    start = 0
    for name, kind in zip(record._fields, KINDS[record], strict=True):
        if isinstance(kind, tuple):
            dtype, dimensions = kind
            fields[name] = Column(from_dtype(dtype), dimensions), start
            start += 1 + dimensions
        else:
            fields[name] = _NUMBERS.get(kind) or pointer_to(kind), start
            start += 1
    return Pointer(record.__name__, fields, known_lengths(record))


@extending.register_model(Pointer)
class _PointerModel(extending.models.OpaqueModel):
    def from_argument(self, builder: Any, value: Any) -> Any:
        """A record that a kernel is handed is there in all its length."""
        value.attributes.dereferenceable, value.attributes.align = self.fe_type.size, _WORD
        return super().from_argument(builder, value)


@extending.infer_getattr
class _Fields(AttributeTemplate):
    key = Pointer

    def generic_resolve(self, kind: Any, name: str) -> Any:
        return kind.fields[name][0] if name in kind.fields else None


@extending.lower_getattr_generic(Pointer)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, kind: Pointer, value: Any, name: str) -> Any:
    field, start = kind.fields[name]
    if not isinstance(field, Column):
        found = _word(builder, value, start, context.get_value_type(field))
        if isinstance(field, Pointer):
            for promise, amount in (("dereferenceable", field.size), ("align", _WORD)):
                found.set_metadata(promise, builder.module.add_metadata([ir.Constant(_INT, amount)]))
        return found
    known = kind.lengths.get(name, ())
    shape = [_word(builder, value, start + 1 + n, _INT) for n in range(field.ndim - len(known))]
    shape += [ir.Constant(_INT, length) for length in known]
    array = context.make_array(field)(context, builder)
    data = _word(builder, value, start, array.data.type)
    item = as_dtype(field.dtype).itemsize
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
