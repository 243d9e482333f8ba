"""When compiled code is made, kept and used: single runs never wait for it, studies make it once for all."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engine import compiled
from sim.kernels import cache, library, translate
from sim.kernels.cache import cache_folder, source_hash
from sim.kernels.compile import Entrance, kernel, kernels
from sim.kernels.library import load, object_file
from sim.kernels.pointers import Shared
from tests.kit import BASE, built

ROOT = Path(__file__).parents[2]
ALONE = """
import sys, sim
run = sim.run(sim.load("configs/minimal.yaml"), seed=2, until="2020-07-01")
run.explain(run.decisions["exchange"].iloc[0])
print(run.journal.to_csv(), "numba" in sys.modules, run.engine)
"""


def python(code: str, **environment: str) -> str:
    """What a Python of its own prints."""
    own = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_single_runs_compile_nothing_and_use_what_is_compiled(tmp_path: Path) -> None:
    """The same history either way, and neither needs Numba."""
    world, _, days, _ = built(BASE)
    compiled.simulate(world, 1, 0, days, 10.0)
    assert object_file().is_file()
    fresh, warm = python(ALONE, XDG_CACHE_HOME=str(tmp_path)), python(ALONE)
    assert fresh.removesuffix("reference\n") == warm.removesuffix("compiled\n")
    assert (fresh[-16:], warm[-15:]) == ("False reference\n", "False compiled\n")
    assert list(tmp_path.iterdir()) == []


class Numbers(NamedTuple):
    values: NDArray[np.float64]


@kernel
def total(numbers: Numbers) -> float:
    """The sum of all."""
    found = 0.0
    for value in numbers.values:
        found += value
    return found


RECORD = Numbers(np.arange(4.0))


def ready(file: Path) -> float:
    """The total by an entrance that had its code from this file."""
    entrance = Entrance(total)
    load({entrance: (Shared(RECORD),)}, file)
    return entrance(Shared(RECORD))


def test_code_is_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "not there yet" / "code.o"
    assert ready(file) == 6.0
    monkeypatch.setattr(library, "_made", lambda _: pytest.fail("compiled again"))
    assert ready(file) == 6.0
    assert [path.name for path in file.parent.iterdir()] == ["code.o"]


@pytest.mark.parametrize(
    "damage", [lambda code: code[:-100], lambda code: b"", lambda code: code[:50] + b"x" + code[51:]]
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage) -> None:
    file = tmp_path / "code.o"
    ready(file)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert ready(file) == 6.0
    assert len(file.read_bytes()) == len(whole)


def test_where_nothing_can_be_kept_it_is_told_and_works(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    assert ready(tmp_path / "file" / "code.o") == 6.0
    assert "cannot be kept" in caplog.text


def test_processes_wait_for_one_that_compiles(tmp_path: Path) -> None:
    """Eight at once, from an empty folder: one makes the code, the others find it."""
    made: list[int] = []
    started = Barrier(8)

    def one(number: int) -> bytes:
        started.wait()
        with cache.one_process(tmp_path / "code"):
            if (code := cache.read(tmp_path / "code" / "a.o")) is None:
                made.append(number)
                cache.keep(code := b"code", tmp_path / "code" / "a.o")
        return code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(8))) == {b"code"}
    assert len(made) == 1


@pytest.mark.skipif(os.name != "posix", reason="owners and modes of folders")
def test_without_a_cache_code_is_kept_in_a_folder_of_the_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(cache.tempfile, "tempdir", str(tmp_path))
    cache._temporary.cache_clear()
    try:
        folder = cache_folder()
        with cache.one_process(folder):
            cache.keep(b"code", folder / "a.o")
        assert cache.read(folder / "a.o") == b"code"
        assert "XDG_CACHE_HOME" in caplog.text
        assert folder.parent.stat().st_mode & 0o077 == 0
        cache._temporary.cache_clear()
        assert cache_folder() == folder
        folder.parent.chmod(0o777)  # now anybody may have put code there
        cache._temporary.cache_clear()
        assert cache_folder() != folder
    finally:
        cache._temporary.cache_clear()


@pytest.mark.skipif(os.name != "posix", reason="homes of POSIX")
def test_no_home_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    monkeypatch.setattr(cache.tempfile, "tempdir", str(tmp_path))
    cache._temporary.cache_clear()
    try:
        assert cache_folder().is_relative_to(tmp_path)
    finally:
        cache._temporary.cache_clear()


def test_code_belongs_to_the_source_and_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {object_file()}
    assert object_file().parent.name == source_hash() == cache_folder().name
    for what in ("get_host_cpu_name", "get_process_triple"):
        with monkeypatch.context() as other:
            other.setattr(library.binding, what, lambda: "another")
            names.add(object_file())
    monkeypatch.setattr(library, "version", lambda package: "another")
    names.add(object_file())
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    names.add(object_file())
    assert len(names) == 5


def test_that_and_how_far_it_compiles_is_told(caplog: pytest.LogCaptureFixture) -> None:
    for done in range(1, len(kernels) + 1):
        translate._tell(done)
    first, *rest = [line.getMessage() for line in caplog.records]
    assert first == "compiling the model, which takes about a minute and is done once"
    assert 2 <= len(rest) <= 5
    assert all(line.startswith("compiling the model: ") for line in rest)


def test_what_follows_a_study_compiles_nothing() -> None:
    """Processes of their own, once one has compiled: two workers and what hands out their work say nothing."""
    world, _, days, _ = built(BASE)
    compiled.simulate(world, 1, 0, days, 10.0)
    study = "import sim; s = sim.load('configs/minimal.yaml'); sim.run(s); sim.compare(s, replications=2, executor=2)"
    assert python(study) == ""
