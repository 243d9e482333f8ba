"""The page in a real browser: keyboard, address, copied text, words for what is undefined, phone width."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

import sim
from sim.explorer.server import ExplorerServer
from sim.explorer.session import Session
from tests.browser import DESK, PHONE, chromium

WAIT = 60_000  # ms; only a page that does not answer at all takes so long
REPLICATIONS = 4


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server() -> Iterator[ExplorerServer]:
    with ExplorerServer(Session(sim.load("configs/minimal.yaml"), replications=REPLICATIONS)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def opened(browser: Any, server: ExplorerServer) -> Iterator[Any]:
    """Opens the page with a link; what it complains of, and what it asks of others, fails the test at the end."""
    contexts, complaints = [], []

    def open_page(link: str = "", size: dict[str, int] = DESK) -> Any:
        contexts.append(browser.new_context(viewport=size))
        contexts[-1].grant_permissions(["clipboard-read", "clipboard-write"])
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: complaints.append(asked.url) if foreign(asked.url, server) else None)
        page.goto(server.address + link)
        answered(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def foreign(url: str, server: ExplorerServer) -> bool:
    return not url.startswith((server.address, "data:"))


def answered(page: Any, link: str = "policy=") -> None:
    page.wait_for_selector(f"[data-answered*='{link}'][data-answered$=' {REPLICATIONS}']", timeout=WAIT)


def test_the_keyboard_moves_an_intervention_and_the_address_follows(opened: Any, server: ExplorerServer) -> None:
    page = opened()
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider", name="begins, Closure")
    assert slider.evaluate("slider => slider === document.activeElement")
    page.keyboard.press("ArrowRight")
    answered(page, "closure%2C1d")
    assert slider.get_attribute("aria-valuetext") == "2020-06-02 (1 day later)"
    assert page.url.endswith("#policy=baseline&measure=leakage&mode=otc&change=closure%2C1d")
    assert "OTC share" in page.locator("img").get_attribute("alt")
    finding = page.locator(".finding").inner_text()
    assert finding.startswith("Leakage ")
    assert page.locator("p[role=status]").text_content() == finding
    page.get_by_role("button", name="Copy YAML").click()
    page.get_by_text("Copied.").wait_for()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == "  explored:\n    extends: baseline\n    delay: {closure: 1 d}\n"
    )
    same = opened(page.url.removeprefix(server.address))
    assert same.locator("table").inner_text() == page.locator("table").inner_text()
    assert same.locator(".finding").inner_text() == finding


def test_what_is_undefined_is_told_in_words_and_a_wrong_link_too(opened: Any) -> None:
    page = opened("#change=closure,off&change=payments,off")
    assert "Leakage is not defined under explored" in page.locator(".finding").inner_text()
    assert "NaN" not in page.locator("body").inner_text()
    page.evaluate("location.hash = '#measure=nothing'")
    page.wait_for_selector("[data-answered=problem]", timeout=WAIT)
    assert "no measure called nothing" in page.locator(".finding").inner_text()


def test_a_phone_shows_all_of_it(opened: Any) -> None:
    page = opened("#change=closure,-30d,x2", PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.get_by_role("slider", name="strength, Closure").get_attribute("aria-valuetext").startswith("2 ")
    page.get_by_role("button", name="Draw what is uncertain").click()
    page.locator(".more p").filter(has_text="Higher than under the baseline in").wait_for(timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
