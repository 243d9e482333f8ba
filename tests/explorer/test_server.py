"""The page of the explorer as a stranger meets it: only this machine, only with the token, only its own files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import Thread
from typing import Any

import pytest

import sim
from sim.explorer.server import ExplorerServer
from sim.explorer.session import Session

QUESTION = {"policy": "baseline", "measure": "leakage", "mode": "otc", "changes": {}, "replications": 2}
JSON = {"Content_Type": "application/json"}


@pytest.fixture(scope="module")
def server() -> Iterator[ExplorerServer]:
    with ExplorerServer(Session(sim.load("configs/minimal.yaml"), replications=2)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(
    server: ExplorerServer, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    found = response.status, dict(response.getheaders()), response.read()
    connection.close()
    return found


def own(server: ExplorerServer, name: str = "") -> str:
    return f"/{server.token}/{name}"


@pytest.mark.parametrize("name", ["", "explorer.js", "explorer.css", "subject"])
def test_the_page_has_its_files(server: ExplorerServer, name: str) -> None:
    status, headers, body = ask(server, "GET", own(server, name))
    assert status == 200
    assert len(body) > 100
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_nothing_of_the_page_names_another_address(server: ExplorerServer) -> None:
    for name in ("", "explorer.js", "explorer.css"):
        assert b"://" not in ask(server, "GET", own(server, name))[2]


def test_it_answers(server: ExplorerServer) -> None:
    status, _, body = ask(server, "POST", own(server, "answer"), json.dumps(QUESTION), **JSON)
    assert status == 200
    assert json.loads(body)["replications"] == 2


def test_it_listens_on_this_machine_alone(server: ExplorerServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


REFUSED: dict[str, tuple[str, str, dict[str, str]]] = {
    "another host": ("GET", "{own}", {"Host": "evil.example"}),
    "this host with another port": ("GET", "{own}", {"Host": "localhost:1"}),
    "no token": ("GET", "/", {}),
    "a wrong token": ("GET", "/AAAAAAAAAAAAAAAAAAAAAA/", {}),
    "a token that is not ASCII": ("GET", "/%C3%A9/subject", {}),
    "a question without token": ("POST", "/answer", JSON),
    "a question from another site": ("POST", "{own}answer", JSON | {"Origin": "http://evil.example"}),
    "a question from a file": ("POST", "{own}answer", JSON | {"Origin": "null"}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_strangers_are_refused(server: ExplorerServer, what: str) -> None:
    method, path, headers = REFUSED[what]
    status, _, body = ask(server, method, path.format(own=own(server)), "{}", **headers)
    assert status == 403
    assert b"replications" not in body


def test_a_form_of_another_site_cannot_ask(server: ExplorerServer) -> None:
    """Which sends no JSON, and so needs no leave of the browser."""
    assert ask(server, "POST", own(server, "answer"), json.dumps(QUESTION), Content_Type="text/plain")[0] == 404


@pytest.mark.parametrize("name", ["../session.py", "session.py", "%2e%2e/server.py", "answer"])
def test_there_are_no_other_files(server: ExplorerServer, name: str) -> None:
    assert ask(server, "GET", own(server, name))[0] == 404


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("x" * 100_001, 413)])
def test_what_is_no_question_is_refused(server: ExplorerServer, body: str, status: int) -> None:
    assert ask(server, "POST", own(server, "answer"), body, **JSON)[0] == status


def test_a_question_that_is_wrong_gets_a_sentence(server: ExplorerServer) -> None:
    asked: dict[str, Any] = QUESTION | {"measure": "nothing"}
    status, _, body = ask(server, "POST", own(server, "answer"), json.dumps(asked), **JSON)
    assert status == 200
    assert json.loads(body)["problem"].startswith("no measure called nothing")
