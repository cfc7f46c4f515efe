"""Put a reply on the wire as a fault has it: late, cut, twice, without end, or not at all."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Final

Wire = Callable[["Line", bytes], bool]
"""Writes a reply; returns whether the connection goes on."""

DELAY: Final = 0.03
OVERTAKE: Final = 0.2
_DRIPS: Final = 12
_DRIP_PAUSE: Final = 0.001
_REASONS: Final = {200: "OK", 204: "No Content", 429: "Too Many Requests", 503: "Unavailable"}
_ABORT: Final = struct.pack("ii", 1, 0)
_MANY: Final = 400
_LONG: Final = 1 << 18


class Line:
    """Hold the client's end of a connection, and what tells that another reply has passed."""

    def __init__(self, connection: socket.socket, passing: threading.Condition) -> None:
        self.connection = connection
        self.passing = passing

    def send(self, *parts: bytes) -> None:
        """Write bytes; a client that has gone takes none."""
        with contextlib.suppress(OSError):
            self.connection.sendall(b"".join(parts))


def head(status: int, kind: str, *lines: str) -> bytes:
    """Return the first lines of a reply."""
    reason = _REASONS.get(status, "As Ordered")
    return "\r\n".join(
        [f"HTTP/1.1 {status} {reason}", f"Content-Type: {kind}", *lines, "", ""]
    ).encode()


def _sized(body: bytes, status: int = 200, kind: str = "application/json", *lines: str) -> bytes:
    return head(status, kind, f"Content-Length: {len(body)}", *lines) + body


def plain(line: Line, body: bytes) -> bool:
    """Write a proper reply."""
    line.send(_sized(body))
    return True


def status(code: int, *, html: bool = True, **headers: str) -> Wire:
    """Return what writes a reply with a status."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    kind = "text/html" if html else "application/json"

    def written(line: Line, body: bytes) -> bool:
        line.send(_sized(body, code, kind, *lines))
        return True

    return written


def typed(kind: str) -> Wire:
    """Return what writes a reply of another type of content."""

    def written(line: Line, body: bytes) -> bool:
        line.send(_sized(body, 200, kind))
        return True

    return written


def encoded(line: Line, body: bytes) -> bool:
    """Write a reply that says it is packed."""
    line.send(_sized(body, 200, "application/json", "Content-Encoding: gzip"))
    return True


def delayed(line: Line, body: bytes) -> bool:
    """Write a reply after a while."""
    time.sleep(DELAY)
    return plain(line, body)


def dripping(line: Line, body: bytes) -> bool:
    """Write a reply in small parts."""
    whole = _sized(body)
    size = max(1, len(whole) // _DRIPS)
    for start in range(0, len(whole), size):
        line.send(whole[start : start + size])
        time.sleep(_DRIP_PAUSE)
    return True


def interim(line: Line, body: bytes) -> bool:
    """Write replies that announce the one that counts."""
    line.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
    return plain(line, body)


def overtaken(line: Line, body: bytes) -> bool:
    """Write a reply once another one has passed, or none came for a while."""
    with line.passing:
        line.passing.wait(OVERTAKE)
    return plain(line, body)


def dropped(line: Line, _: bytes) -> bool:
    """Close the connection in order, without a reply."""
    with contextlib.suppress(OSError):
        line.connection.shutdown(socket.SHUT_WR)
    return False


def reset(line: Line, _: bytes) -> bool:
    """Abort the connection."""
    with contextlib.suppress(OSError):
        line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
    line.connection.close()
    return False


def silent(line: Line, _: bytes) -> bool:
    """Say nothing until the client goes."""
    with contextlib.suppress(OSError):
        while line.connection.recv(1 << 16):
            pass
    return False


def cut_headers(line: Line, body: bytes) -> bool:
    """End amid the headers."""
    line.send(_sized(body)[:24])
    return dropped(line, b"")


def cut_body(line: Line, body: bytes) -> bool:
    """End in the middle of the body."""
    line.send(_sized(body)[: -max(1, len(body) // 2)])
    return dropped(line, b"")


def cut_last_byte(line: Line, body: bytes) -> bool:
    """End before the last byte."""
    line.send(_sized(body)[:-1])
    return dropped(line, b"")


def _chunk(part: bytes) -> bytes:
    return f"{len(part):x}\r\n".encode() + part + b"\r\n"


def chunked(line: Line, body: bytes) -> bool:
    """Write a reply in chunks."""
    half = len(body) // 2
    parts = [_chunk(part) for part in (body[:half], body[half:]) if part]
    line.send(head(200, "application/json", "Transfer-Encoding: chunked"), *parts, b"0\r\n\r\n")
    return True


def cut_chunks(line: Line, body: bytes) -> bool:
    """End after the last chunk, without saying that it was the last."""
    line.send(head(200, "application/json", "Transfer-Encoding: chunked"), _chunk(body or b"{"))
    return dropped(line, b"")


def huge_chunk(line: Line, body: bytes) -> bool:
    """Announce a chunk beyond all measure."""
    opening = head(200, "application/json", "Transfer-Encoding: chunked")
    line.send(opening, b"ffffffffff\r\n", body)
    return dropped(line, b"")


def twice(line: Line, body: bytes) -> bool:
    """Write the whole reply twice, so that the next question would find the second."""
    line.send(_sized(body) * 2)
    return True


def length(text: str) -> Wire:
    """Return what writes a reply that announces another length."""

    def written(line: Line, body: bytes) -> bool:
        line.send(head(200, "application/json", f"Content-Length: {text}"), body)
        return dropped(line, b"")

    return written


def until_the_end(line: Line, body: bytes) -> bool:
    """Write a reply of no announced length, which ends with the connection."""
    line.send(head(200, "application/json"), body)
    return dropped(line, b"")


def endless_headers(line: Line, body: bytes) -> bool:
    """Write more headers than anybody needs."""
    line.send(head(200, "application/json", *(f"X-{n}: {n}" for n in range(_MANY))), body)
    return dropped(line, b"")


def endless_line(line: Line, body: bytes) -> bool:
    """Write a header longer than anybody reads."""
    line.send(head(200, "application/json", "X-Long: " + "x" * _LONG), body)
    return dropped(line, b"")
