"""Everything that Python code may use is documented, and pages of it and of the notebooks are made without a warning."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
import sim.extensions
from tests.browser import PHONE, chromium, watched

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_every_public_name_is_documented() -> None:
    for module in (sim, sim.extensions):
        for name in module.__all__:
            thing = getattr(module, name)
            assert name in ("__version__", "Behaviour") or inspect.getdoc(thing), f"{module.__name__}.{name}"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all pages, made as the command makes them; warnings end it."""
    pytest.importorskip("nbconvert", reason="nbconvert is not installed (extra `docs`)")
    folder = tmp_path_factory.mktemp("pages")
    command = [sys.executable, ROOT / ".ci" / "pages", folder]
    made = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (made.returncode, made.stderr) == (0, "")
    return folder


@pytest.mark.slow
def test_the_reference_has_every_name(pages: Path) -> None:
    page = (pages / "reference" / "sim.html").read_text(encoding="utf-8")
    assert [name for name in sim.__all__ if f'id="{name}"' not in page and name != "__version__"] == []


@pytest.mark.slow
def test_pages_ask_nothing_of_the_network_and_their_links_lead(pages: Path) -> None:
    for file in pages.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|<link[^>]*href)="?(?:https?:)?//', text), file
        assert pages / "reference" in file.parents or "<script" not in text, file
    for file in pages.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        for to in re.findall(r'(?:href|src)="(?!https?:|data:)([^"]*)"', text):
            path, _, part = to.partition("#")
            there = pages / path if path else file
            assert there.is_file(), f"{file.name}: {to}"
            assert not part or f'id="{part}"' in there.read_text(encoding="utf-8"), f"{file.name}: {to}"


@pytest.mark.slow
def test_the_gallery_has_every_figure_with_what_it_shows(pages: Path) -> None:
    gallery = (pages / "index.html").read_text(encoding="utf-8")
    shown = re.findall(
        r'<a href="([^"#]*)#figure-\d+"><img src="([^"]*)"[^>]*>\s*<figcaption>([^<]+)</figcaption>', gallery
    )
    stored = {path.stem: path.read_text(encoding="utf-8").count('"image/png": "') for path in NOTEBOOKS}
    assert {name: sum(page == f"{name}.html" for page, *_ in shown) for name in stored} == stored
    assert sum(stored.values()) > 30


@pytest.mark.slow
def test_pages_work_in_a_browser_also_on_a_phone(pages: Path) -> None:
    with chromium() as browser:
        page, said = watched(browser, PHONE)
        for name in ("01_first_run.html", "07_hong_kong_queue.html", "reference/sim.html", "index.html"):
            page.goto((pages / name).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], name
        page.locator("figure a").first.click()
        assert page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top < innerHeight")
        assert said == []
