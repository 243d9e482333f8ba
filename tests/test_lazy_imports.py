"""What is fetched by name is there, and nothing heavy is loaded before."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sim
from sim.lazy_imports import CONVENIENCES, EXPORTS, fetch


@pytest.mark.parametrize("name", sorted(set(sim.__all__) - {"__version__"}))
def test_every_export_is_there_and_documented(name: str) -> None:
    assert len(getattr(sim, name).__doc__) > 20


def test_every_name_in_the_table_is_exported() -> None:
    assert set(EXPORTS) <= set(sim.__all__)


@pytest.mark.parametrize(("attribute", "target"), CONVENIENCES.items())
def test_every_convenience_belongs_to_an_export_and_is_there(attribute: str, target: str) -> None:
    owner, _, name = attribute.partition(".")
    assert hasattr(getattr(sim, owner), name)
    assert callable(fetch(target))


def test_what_is_not_exported_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'nothing'"):
        _ = sim.nothing


def test_consoles_complete_what_was_not_asked_for_yet() -> None:
    assert set(sim.__all__) <= set(dir(sim))


def test_the_package_itself_loads_nothing() -> None:
    """An interruption while it is imported would end in a traceback, so that must take next to no time."""
    before = "import sys; before = set(sys.modules)"
    code = f"{before}; import sim; print(set(sys.modules) - before - {{'sim', '__future__'}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
