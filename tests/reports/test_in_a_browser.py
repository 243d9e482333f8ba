"""Reports in a real browser, where one is installed: nothing fails or is fetched, links lead, values are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import PHONE, chromium, watched


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """As long as `files`, so that where there is none, nothing is written."""
    with chromium() as browser:
        yield browser


@pytest.fixture(params=["study", "run"])
def seen(request: pytest.FixtureRequest, browser: Any, files: dict[str, Path]) -> Iterator[tuple[Any, list[str]]]:
    """A page on a desktop, and all that the browser said, asked for, or was asked by it."""
    page, said = watched(browser)
    page.goto(files[request.param].as_uri())
    yield page, said
    page.close()


def test_a_report_works(seen: tuple[Any, list[str]]) -> None:
    page, said = seen
    for link in page.locator("nav a").all():
        link.click()
        assert page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top < innerHeight")

    # At the line that marks the closure, the date is that of the closure.
    figure = page.locator("figure", has=page.locator("[data-hover]")).first
    line = figure.locator("[id*='LineCollection'] path").first
    figure.scroll_into_view_if_needed()
    box, whole = line.bounding_box(), figure.locator(".drawing").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, whole["y"] + whole["height"] / 2)
    tip = figure.locator(".tip")
    assert tip.is_visible()
    first = tip.text_content().replace("\u00a0", " ")
    assert first.split("\n")[0].endswith("Jun 2020")
    assert 6 <= int(first.split(" ")[0]) <= 10

    # With the keyboard, each step is another date, and it is said.
    figure.locator(".wide").first.focus()
    page.keyboard.press("ArrowRight")
    assert figure.locator("[role=status]").text_content() == tip.text_content() != first

    # On a phone nothing is wider than the page, and what is folded is on paper.
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("figure .finding").first.is_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details table").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert said == []
