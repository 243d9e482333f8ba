"""What is written is read back to the last bit, or refused."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.results.hashing import dataset_hash, table_hash
from sim.results.journal_tables import DECISIONS, JOURNAL, OPTIONS, table
from sim.results.table_files import dataset_types, read_dataset, read_table, table_types, write_dataset, write_table

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
dates = st.integers(-(10**10), 10**10).map(lambda second: np.datetime64(second, "s"))
cells = {
    "float64": st.floats(),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "datetime64[s]": dates | st.just(np.datetime64("NaT", "s")),
    "str": texts | st.sampled_from(["nan", "NA", "", " ", "None", '"', ",", "\n", "True", "1.0", "#x"]),
}


@st.composite
def tables(draw):
    columns = draw(st.dictionaries(texts.filter(str.strip), st.sampled_from(list(cells)), min_size=1, max_size=5))
    rows = draw(st.integers(0, 8))
    data = {name: draw(st.lists(cells[dtype], min_size=rows, max_size=rows)) for name, dtype in columns.items()}
    return pd.DataFrame({name: pd.Series(values, dtype=columns[name]) for name, values in data.items()})


def bits(frame, name):
    """Values that tell -0.0 from 0.0."""
    values = frame[name].to_numpy()
    return [(repr(value), type(value)) for value in values.tolist()]


def read_back(frame, tmp_path):
    path = tmp_path / "table.csv"
    write_table(frame, path)
    types = json.loads(json.dumps(table_types(frame)))
    return read_table(path, types)


@settings(max_examples=25, deadline=None)
@given(frame=tables())
def test_tables_come_back_to_the_last_bit(tmp_path_factory, frame):
    again = read_back(frame, tmp_path_factory.mktemp("table"))
    assert again.dtypes.to_dict() == frame.dtypes.to_dict()
    for name in frame:
        assert bits(again, name) == bits(frame, name)
    assert table_hash(again) == table_hash(frame)


@pytest.mark.parametrize("layout", [JOURNAL, DECISIONS, OPTIONS])
def test_empty_tables_keep_their_types(layout, tmp_path):
    empty = table(layout, {name: [] for name in layout})
    again = read_back(empty, tmp_path)
    assert table_types(again) == table_types(empty)
    assert again.empty


def test_a_table_of_another_layout_is_refused():
    with pytest.raises(ValueError, match="layout: event, subject"):
        table(JOURNAL, {name: [] for name in JOURNAL if name not in ("event", "subject")})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["a\0b"], "NUL"),
        (["a\rb"], "carriage return"),
        (["a", None], "not text"),
        ([{"a": 1}], "not text"),
        (np.array([1j]), "complex128"),
    ],
)
def test_what_a_file_cannot_keep_is_refused(values, words):
    with pytest.raises(ValueError, match=words):
        table_hash(pd.DataFrame({"column": values}))


@pytest.mark.parametrize("dtype", ["category", "Int64"])
def test_types_that_a_file_cannot_keep_are_refused(dtype):
    with pytest.raises(ValueError, match=f"column is of type {dtype}"):
        table_types(pd.DataFrame({"column": pd.Series([1, 2], dtype=dtype)}))


def test_a_file_with_other_columns_is_refused(tmp_path):
    write_table(pd.DataFrame({"a": [1.0]}), tmp_path / "a.csv")
    with pytest.raises(ValueError, match="columns are a and should be b"):
        read_table(tmp_path / "a.csv", {"b": "float64"})


dtypes = [np.float64, np.float32, np.int64, np.int16, np.int8, np.uint8, np.bool_]
numbers = st.sampled_from(dtypes).flatmap(lambda dtype: arrays(dtype, (3, 2)))
attributes = st.dictionaries(
    st.sampled_from(["title", "größe", "x"]),
    texts | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.just(np.arange(3, dtype=np.int8)),
    max_size=3,
)


@settings(max_examples=25, deadline=None)
@given(first=numbers, second=numbers, names=st.lists(texts, min_size=2, max_size=2), attrs=attributes)
def test_datasets_come_back_to_the_last_bit(tmp_path_factory, first, second, names, attrs):
    time = np.array(["2017-01-01", "2017-01-02T03:04:05", "2200-01-01"], "datetime64[s]")
    data = xr.Dataset(
        {"first": (("time", "name"), first, attrs), "second": (("time", "name"), second)},
        {
            "time": time,
            "name": np.array(names, dtype=str),
            "day": ("time", np.array([0.0, np.nan, -0.0]), {"units": "days"}),
        },
        attrs,
    )
    path = tmp_path_factory.mktemp("data") / "data.nc"
    write_dataset(data, path)
    again = read_dataset(path, json.loads(json.dumps(dataset_types(data))))
    assert dataset_types(again) == dataset_types(data)
    assert set(again.coords) == set(data.coords)
    for name, variable in data.variables.items():
        if variable.dtype.kind == "f":
            assert np.array_equal(np.signbit(variable.values), np.signbit(again[name].values))
        assert variable.equals(again.variables[name])
    assert list(again.data_vars) == list(data.data_vars)
    assert repr(again.attrs) == repr(data.attrs)
    assert repr(again["first"].attrs) == repr(data["first"].attrs)
    assert dataset_hash(again) == dataset_hash(data)


def test_datasets_without_interventions_come_back(tmp_path):
    nothing = np.array([], dtype="<U1")
    data = xr.Dataset(
        {"strength": (("time", "intervention"), np.zeros((2, 0))), "count": ("intervention", np.zeros(0, np.int8))},
        {"time": np.array(["2017-01-01", "2017-01-02"], "datetime64[ns]"), "intervention": nothing},
    )
    write_dataset(data, tmp_path / "data.nc")
    again = read_dataset(tmp_path / "data.nc", dataset_types(data))
    assert again.identical(data)
    assert dataset_types(again) == dataset_types(data)


@pytest.mark.parametrize("value", [True, [1, 2], np.array([1]), None, {"a": 1}])
def test_attributes_that_a_file_would_change_are_refused(value):
    with pytest.raises(ValueError, match="a run folder keeps text, numbers and arrays"):
        dataset_hash(xr.Dataset(attrs={"x": value}))


@pytest.mark.parametrize(
    "changed",
    [
        {"a": [1.0, 2.5]},
        {"a": [1.0, -0.0]},
        {"b": [1.0, 0.0]},
        {"a": [1, 0]},
        {"a": np.array([1.0, 0.0], dtype=np.float32)},
        {"a": [1.0, 0.0, 0.0]},
        {"a": [1.0, np.nan]},
        {"a": ["1.0", "0.0"]},
        {"a": [1.0, 0.0], "b": [""] * 2},
    ],
)
def test_hash_sees_every_change(changed):
    assert table_hash(pd.DataFrame(changed)) != table_hash(pd.DataFrame({"a": [1.0, 0.0]}))


def test_hash_does_not_run_texts_together():
    assert table_hash(pd.DataFrame({"a": ["ab", ""]})) != table_hash(pd.DataFrame({"a": ["a", "b"]}))
    assert table_hash(pd.DataFrame({"a": ["", ""]})) != table_hash(pd.DataFrame({"a": [""]}))


def test_hash_takes_all_nan_and_byte_orders_as_one():
    odd = np.array([np.uint64(0x7FF8000000000001)]).view(np.float64)
    plain = xr.Dataset({"x": ("i", np.array([np.nan, 1.0]))})
    other = xr.Dataset({"x": ("i", np.append(odd, 1.0).astype(">f8"))})
    assert dataset_hash(plain) == dataset_hash(other)


def test_hash_sees_dimensions_and_attributes():
    base = xr.Dataset({"x": (("i", "j"), np.zeros((2, 2)))})
    variants = [base.rename_dims(i="k"), base.assign_attrs(a=1), base.assign_attrs(a=1.0), base.assign_attrs(a="1")]
    variants.append(base.assign(x=base["x"].assign_attrs(units="days")))
    assert len({dataset_hash(item) for item in [base, *variants]}) == 6
