"""The ways to a node: secrets hidden, sockets served, threads apart."""

from __future__ import annotations

import base64
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from registry.chain.answers import read_json
from registry.chain.framing import JsonEnd
from registry.chain.rpc import Rpc
from registry.chain.transport import HttpTransport, IpcTransport, transport
from registry.errors import ConnectionLost, EndpointMalformed, NodeUnreachable
from registry.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.chain.conftest import Script

SECRET = "0123456789abcdef0123"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:8545", "http://127.0.0.1:8545"),
        ("http://[::1]:8545/", "http://[::1]:8545/"),
        (f"https://me:{SECRET}@node.example/rpc", "https://…@node.example/rpc"),
        (f"https://{SECRET}@node.example", "https://…@node.example"),
        (f"https://node.example/v3/{SECRET}", "https://node.example/v3/…"),
        (f"https://node.example/rpc?apikey={SECRET}", "https://node.example/rpc?…"),
        (f"https://node.example/#{SECRET}", "https://node.example/"),
        (f"http://node.example:port/{SECRET}", "…"),
        ("/var/lib/node.ipc", "/var/lib/node.ipc"),
        (f"me:{SECRET}@node.example", "…"),
        (f"node.example/v3/{SECRET}", "…"),
        (f"https:///{SECRET}", "https://…"),
    ],
)
def test_hides_what_may_be_secret_in_an_address(url: str, shown: str) -> None:
    """User, password, query and key-like segments never reach a message."""
    assert redacted(url) == shown


@pytest.mark.parametrize("url", ["ftp://node", "http://", "http://node:99999", f"x://{SECRET}@a"])
def test_refuses_addresses_that_lead_to_no_node(url: str) -> None:
    """A malformed address is a matter of configuration, and hides its secrets too."""
    with pytest.raises(EndpointMalformed) as caught:
        transport(url)
    assert SECRET not in str(caught.value)


def test_errors_of_the_network_hide_the_secrets_of_the_address() -> None:
    """No part of an error, its cause or the transport shows a password."""
    way = HttpTransport(f"http://me:{SECRET}@127.0.0.1:1/{SECRET}?key={SECRET}")
    with pytest.raises(NodeUnreachable) as caught:
        way.send(b"{}")
    shown = f"{caught.value} {caught.value.fields} {caught.value.__cause__!r} {way!r}"
    assert SECRET not in shown


def test_sends_user_and_password_as_basic_authorization(node: Script) -> None:
    """Credentials in the address go into the header, decoded."""
    way = HttpTransport(node.url.replace("//", "//a%40b:c@"))
    assert way._headers["Authorization"] == "Basic " + base64.b64encode(b"a@b:c").decode()
    node.answer({"id": 1, "result": "0x1"})
    assert json.loads(way.send(b"{}"))["result"] == "0x1"
    way.close()


def test_threads_get_their_own_answers(node: Script) -> None:
    """Many threads over one client never see each other's answers."""
    node.echo(lambda _, params: params[0])
    with Rpc.connect(node.url) as rpc, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: rpc.call("eth_call", n), range(200)))
    assert answers == list(range(200))
    assert node.connections <= 8


@pytest.fixture
def socket_node(tmp_path: Path) -> Iterator[Callable[[list[bytes]], IpcTransport]]:
    """Serve a local socket that sends these pieces in answer to each payload, b"" to close."""
    server = socket.socket(socket.AF_UNIX)
    path = tmp_path / "node.ipc"
    threads = []

    def serve(pieces: list[bytes]) -> None:
        connection, _ = server.accept()
        with connection:
            while connection.recv(1 << 16):
                for piece in pieces:
                    if not piece:
                        return
                    connection.sendall(piece)

    def start(pieces: list[bytes]) -> IpcTransport:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=serve, args=(pieces,), daemon=True)
        thread.start()
        threads.append(thread)
        return IpcTransport(str(path), timeout=60)

    with server:
        yield start
    for thread in threads:
        thread.join(5)


