"""The folder that keeps a run, written whole or not at all."""

from __future__ import annotations

import math
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.atomic_write import atomic_folder
from sim.results.hashing import json_document
from sim.results.manifest import TABLES, manifest
from sim.results.table_files import write_dataset, write_table

if TYPE_CHECKING:
    from sim.results.run import Run


def save(run: Run, folder: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a run to a folder and return its path; parents are made as needed.

    The folder holds `results.nc`, `journal.csv`, `decisions.csv`, `options.csv`, `measures.json`,
    `scenario.json` and `manifest.json`. It appears under its name complete or not at all. Raises
    FileExistsError when something of that name exists, unless `overwrite` is true and it is the folder of a
    run, which is then replaced as a whole. Raises ValueError when the run holds something that files cannot
    keep.
    """
    target = Path(folder).resolve()
    with atomic_folder(target, partial(_refuse_to_replace, target, overwrite)) as temporary:
        write_run(run, temporary)
    return target


def write_run(run: Run, folder: Path) -> None:
    """Write the files of a run into a folder that is there. Raises ValueError for what files cannot keep."""
    configuration = run.scenario.model_dump(mode="json")
    # JSON has neither NaN nor infinities; as text `float` reads them.
    measures = {name: float(x) if math.isfinite(x) else str(float(x)) for name, x in run.measures.items()}
    write_dataset(run.data, folder / "results.nc")
    for name in TABLES:
        write_table(getattr(run, name), folder / f"{name}.csv")
    _write_json(folder / "scenario.json", configuration)
    _write_json(folder / "measures.json", measures)
    files = {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    _write_json(folder / "manifest.json", manifest(run, configuration, measures, files))


def _refuse_to_replace(target: Path, overwrite: bool) -> None:
    if not target.exists():
        return
    if not overwrite:
        raise FileExistsError(f"{target} exists; choose another name or pass overwrite=True to replace it")
    if not all((target / name).is_file() for name in ("manifest.json", "results.nc")):
        raise FileExistsError(f"{target} exists and is not the folder of a run, so it is not replaced")


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json_document(value), encoding="utf-8", newline="\n")
