"""Tables and datasets in files, read back as they were: every bit of a float, every type, empty tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pandas import DataFrame

from sim.results.hashing import is_text

if TYPE_CHECKING:
    from xarray import Dataset, Variable

_ROWS = 512  # written at a time, so that the text of a long table never stands in memory whole

Types = Mapping[str, str]
"""Type of each column or variable by name; what a file cannot say about itself."""


def table_types(table: DataFrame) -> Types:
    """Types of the columns. Raises ValueError for a type that NumPy does not know."""
    types = {str(name): str(dtype) for name, dtype in table.dtypes.items()}
    for name, dtype in types.items():
        try:
            np.dtype(dtype)
        except TypeError:
            raise ValueError(f"{name} is of type {dtype}, which a run folder cannot keep") from None
    return types


def write_table(table: DataFrame, path: Path) -> None:
    """Write a table as CSV without its index: shortest exact floats, `nan` for NaN, dates as ISO 8601."""
    dates = {name: np.datetime_as_string(table[name].to_numpy()) for name in table.select_dtypes("datetime").columns}
    style: dict[str, Any] = {"na_rep": "nan", "lineterminator": "\n", "encoding": "utf-8"}
    table.assign(**dates).to_csv(path, index=False, chunksize=_ROWS, **style)


def write_workbook(sheets: Mapping[str, DataFrame], path: Path) -> None:
    """Write tables as the sheets of an Excel workbook, dates as dates, cells without a value empty.

    The same tables give the same bytes. Raises ModuleNotFoundError, with the cure, without the library for it, and
    ValueError for a table that is longer than a sheet can be.
    """
    if find_spec("xlsxwriter") is None:
        raise ModuleNotFoundError("Excel workbooks need a library more: pip install 'regpressure[excel]'")
    with pd.ExcelWriter(path, engine="xlsxwriter", datetime_format="yyyy-mm-dd hh:mm") as writer:
        writer.book.set_properties({"created": datetime(2000, 1, 1)})
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
            writer.sheets[name].autofit(300)


def read_table(path: Path, types: Types) -> DataFrame:
    """Read what `write_table` wrote. Raises ValueError when the columns are not those of `types`.

    Numbers come in as text and go through Python's own conversion, which is exact whatever parser pandas has.
    """
    table = pd.read_csv(path, dtype="object", na_filter=False, skip_blank_lines=False, encoding="utf-8")
    if list(table.columns) != list(types):
        raise ValueError(f"columns are {', '.join(table.columns)} and should be {', '.join(types)}")
    truths = {name: table[name] == "True" for name, dtype in types.items() if dtype == "bool"}
    return table.assign(**truths).astype(dict(types))


def dataset_types(data: Dataset) -> Types:
    """Types of the variables and coordinates."""
    return {str(name): variable.dtype.str for name, variable in data.variables.items()}


def write_dataset(data: Dataset, path: Path) -> None:
    """Write a dataset as compressed NetCDF-4; times as whole numbers of their own unit since 1970."""
    plain = data.drop_encoding()
    plain.to_netcdf(path, engine="netcdf4", encoding={name: _encoding(v) for name, v in plain.variables.items()})


def read_dataset(path: Path, types: Types) -> Dataset:
    """Read what `write_dataset` wrote, into memory.

    Raises ValueError when the variables are not those of `types`.
    """
    import xarray as xr

    coder = xr.coders.CFDatetimeCoder(time_unit=_time_unit(types))
    plain: dict[str, Any] = {"mask_and_scale": False, "decode_timedelta": False}
    with xr.open_dataset(path, engine="netcdf4", decode_times=coder, **plain) as file:
        data = file.load().drop_encoding()
    if set(map(str, data.variables)) != set(types):
        raise ValueError(f"variables are not {', '.join(types)}")
    restored = {name: _restored(data.variables[name], dtype) for name, dtype in types.items()}
    coordinates = {name: restored.pop(str(name)) for name in data.coords}
    return xr.Dataset(restored, coordinates, _attributes(data.attrs))


_UNITS: Mapping[str, str] = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


def _encoding(variable: Variable) -> dict[str, Any]:
    """How a variable is kept in the file: compressed, and without a value that would stand for "missing"."""
    if is_text(variable.values):
        return {}
    packed: dict[str, Any] = {"zlib": variable.size > 0, "complevel": 4, "_FillValue": None}
    if variable.dtype.kind == "M":
        unit = np.datetime_data(variable.dtype)[0]
        packed |= {"units": f"{_UNITS[unit]} since 1970-01-01", "calendar": "proleptic_gregorian", "dtype": "int64"}
    return packed


def _time_unit(types: Types) -> Literal["s", "ms", "us", "ns"]:
    """Finest unit of the times among `types`, which all of them can be read in."""
    units = [np.datetime_data(np.dtype(dtype))[0] for dtype in types.values() if np.dtype(dtype).kind == "M"]
    return next((unit for unit in ("ns", "us", "ms") if unit in units), "s")


def _restored(variable: Variable, dtype: str) -> Variable:
    values = variable.values
    return type(variable)(variable.dims, values.astype(dtype), _attributes(variable.attrs))


def _attributes(attrs: Mapping[Any, Any]) -> dict[str, Any]:
    """Attributes with numbers as Python has them."""
    return {str(key): value.item() if isinstance(value, np.generic) else value for key, value in attrs.items()}
