"""`regpressure schema`: printed or written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_schema_is_printed_and_written_the_same(command: Any, tmp_path: Path) -> None:
    printed = command("schema").out
    command("schema", "--out", tmp_path / "schema.json")

    assert "properties" in json.loads(printed)
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == printed
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


def test_a_file_that_is_there_is_replaced_only_by_force(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    file.write_text("mine")
    ended = command("schema", "--out", file)
    assert (ended.code, ended.err) == (
        2, f"error: {file} exists already; choose another --out, or --force to replace it\n",
    )  # fmt: skip
    assert file.read_text() == "mine"
    assert command("schema", "--out", file, "--force").code == 0
    assert json.loads(file.read_text())["properties"]
