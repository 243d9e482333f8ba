"""How Hypothesis searches, the same examples every time unless asked to explore; and what tests everywhere need.

    python -m pytest tests/engine --hypothesis-profile=explore

No deadlines, because the first call of a kernel loads or compiles it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache, wraps
from importlib.metadata import entry_points
from pathlib import Path

# Before NumPy is imported: tests run on all cores already, and threads of linear algebra would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
import typer.main
from hypothesis import HealthCheck, settings

import sim
import sim.installed_parts
import sim.scenario.scenario
from sim.atomic_write import locked
from sim.engine.compiled.entrances import prepare
from sim.scenario.fields import source_of, tree_of, with_origin
from sim.scenario.shipped import FOLDER, located
from sim.study import do_nothing
from sim.world.build import world_of
from tests.kit import shipped

TESTS = Path(__file__).parent

# By default a tenth of the processor's time goes to looking for garbage among modules and tests, where there is none.
gc.set_threshold(1_000_000, 20, 100)

_CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("same", deadline=None, derandomize=True, max_examples=20, suppress_health_check=_CALM)
settings.register_profile("explore", deadline=None, max_examples=1000, suppress_health_check=_CALM, print_blob=True)
settings.load_profile("same")


_turn = ExitStack()


def pytest_collection() -> None:
    """Where tests were never read before, workers read them one after the other: the first makes bytecode for all."""
    if not any(TESTS.glob("__pycache__/test_*.pyc")):
        _turn.enter_context(locked(TESTS, wait=True))


def pytest_collection_modifyitems() -> None:
    """All is read, and the next may: while this one waits until the model is compiled, it waits for nothing."""
    _turn.close()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Prepare for what comes."""
    if len(session.items) > 1000:  # compiled once and for all, before a test that measures time or memory
        prepare(world_of(shipped("minimal"), "baseline")[0])
    gc.collect()
    gc.freeze()  # what is there before the first test stays: the garbage collector need not look at it again


@pytest.fixture(scope="session")
def minimal() -> sim.Scenario:
    """The smallest shipped scenario."""
    return sim.load(Path(__file__).parents[1] / "configs" / "minimal.yaml")


class Everything(set[str]):
    """A set that has whatever is looked for."""

    def __contains__(self, item: object) -> bool:
        return True


do_nothing._checked = Everything()
"""No world is looked at without policies before its first run, which costs a run, but in tests of just that."""


def reading_once(load: Callable[..., sim.Scenario]) -> Callable[..., sim.Scenario]:
    """`load` that reads each file of the package once: they stay as they are while tests run.

    Each call gives a scenario of its own, which has not yet told what is doubtful in it.
    """
    read = cache(load)

    @wraps(load)
    def loaded(path: str | os.PathLike[str], overrides: Mapping[str, object] | None = None) -> sim.Scenario:
        if overrides or FOLDER not in Path(located(path)).parents:
            return load(path, overrides)
        found = read(located(path))
        return with_origin(found, tree_of(found), source_of(found))

    return loaded


sim.scenario.scenario.load = reading_once(sim.scenario.scenario.load)

typer.main.get_command = cache(typer.main.get_command)
sim.installed_parts.entry_points = cache(entry_points)  # type: ignore[attr-defined]
"""The command is put together, and its installed parts are looked for, once in a process, as in that of a user."""

os.fsync = lambda _: None
"""What tests write need not outlive the machine, and a core would wait for the disk some thousand times."""
