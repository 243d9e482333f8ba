"""The page of the explorer: a server of the standard library that this machine alone can reach.

It listens on the loopback address and answers only under a path that begins with a random token. A request that names
another host (DNS rebinding) or comes from another site's page (Origin) is refused, and the page may load nothing from
elsewhere.
"""

from __future__ import annotations

import json
import secrets
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from sim.explorer.session import Session

_LOOPBACK = "127.0.0.1"
_FILES = {
    "": ("explorer.html", "text/html"),
    "explorer.js": ("explorer.js", "text/javascript"),
    "explorer.css": ("explorer.css", "text/css"),
}
_MOST_BYTES = 100_000  # of a question
_SECONDS = 30  # until a connection that sends nothing is closed
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ExplorerServer(ThreadingHTTPServer):
    """Serves the page of a session. `port` 0 takes any that is free. Raises OSError for one that is taken."""

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        super().__init__((_LOOPBACK, port), _Handler)
        self.session = session
        self.token = secrets.token_urlsafe(16)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a browser that goes away in the middle of an answer go; all else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser on this machine calls the server."""
        return f"{_LOOPBACK}:{self.server_port}", f"localhost:{self.server_port}"

    @property
    def address(self) -> str:
        """The address of the page, with its token."""
        return f"http://{_LOOPBACK}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: ExplorerServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "regpressure", ""
    timeout = _SECONDS

    def do_GET(self) -> None:
        """A file of the front end, or what can be explored."""
        name = self._name()
        if name == "subject":
            self._send_json(self.server.session.subject)
        elif name in _FILES:
            file, kind = _FILES[name]
            self._send(HTTPStatus.OK, files(__package__).joinpath(file).read_bytes(), kind)
        elif name is not None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")

    def do_POST(self) -> None:
        """The answer to a question."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self.close_connection = True
            return self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a question has a length, and a small one")
        body = self.rfile.read(int(length))
        name = self._name()
        if name is None:
            return None
        if name != "answer" or self.headers.get_content_type() != "application/json":
            return self._refuse(HTTPStatus.NOT_FOUND, "questions are JSON and go to `answer`")
        try:
            asked = json.loads(body)
        except ValueError:
            return self._refuse(HTTPStatus.BAD_REQUEST, "this is no JSON")
        return self._send_json(self.server.session.answer(asked))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing: the terminal shows the address alone."""

    def _name(self) -> str | None:
        """What is asked for, after the token; None, and the request is refused, for strangers."""
        host, origin = self.headers.get("Host"), self.headers.get("Origin")
        if host not in self.server.hosts or origin not in (None, f"http://{host}"):
            self._refuse(HTTPStatus.FORBIDDEN, "this page is for this machine alone")
            return None
        token, _, name = self.path.partition("?")[0].removeprefix("/").partition("/")
        if not secrets.compare_digest(token.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, "the address needs the token that `regpressure explore` printed")
            return None
        return name

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send(status, f"{why}\n".encode(), "text/plain")

    def _send_json(self, value: dict[str, Any]) -> None:
        self._send(HTTPStatus.OK, json.dumps(value, allow_nan=False).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
