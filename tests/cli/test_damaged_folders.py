"""Folders of results that were damaged or changed by others: one sentence and exit code 2, and nothing outside touched.

A short form of `tests/benchmarks/damage.py`, which makes 500.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.damage import fault, make

FOLDERS = 40


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    make(folder)
    return folder


@pytest.mark.parametrize("first", range(0, FOLDERS, 10))
def test_damaged_folders_end_in_a_sentence(good: Path, first: int) -> None:
    found = [fault(good, number) for number in range(first, first + 10)]
    assert [wrong for _, wrong in found if wrong] == []
    assert any(said != "exit code 0" for said, _ in found)
