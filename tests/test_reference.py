"""Everything that Python code may use is documented, and the reference of it is made without a warning."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
import sim.extensions

ROOT = Path(__file__).parents[1]


def test_every_public_name_is_documented() -> None:
    for module in (sim, sim.extensions):
        for name in module.__all__:
            thing = getattr(module, name)
            assert name in ("__version__", "Behaviour") or inspect.getdoc(thing), f"{module.__name__}.{name}"


@pytest.mark.slow
def test_the_reference_is_made_without_a_warning(tmp_path: Path) -> None:
    """Warnings end it, and its pages ask nothing of the network."""
    made = subprocess.run(
        [sys.executable, ROOT / ".ci" / "reference", tmp_path], capture_output=True, text=True, cwd=ROOT
    )
    assert (made.returncode, made.stderr) == (0, "")
    page = (tmp_path / "sim.html").read_text(encoding="utf-8")
    assert [name for name in sim.__all__ if f'id="{name}"' not in page and name != "__version__"] == []
    for file in tmp_path.rglob("*.html"):
        assert not re.search(r'(?:src|<link[^>]*href)="?https?://', file.read_text(encoding="utf-8")), file
