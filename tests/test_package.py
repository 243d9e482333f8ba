"""The package as it is installed: it works without the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytest.importorskip("hatchling")


def built(target: str, folder: Path, source: Path = ROOT) -> Path:
    """The file that the build backend makes of the project."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the project as it is, built once."""
    return built("wheel", tmp_path_factory.mktemp("wheel") / "dist")


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def test_a_wheel_runs_a_scenario_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (tmp_path / "empty").mkdir()
    lines = [
        "import sim, sim.cli, sim.evidence.facts as facts, sim.study.record_check as check, sim.scenario.shipped as shipped",
        f"assert sim.__file__.startswith({str(tmp_path)!r}), sim.__file__",
        "assert facts.read_evidence(check.evidence_beside(shipped.shipped()['china_2017'])).facts",
        "raise SystemExit(sim.cli.main(['run', 'minimal']))",
    ]
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=tmp_path / "empty",
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("minimal, policy baseline, seed 0")


def test_a_wheel_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert names(built("wheel", tmp_path / "again", source)) == names(wheel)
