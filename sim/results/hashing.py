"""Hashes of what is in tables and datasets, whatever files they are kept in.

A hash covers names, order, types, shapes and values, and depends neither on byte order nor on the library
that wrote the file. All NaN are one value; -0.0 and 0.0 are two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import Dataset

Array = NDArray[Any]


def json_text(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def json_document(value: object) -> str:
    """JSON as it stands in a file: indented, keys in their order."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def json_hash(value: object) -> str:
    """SHA-256 of a JSON value in canonical form."""
    return sha256(json_text(value).encode()).hexdigest()


def table_hash(table: DataFrame) -> str:
    """SHA-256 of a table: columns in order, without the index.

    Raises ValueError for what a file cannot keep.
    """
    return _hash((name, (), table[name].to_numpy(), {}) for name in table.columns)


def dataset_hash(data: Dataset) -> str:
    """SHA-256 of a dataset: variables and coordinates with dimensions, values and attributes.

    Raises ValueError for what a file cannot keep.
    """
    parts = [(str(name), tuple(map(str, v.dims)), v.values, v.attrs) for name, v in sorted(data.variables.items())]
    return _hash([("", (), np.empty(0), data.attrs), *parts])


class RowsHash:
    """SHA-256 of arrays of numbers that stand one below the other, wherever they are cut."""

    def __init__(self) -> None:
        self._digest, self._begun = sha256(), False

    def add(self, rows: Array) -> None:
        """Go on with an array of the same type and the same shape but for its first dimension."""
        kind, data = _content("rows", rows)
        if not self._begun:
            self._digest.update(json_text([kind, rows.shape[1:]]).encode())
            self._begun = True
        self._digest.update(data)

    def value(self) -> str:
        """The hash of what was added."""
        return self._digest.hexdigest()


def rows_hash(rows: Array) -> str:
    """The hash of one array of rows, see `RowsHash`."""
    whole = RowsHash()
    whole.add(rows)
    return whole.value()


def is_text(values: Array) -> bool:
    """Whether an array holds text (or Python objects, which then have to be text)."""
    return values.dtype.kind in "OUT"


def _hash(parts: Iterable[tuple[str, tuple[str, ...], Array, Mapping[Any, Any]]]) -> str:
    digest = sha256()
    for name, dims, values, attrs in parts:
        kind, data = _content(name, values)
        head = [name, dims, values.shape, kind, len(data), {str(key): _plain(attrs[key]) for key in attrs}]
        digest.update(json_text(head).encode())
        digest.update(data)
    return digest.hexdigest()


def _content(name: str, values: Array) -> tuple[str, bytes | memoryview]:
    """Type and canonical bytes of an array; a long one is looked at, not copied."""
    if is_text(values):
        return "text", _joined(name, values)
    if values.dtype.kind not in "biufM":
        raise ValueError(f"{name} is of type {values.dtype}, which a run folder cannot keep")
    if values.dtype.kind == "f" and np.isnan(values).any():
        values = np.where(np.isnan(values), values.dtype.type(np.nan), values)
    plain = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False))
    return plain.dtype.str, plain.reshape(-1).view(np.uint8).data


def _joined(name: str, values: Array) -> bytes:
    """Text joined by NUL."""
    try:
        text = "\0".join(values.ravel())
    except TypeError as error:
        raise ValueError(f"{name} holds a value that is not text: {error}") from None
    if text.count("\0") != max(values.size - 1, 0) or "\r" in text:
        raise ValueError(f"{name} holds text with a NUL or a carriage return, which a run folder cannot keep")
    return text.encode()


def _plain(value: Any) -> Any:
    """An attribute as JSON, with its type where JSON would lose it."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.ndim == 1 and value.size > 1:
        return [value.dtype.newbyteorder("<").str, *map(repr, value.tolist())]
    value = value.item() if isinstance(value, np.generic) else value
    if type(value) in (int, float):
        return [type(value).__name__, repr(value)]
    if isinstance(value, str):
        return value
    raise ValueError(f"attribute {value!r}: a run folder keeps text, numbers and arrays of two or more numbers")
