"""`regpressure explore`: where its page is, how it ends, and a port that is taken."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest

from sim.explorer.server import ExplorerServer


def test_it_says_where_the_page_is_and_ends_with_ctrl_c(
    command: Any, minimal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: ExplorerServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ExplorerServer, "serve_forever", interrupted)
    ended = command("explore", minimal, "--no-browser", "--replications", 2)
    assert ended.code == 0
    assert re.search(r"^  http://127\.0\.0\.1:\d+/[\w-]{20,}/$", ended.out, re.MULTILINE)


def test_a_port_that_is_taken_is_told(command: Any, minimal: Any) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = command("explore", minimal, "--no-browser", "--replications", 2, "--port", port)
    assert ended.code == 2
    assert ended.err.strip().endswith(f"error: --port {port}: address already in use")
