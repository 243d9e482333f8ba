"""The arrays of shared records inside kernels: as Numba's own, but for two promises that make code shorter.

Indices are never negative, so none is wrapped round (with NUMBA_BOUNDSCHECK=1 all are checked). And arrays of one kind
of number never overlap with those of another, which the compiler is told.
"""

import operator
from typing import Any

from llvmlite import ir
from numba import extending as untyped_extending
from numba.core import cgutils as untyped_cgutils
from numba.core import types
from numba.core.datamodel import models
from numba.np import arrayobj as untyped_arrayobj

extending: Any = untyped_extending
cgutils: Any = untyped_cgutils
arrayobj: Any = untyped_arrayobj


class Column(types.Array):
    """A contiguous array of a shared record, or a row of it."""

    def __init__(self, dtype: Any, ndim: int) -> None:
        super().__init__(dtype, ndim, "C", name=f"column({dtype}, {ndim}d)")

    def copy(  # type: ignore[override]
        self, dtype: Any = None, ndim: Any = None, layout: Any = None, readonly: Any = None
    ) -> types.Array:
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
