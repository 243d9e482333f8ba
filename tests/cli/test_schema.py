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
