"""The explorer in JupyterLab, driven in Chromium: `python -m tests.explorer.notebook [FOLDER]`.

Takes half a minute or more, so it is run by hand: moves a slider with the keyboard, waits for the answer, and writes a
screenshot into FOLDER (default: the current one). Needs the extras `explorer` and `notebooks`, and playwright.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browser import chromium

WAIT = 180_000  # ms, for a kernel that starts
PORT = 8_977
SOURCE = "import sim\nexplorer = sim.explore(sim.load('minimal'), replications=20)\nexplorer"


def notebook() -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "id": "explore",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": SOURCE,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def lab(folder: Path, token: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={PORT}",
        f"--notebook-dir={folder}",
    ]
    return subprocess.Popen(
        [*command, f"--IdentityProvider.token={token}"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


def drive(out: Path, token: str) -> None:
    foreign: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        own = (f"http://127.0.0.1:{PORT}/", f"ws://127.0.0.1:{PORT}/", "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(own) else foreign.append(asked.url))
        page.goto(f"http://127.0.0.1:{PORT}/lab/tree/explore.ipynb?token={token}", timeout=WAIT)
        page.locator(".jp-CodeCell").first.click(timeout=WAIT)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(state="attached", timeout=WAIT)
        page.keyboard.press("Shift+Enter")
        page.wait_for_selector("[data-answered$=' 20']", timeout=WAIT)
        page.locator("summary").first.click()
        page.get_by_role("slider", name="begins, Closure").focus()
        for presses in range(1, 6):
            started = time.perf_counter()
            page.keyboard.press("ArrowRight")
            page.wait_for_selector(f"[data-answered*='closure%2C{presses}d ']", timeout=WAIT)
            print(f"key to chart: {time.perf_counter() - started:.2f} s")
            page.wait_for_selector("[data-answered$=' 20']", timeout=WAIT)
        page.screenshot(path=out / "explorer-notebook.png")
    print(f"requests to elsewhere: {foreign or 'none'}")


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "explore.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
        server = lab(Path(folder), token)
        try:
            time.sleep(15)
            drive(out, token)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