def test_puts_the_pieces_of_a_socket_reply_together(
    socket_node: Callable[[list[bytes]], IpcTransport],
) -> None:
    """A reply that arrives in pieces, one of them ending like a whole, is taken as one."""
    way = socket_node([b'{"id": 1, "result": {"a": {}', b', "b": "}', b'"}', b"}\n"])
    for _ in range(2):
        assert json.loads(way.send(b"{}"))["result"] == {"a": {}, "b": "}"}
    way.close()


def test_a_socket_that_closes_amid_a_reply_is_lost(
    socket_node: Callable[[list[bytes]], IpcTransport],
) -> None:
    """Half a reply is no reply."""
    way = socket_node([b'{"id": 1', b""])
    with pytest.raises(ConnectionLost):
        way.send(b"{}")


def test_a_socket_that_sends_brackets_without_end_is_lost(
    socket_node: Callable[[list[bytes]], IpcTransport],
) -> None:
    """What is nested beyond measure is never whole, and ends nothing else."""
    way = socket_node([b"[" * 200_000 + b"]" * 200_000, b""])
    with pytest.raises(ConnectionLost):
        way.send(b"{}")


@pytest.mark.parametrize(
    ("first", "piece", "last"),
    [
        (b"[0", b",{}", b"]"),
        (b"[0", b",[]", b"]"),
        (b'["', b"}", b'"]'),
        (b'["', b'\\"]', b'"]'),
        (b"[" * 150 + b"0", b"", b"]" * 150),
    ],
)
def test_a_socket_reply_is_parsed_once_however_it_comes(
    socket_node: Callable[[list[bytes]], IpcTransport],
    monkeypatch: pytest.MonkeyPatch,
    first: bytes,
    piece: bytes,
    last: bytes,
) -> None:
    """Pieces that end like a whole are looked at once each, and the parser is asked at the end."""
    looked, parsed = [], []

    class Counted(JsonEnd):
        def feed(self, part: bytes) -> int | None:
            looked.append(len(part))
            return super().feed(part)

    def counted(raw: bytes) -> object:
        parsed.append(len(raw))
        return read_json(raw)

    monkeypatch.setattr("registry.chain.transport.JsonEnd", Counted)
    monkeypatch.setattr("registry.chain.transport.read_json", counted)
    # Each piece comes by itself, and ends as a whole reply would.
    pieces = [first, *[piece] * 2_000, last]
    whole = b"".join(pieces)
    way = socket_node([one for one in pieces if one])
    assert way.send(b"{}") == whole
    assert sum(looked) == len(whole)
    assert parsed == [len(whole)]
    way.close()


@pytest.mark.parametrize(
    ("after", "again"), [(b"", False), (b"\n", False), (b'{"id": 9}', True), (b"]", True)]
)
def test_what_follows_a_socket_reply_is_no_reply(
    socket_node: Callable[[list[bytes]], IpcTransport], after: bytes, *, again: bool
) -> None:
    """A reply ends with its brackets; a socket that has said more is not asked again."""
    way = socket_node([b'{"id": 1}' + after])
    assert way.send(b"{}") == b'{"id": 1}'
    assert (way._socket is None) is again
    way.close()


@pytest.mark.parametrize("reply", [b"]", b'{"a" 1}', b"[1 2]", b"{]", b'x{"id": 1}'])
def test_a_socket_that_speaks_no_json_is_lost_at_once(
    socket_node: Callable[[list[bytes]], IpcTransport], reply: bytes
) -> None:
    """What has ended and is no JSON will be none, however long one waits."""
    way = socket_node([reply])
    with pytest.raises(ConnectionLost) as caught:
        way.send(b"{}")
    assert caught.value.reason == "no JSON"


def test_a_socket_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    """The path of a missing socket names itself."""
    with pytest.raises(NodeUnreachable) as caught:
        transport(str(tmp_path / "no.ipc")).send(b"{}")
    assert caught.value.url.endswith("no.ipc")
