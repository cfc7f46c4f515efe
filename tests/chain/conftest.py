"""A node that misbehaves on order, for the tests of how the client takes it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Answer = bytes | None
"""The body of a reply; None where the connection is to break instead."""


@dataclass
class Script:
    """Say how the node answers: each entry takes one request, the last one all that follow."""

    url: str
    steps: list[Callable[[Any], tuple[int, Answer, dict[str, str]]]] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)
    connections: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)

    def next_step(self, request: Any) -> tuple[int, Answer, dict[str, str]]:  # noqa: ANN401
        """Return what to answer to ``request``."""
        self.seen.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        return step(request)

    def answer(self, *bodies: object) -> None:
        """Answer with these bodies, in turn: JSON values, or bytes as they are."""
        for body in bodies:
            self.status(200, body if isinstance(body, bytes) else json.dumps(body).encode())

    def echo(self, result: Callable[[str, list[Any]], object]) -> None:
        """Answer properly, with what ``result`` makes of method and parameters."""

        def one(call: dict[str, Any]) -> dict[str, Any]:
            made = result(call["method"], call["params"])
            return {"jsonrpc": "2.0", "id": call["id"], "result": made}

        def all_of(request: Any) -> tuple[int, Answer, dict[str, str]]:  # noqa: ANN401
            made = [one(call) for call in request] if isinstance(request, list) else one(request)
            return 200, json.dumps(made).encode(), {}

        self.steps.append(all_of)

    def status(self, code: int, body: bytes = b"", **headers: str) -> None:
        """Answer with an HTTP status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.steps.append(lambda _: (code, body, named))

    def break_off(self) -> None:
        """Take the request, and close the connection without an answer."""
        self.steps.append(lambda _: (200, None, {}))


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            script.connections += 1
            super().setup()

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body, headers = script.next_step(request)
            if body is None:
                self.close_connection = True
                return
            self.send_response(status)
            declared = headers.pop("Content-Length", str(len(body)))
            for name, value in {**headers, "Content-Length": declared}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = int(declared) != len(body) or "X-Hang-Up" in headers

        def finish(self) -> None:
            super().finish()
            # A client that does not want the rest of an answer has closed already.
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_WR)
            script.hung_up.set()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler


@pytest.fixture
def node() -> Iterator[Script]:
    """Serve JSON-RPC over HTTP as the test's script says."""
    script = Script(url="")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield script
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
