"""Notebooks are stored with the outputs of the code that is in them; `.ci/run` executes them and compares the text."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("nbclient")
FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(scope="module")
def stored() -> ModuleType:
    """The file `notebooks/stored_outputs.py`, which is no part of a package."""
    spec = spec_from_file_location("stored_outputs", FOLDER / "stored_outputs.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_those_of_the_code(path: Path, stored: ModuleType) -> None:
    """If not: `python notebooks/stored_outputs.py NAME` executes the notebook and stores what comes out."""
    notebook = stored.nbformat.read(path, as_version=4)
    assert notebook.metadata.get("executed") == stored.source_hash(notebook)
    text = path.read_text(encoding="utf-8")
    assert len(text) < stored.LARGEST
    assert str(Path.home()) not in text
    assert '"output_type": "error"' not in text
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_a_difference_in_text_is_seen_and_one_in_figures_is_not(stored: ModuleType) -> None:
    def notebook(text: str, figure: str, tags: tuple[str, ...] = ()) -> object:
        outputs = [
            {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1},
            {"output_type": "display_data", "data": {"image/png": figure, "text/plain": "<Figure>"}, "metadata": {}},
        ]
        cell = {"cell_type": "code", "source": "1", "outputs": outputs, "execution_count": 1, "id": "a"}
        whole = {
            "cells": [cell | {"metadata": {"tags": list(tags)}}],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return stored.nbformat.reads(json.dumps(whole), as_version=4)

    assert list(stored.differences(notebook("1", "a"), notebook("1", "b"))) == []
    (found,) = stored.differences(notebook("1", "a"), notebook("2", "a"))
    assert found == "cell 0:\n--- stored\n1\n[figure]\n--- now\n2\n[figure]"
    assert list(stored.differences(notebook("1", "a", ("varies",)), notebook("2", "a"))) == []


def test_a_name_that_no_notebook_has_is_refused(stored: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        stored.main(["--check", "01_first_walk"])
    assert "no notebook '01_first_walk': there are 01_first_run, " in capsys.readouterr().err
