"""Volumes that follow a column of a CSV file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import sim
from sim.scenario.scenario import loads
from sim.scenario.volumes import level_on, volume_on

TABLE = "week,index\n2020-01-01,1.0\n2020-02-01,0.25\n2020-03-01,0\n"


def written(
    folder: Path, table: str | bytes = TABLE, volume: str = "{csv: {file: i.csv, column: index, date: week}}"
) -> Path:
    """A scenario beside its table."""
    folder.joinpath("i.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    file = folder / "scenario.yaml"
    file.write_text(f"extends: minimal\nsegments:\n  - id: traders\n    volume: {volume}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("interpolation", ["step", "linear"])
def test_rows_become_points_times_a_factor(tmp_path: Path, interpolation: str) -> None:
    """As if they stood in the scenario, from whichever folder it is read; a BOM and more columns do not matter."""
    path = f"{{csv: {{file: i.csv, column: index, date: week, times: 400}}, interpolation: {interpolation}}}"
    read = sim.load(written(tmp_path, b"\xef\xbb\xbf" + TABLE.encode(), path))
    points = "{2020-01-01: 400, 2020-02-01: 100, 2020-03-01: 0}"
    stated = sim.load(written(tmp_path, volume=f"{{points: {points}, interpolation: {interpolation}}}"))
    assert read == stated
    segment = next(each for each in read.segments if each.id == "traders")
    expected = {"step": 400.0, "linear": 400.0 - 300.0 * 10 / 31}[interpolation]
    assert volume_on(segment, read.start, 10.0) == pytest.approx(expected)


def test_the_scenario_holds_the_points_itself(tmp_path: Path) -> None:
    file = written(tmp_path)
    read = sim.load(file)
    (tmp_path / "i.csv").unlink()
    assert loads(read.model_dump_json(exclude_unset=True)) == read


@pytest.mark.parametrize(("table", "volume", "message"), [
    ("week,index\n2020-01-01,much\n", None, "i.csv:2:1: index: much is not a number, 0 or more"),
    ("week,index\n2020-01-01,1\n2020-02-01,-1\n", None, "i.csv:3:1: index: -1 is not a number, 0 or more"),
    ("week,index\n2020-01-01,\n", None, 'i.csv:2:1: index: "" is not a number, 0 or more'),
    ("week,index\nsoon,1\n", None, "i.csv:2:1: "),
    ("week,index\n2020-01-01,1\n2020-01-01,1\n", None, "i.csv:3:1: segments.traders.volume.csv: 2020-01-01 is there twice"),
    ("week,indx\n2020-01-01,1\n", None, "has no column index (did you mean indx?)"),
    ("week,index\n", None, "needs `points`, or `csv`"),
    (b"week,index\n\xff\xfe,1\n", None, "i.csv: not a CSV file in UTF-8"),
    (TABLE, "{csv: {file: j.csv, column: index}}", "j.csv: No such file or directory"),
    (TABLE, "{csv: {file: i.csv, colum: index}}", "segments.traders.volume.csv.colum: unknown key"),
    (TABLE, "{csv: {file: i.csv, column: index, times: 0}}", "segments.traders.volume.csv.times: 0 "),
    (TABLE, "{csv: {file: i.csv, column: index}, points: {2020-01-01: 1}}", "stands beside `points`; leave one out"),
])  # fmt: skip
def test_mistakes_are_reported_where_they_stand(
    tmp_path: Path, table: str | bytes, volume: str | None, message: str
) -> None:
    file = written(tmp_path, table) if volume is None else written(tmp_path, table, volume)
    with pytest.raises(sim.ScenarioError) as error:
        sim.load(file)
    assert message in str(error.value)


def test_a_csv_file_is_read_where_a_file_names_it_alone() -> None:
    values = {"segments.traders.volume": {"csv": {"file": "i.csv", "column": "index"}}}
    with pytest.raises(sim.ScenarioError, match="is read where a scenario file names it"):
        sim.load("minimal", overrides=values)


def test_a_price_may_stand_in_a_file_too(tmp_path: Path) -> None:
    tmp_path.joinpath("p.csv").write_text("date,usd\n2020-01-01,7000\n2020-03-01,14000\n", encoding="utf-8")
    file = tmp_path / "scenario.yaml"
    file.write_text("extends: minimal\nprice: {csv: {file: p.csv, column: usd, times: 0.5}}\n", encoding="utf-8")
    read = sim.load(file)
    assert level_on(read.price, datetime(2020, 1, 1), 31.0) == 3500.0
    assert level_on(read.price, datetime(2020, 1, 1), 60.0) == 7000.0


def test_a_price_of_nothing_is_refused_where_it_stands(tmp_path: Path) -> None:
    tmp_path.joinpath("p.csv").write_text("date,usd\n2020-01-01,7000\n2020-03-01,0\n", encoding="utf-8")
    file = tmp_path / "scenario.yaml"
    file.write_text("extends: minimal\nprice: {csv: {file: p.csv, column: usd}}\n", encoding="utf-8")
    with pytest.raises(sim.ScenarioError, match=r"p\.csv:3:1"):
        sim.load(file)
