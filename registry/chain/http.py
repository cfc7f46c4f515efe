"""Post payloads to a node over one kept-alive HTTP/1.1 connection.

Only what JSON-RPC needs of RFC 9112. The standard library's client reads headers with the email
package and loads TLS for every address: a fifth of the time that a command needs to ask a question.
"""

from __future__ import annotations

import io
import socket
from typing import IO, TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_LINE: Final = 1 << 16
_MAX_HEADERS: Final = 200
_NO_BODY: Final = frozenset({204, 304})
_DEFAULT_PORTS: Final = {True: 443, False: 80}


class HttpMalformed(ValueError):
    """Say that what came back is no HTTP reply, or none that is taken here."""


class ReplyTooLong(HttpMalformed):
    """Say that a reply is longer than it may be; `length` in bytes where that was announced."""

    def __init__(self, length: int | None = None) -> None:
        super().__init__("a reply beyond all measure")
        self.length = length


class Reply(NamedTuple):
    """Hold a reply; the names of headers are in lower case. `kept`: the connection goes on."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    kept: bool


class HttpConnection:
    """Hold one connection, to be used by one thread at a time.

    :param secure: whether to speak TLS, verifying the certificate as the system does.
    :param timeout: seconds without a byte after which reading or connecting fails.
    :param limit: bytes of a body beyond which it is refused.
    """

    def __init__(
        self, host: str, port: int | None, *, secure: bool, timeout: float, limit: int
    ) -> None:
        self._host = host
        self._port = port or _DEFAULT_PORTS[secure]
        self._secure = secure
        self._timeout = timeout
        self._limit = limit
        self._name = _host_header(host, None if self._port == _DEFAULT_PORTS[secure] else port)
        self.sock: socket.socket | None = None
        self._file: io.BufferedReader | None = None

    def connect(self) -> None:
        """Open the connection; raises OSError, and UnicodeError for a host that is none."""
        opened = socket.create_connection((self._host, self._port), self._timeout)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = _wrapped(opened, self._host) if self._secure else opened
        self._file = self.sock.makefile("rb")

    def close(self) -> None:
        """Close the connection."""
        for opened in (self._file, self.sock):
            if opened is not None:
                opened.close()
        self._file = self.sock = None

    def holds_more(self) -> bool:
        """Tell whether bytes came with a reply that do not belong to it."""
        if self._file is None or self.sock is None:
            return False
        self.sock.settimeout(0)
        try:
            # Nothing is waited for: what was read along with the reply is looked at, and the rest
            # is asked of the socket once.
            return bool(self._file.peek(1))
        except OSError:
            # TLS says in its own way that nothing is there.
            return False
        finally:
            self.sock.settimeout(self._timeout)

    def post(self, path: str, payload: bytes, headers: Mapping[str, str]) -> Reply:
        """Send one payload, and return the whole reply; errors as for `reply`."""
        self.ask(path, payload, headers)
        return self.reply()

    def ask(self, path: str, payload: bytes, headers: Mapping[str, str]) -> None:
        """Send one payload, whose reply is to be taken before the next is sent; raises OSError."""
        if self.sock is None:
            raise ConnectionResetError("the connection is closed")
        named = {"Host": self._name, "Content-Length": str(len(payload)), **headers}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + payload)

    def reply(self, limit: int | None = None) -> Reply:
        """Return the whole reply to what was sent.

        :param limit: bytes of a body beyond which it is refused, if fewer than are ever taken.
        :raises OSError: where the connection fails or ends amid the reply.
        :raises HttpMalformed: where the reply is none.
        :raises ReplyTooLong: where it is longer than the limit.
        """
        if self._file is None:
            raise ConnectionResetError("the connection is closed")
        return self._reply(self._file, min(limit or self._limit, self._limit))

    def _reply(self, file: IO[bytes], limit: int) -> Reply:
        version, status, reason = _status(_line(file))
        # Interim replies (100 to 199) announce the one that counts.
        while 100 <= status < 200:  # noqa: PLR2004 (the class of interim replies)
            dict(_headers(file))
            version, status, reason = _status(_line(file))
        headers = dict(_headers(file))
        connection = headers.get("connection", "").lower()
        kept = "close" not in connection if version == "HTTP/1.1" else "keep-alive" in connection
        ends = "chunked" in headers.get("transfer-encoding", "").lower()
        if status in _NO_BODY:
            body = b""
        elif ends:
            body = _chunked(file, limit)
        elif "content-length" in headers:
            length = _length(headers["content-length"], 10)
            if length > limit:
                raise ReplyTooLong(length)
            body = _exactly(file, length)
        else:
            body, kept = _to_the_end(file, limit), False
        return Reply(status, reason, headers, body, kept)


def _length(digits: str, base: int) -> int:
    # int() takes signs, blanks and underscores, which have no place here.
    if not digits.isascii() or not digits.isalnum():
        raise HttpMalformed("a length that is no number")
    try:
        return int(digits, base)
    except ValueError as error:
        raise HttpMalformed("a length that is no number") from error


def _chunked(file: IO[bytes], limit: int) -> bytes:
    body = bytearray()
    while length := _length(_line(file).partition(";")[0].strip(), 16):
        if len(body) + length > limit:
            raise ReplyTooLong
        body += _exactly(file, length)
        if _line(file):
            raise HttpMalformed("a chunk that goes on beyond its end")
    dict(_headers(file))
    return bytes(body)


def _to_the_end(file: IO[bytes], limit: int) -> bytes:
    body = file.read(limit + 1)
    if len(body) > limit:
        raise ReplyTooLong
    return body


def _wrapped(opened: socket.socket, host: str) -> socket.socket:
    # Imported here for start-up time: a node of one's own is asked without TLS.
    import ssl  # noqa: PLC0415

    try:
        return ssl.create_default_context().wrap_socket(opened, server_hostname=host)
    except BaseException:
        opened.close()
        raise


def _host_header(host: str, port: int | None) -> str:
    named = f"[{host}]" if ":" in host else host if host.isascii() else _ascii(host)
    return named if port is None else f"{named}:{port}"


def _ascii(host: str) -> str:
    return host.encode("idna").decode("ascii")


def _line(file: IO[bytes]) -> str:
    line = file.readline(_MAX_LINE + 1)
    if not line.endswith(b"\n"):
        if len(line) > _MAX_LINE:
            raise HttpMalformed("a line without end")
        raise ConnectionResetError("the node closed the connection")
    return line.rstrip(b"\r\n").decode("latin-1")


_DIGITS: Final = 3


def _status(line: str) -> tuple[str, int, str]:
    version, _, rest = line.partition(" ")
    digits, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1.") or not (digits.isdecimal() and len(digits) == _DIGITS):
        raise HttpMalformed("no HTTP reply")
    return version, int(digits), reason


def _headers(file: IO[bytes]) -> Iterator[tuple[str, str]]:
    for _ in range(_MAX_HEADERS):
        line = _line(file)
        if not line:
            return
        name, colon, value = line.partition(":")
        if not colon:
            raise HttpMalformed("a header without a colon")
        yield name.strip().lower(), value.strip()
    raise HttpMalformed("headers without end")


def _exactly(file: IO[bytes], length: int) -> bytes:
    body = file.read(length)
    if len(body) < length:
        raise ConnectionResetError("the reply was cut short")
    return body
