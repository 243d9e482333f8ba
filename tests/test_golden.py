"""The golden check finds a changed bit, and tells a renamed field from a changed value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pydantic import create_model

from tests import golden

VALUES = np.array([0.1, 0.2, np.nan])
NEXT = np.array([np.nextafter(0.1, 1.0), 0.2, np.nan])
"""The same but for the last bit of the first number."""


def record(name: str, values: Any) -> object:
    kind = NamedTuple("Record", [(name, Any), ("word", str)])  # type: ignore[misc]
    return kind(values, "a word")


def data(name: str, values: Any) -> object:
    return make_dataclass("Data", [name, "word"])(values, "a word")


def model(name: str, values: Any) -> object:
    fields: dict[str, Any] = {name: (list[float], ...), "word": (str, "a word")}
    return create_model("Model", **fields)(**{name: list(values)})


def table(name: str, values: Any) -> object:
    return pd.DataFrame({name: values, "event": ["open", "closed", "open"]})


def dataset(name: str, values: Any) -> object:
    return xr.Dataset({name: ("time", values)}, {"time": [0, 1, 2]}, {"word": "a word"})


def mapping(name: str, values: Any) -> object:
    return {name: [values, {"word": "a word"}]}


def text(name: str, values: Any) -> object:
    return golden.Csv(f"{name},event\n{values[0]!r},open\n")


MAKERS = (record, data, model, table, dataset, mapping, text)
Maker = Callable[[str, Any], object]


def hashes(thing: object) -> dict[str, str]:
    return dict(golden.lines("group/item", thing))


def parts(told: list[str]) -> set[str]:
    return {line.rsplit("/", 1)[1] for line in told}


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_again_has_the_same_hashes(make: Maker) -> None:
    assert hashes(make("share", VALUES)) == hashes(make("share", VALUES.copy()))


@pytest.mark.parametrize("make", MAKERS)
def test_a_changed_bit_is_found_in_values_alone(make: Maker) -> None:
    told = golden.differences(hashes(make("share", VALUES)), hashes(make("share", NEXT)))
    assert len(told) == 1
    assert told[0].startswith("differs")
    assert parts(told) == {"values"}


@pytest.mark.parametrize("make", MAKERS)
def test_a_renamed_field_is_found_in_names_alone(make: Maker) -> None:
    told = golden.differences(hashes(make("share", VALUES)), hashes(make("venue_share", VALUES)))
    assert told
    assert parts(told) == {"names"}


def test_words_in_columns_are_values_and_single_words_are_texts() -> None:
    events, renamed = table("share", VALUES), pd.DataFrame({"share": VALUES, "event": ["open", "closed", "shut"]})
    assert parts(golden.differences(hashes(events), hashes(renamed))) == {"values"}
    assert parts(golden.differences(hashes(["a word"]), hashes(["another"]))) == {"texts"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.0, -0.0),
        (1, 1.0),
        (1, True),
        ([1, [2, 3]], [[1, 2], 3]),
        (np.zeros(4), np.zeros((2, 2))),
        (np.zeros(2), np.zeros(2, np.float32)),
        (np.array(["1"], object), np.array([1], object)),
        (["ab", "c"], ["a", "bc"]),
    ],
)
def test_unlike_things_have_unlike_hashes(one: object, other: object) -> None:
    assert golden.differences(hashes(one), hashes(other))


def test_all_nan_are_one_value() -> None:
    assert hashes(np.array([np.nan])) == hashes(np.array([-np.nan]))


def test_what_has_no_stable_content_is_refused() -> None:
    for thing in (len, object(), np.array([len], object)):
        with pytest.raises(TypeError):
            hashes([thing])


def test_new_and_missing_lines_are_told() -> None:
    before, after = {"a/x/values": "1", "a/y/values": "2"}, {"a/y/values": "2", "a/z/values": "3"}
    assert golden.differences(before, after) == ["missing  a/x/values", "new      a/z/values"]


def test_manifests_are_taken_without_versions_and_times(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    found = []
    for made, seed in (("today", 1), ("yesterday", 1), ("today", 2)):
        file.write_text(f'{{"run": {{"seed": {seed}}}, "environment": {{"created": "{made}"}}}}')
        found.append(hashes(golden.content(file, tmp_path)))
    assert found[0] == found[1] != found[2]


def test_written_and_compared_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "before.txt"
    only = ["--only", "engine/minimal/compiled", "world/minimal"]
    assert golden.golden(["--write", str(file), *only]) == 0
    assert golden.golden(["--against", str(file), *only]) == 0
    assert golden.golden(["--against", str(file), "--quick", *only]) == 0
    lines = file.read_text().splitlines()
    assert lines == sorted(lines)
    item = lines[0].split("  ")[0]
    file.write_text("\n".join([f"{item}  0", *lines[1:], "world/minimal/gone/values  0", "runs/x/values  0"]) + "\n")
    capsys.readouterr()
    assert golden.golden(["--against", str(file), *only]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:-1] == [f"differs  {item}", "missing  world/minimal/gone/values"]


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(SystemExit, match="no group worlds"):
        golden.golden(["--only", "worlds"])
