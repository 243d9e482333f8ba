"""A headless Chromium for tests that need one; they are skipped, with the reason, where there is none.

Playwright is a wheel like any other and among the libraries of the tests. It drives a browser and does not bring one: no
wheel does that can be used here, and Playwright's own come from no package registry. So the browser is the system's
(Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser with a fresh profile."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def watched(browser: Any, size: dict[str, int] = DESK) -> tuple[Any, list[str]]:
    """A page for files, and all that the browser says, is asked by it, or asks of others."""
    page, said = browser.new_page(viewport=size), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.on("request", lambda sent: said.append(sent.url) if not sent.url.startswith(("file:", "data:")) else None)
    page.on("requestfailed", lambda sent: said.append(f"not there: {sent.url}"))
    return page, said
