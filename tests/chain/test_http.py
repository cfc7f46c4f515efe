"""Test the HTTP of the way to a node against what servers send, proper and not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from registry.chain.http import HttpConnection, HttpMalformed, Reply

LIMIT = 1000
Server = Callable[..., HttpConnection]


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve one connection that answers each request with the next of these bytes, then closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    opened: list[HttpConnection] = []

    def serve(replies: tuple[bytes, ...]) -> None:
        client, _ = listener.accept()
        with client:
            for reply in replies:
                seen = b""
                while not seen.endswith(b"\r\n\r\n{}"):
                    seen += client.recv(1 << 16)
                client.sendall(reply)

    def start(*replies: bytes) -> HttpConnection:
        threads.append(threading.Thread(target=serve, args=(replies,), daemon=True))
        threads[-1].start()
        port = listener.getsockname()[1]
        made = HttpConnection("127.0.0.1", port, secure=False, timeout=60, limit=LIMIT)
        made.connect()
        opened.append(made)
        return made

    with listener:
        yield start
        for connection in opened:
            connection.close()
        for thread in threads:
            thread.join(5)


def post(connection: HttpConnection) -> Reply:
    """Send a payload."""
    return connection.post("/", b"{}", {"Accept": "application/json"})


def test_knows_what_came_beyond_a_reply(server: Server) -> None:
    """Bytes that were read along with a reply are noticed; where there are none, nothing waits."""
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    connection = server(reply, reply + b"HTTP")
    assert not connection.holds_more()
    assert post(connection).body == b"ok"
    assert not connection.holds_more()
    assert post(connection).body == b"ok"
    assert connection.holds_more()
    connection.close()
    assert not connection.holds_more()


@pytest.mark.parametrize(
    ("raw", "body", "kept"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok", True),
        (b"HTTP/1.1 200 OK\r\ncontent-length:2\r\nConnection: Close\r\n\r\nok", b"ok", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok", b"ok", True),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end", False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        (b"HTTP/1.1 200\nContent-Length: 2\n\nok", b"ok", True),
        (
            (
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"2;note=1\r\no\n\r\n1\r\nk\r\n0\r\nTrailer: x\r\n\r\n"
            ),
            b"o\nk",
            True,
        ),
        (
            (
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            ),
            b"ok",
            True,
        ),
    ],
)
def test_takes_proper_replies(server: Server, raw: bytes, body: bytes, kept: bool) -> None:  # noqa: FBT001
    """Every way in which HTTP/1 says where a body ends is understood."""
    reply = post(server(raw))
    assert (reply.status // 100, reply.body, reply.kept) == (2, body, kept)


def test_goes_on_over_the_same_connection(server: Server) -> None:
    """A kept connection carries one exchange after another, each with its own reply."""
    one = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
    two = b"HTTP/1.1 500 Oh\r\nX-Y: z\r\nContent-Length: 1\r\n\r\n2"
    connection = server(one, two)
    assert post(connection).body == b"1"
    second = post(connection)
    assert (second.status, second.reason, second.headers["x-y"]) == (500, "Oh", "z")


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"258\r\n" + b"x" * 600 + b"\r\n258\r\n" + b"x" * 600 + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 201 + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_refuses_what_is_no_reply(server: Server, raw: bytes) -> None:
    """Garbage, wrong lengths and replies without end are refused, never waited for."""
    with pytest.raises(HttpMalformed):
        post(server(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ncut",
    ],
)
def test_notices_replies_that_are_cut_short(server: Server, raw: bytes) -> None:
    """A connection that ends amid a reply is a lost one."""
    with pytest.raises(ConnectionError):
        post(server(raw))


def test_closed_connections_send_nothing(server: Server) -> None:
    """Once closed, a connection refuses to send."""
    connection = server()
    connection.close()
    with pytest.raises(ConnectionError):
        post(connection)


@pytest.mark.parametrize(
    ("host", "port", "secure", "named"),
    [
        ("node", 8545, False, "node:8545"),
        ("node", 80, False, "node"),
        ("node", None, True, "node"),
        ("::1", 8545, False, "[::1]:8545"),
        ("bücher", None, False, "xn--bcher-kva"),
    ],
)
def test_names_the_host(host: str, port: int | None, secure: bool, named: str) -> None:  # noqa: FBT001
    """The host header has brackets, punycode and a port where they are due."""
    made = HttpConnection(host, port, secure=secure, timeout=1, limit=LIMIT)
    assert made._name == named


def test_tls_verifies_the_other_side(server: Server) -> None:
    """A server that speaks no TLS, or cannot be verified, is not spoken to."""
    plain = server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    port = plain.sock.getpeername()[1] if plain.sock else 0
    secure = HttpConnection("127.0.0.1", port, secure=True, timeout=1, limit=LIMIT)
    with pytest.raises((ssl.SSLError, OSError)):
        secure.connect()
    post(plain)
