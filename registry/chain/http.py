"""Post payloads to a node over one kept-alive HTTP/1.1 connection.

Only what JSON-RPC needs of RFC 9112. The standard library's client reads headers with the email
package and loads TLS for every address: a fifth of the time that a command needs to ask a question.
"""

from __future__ import annotations

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
        self._file: IO[bytes] | None = None

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

    def post(self, path: str, payload: bytes, headers: Mapping[str, str]) -> Reply:
        """Send one payload, and return the whole reply.

        :raises OSError: where the connection fails or ends amid the reply.
        :raises HttpMalformed: where the reply is none.
        """
        if self.sock is None or self._file is None:
            raise ConnectionResetError("the connection is closed")
        named = {"Host": self._name, "Content-Length": str(len(payload)), **headers}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + payload)
        return self._reply(self._file)

    def _reply(self, file: IO[bytes]) -> Reply:
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
            body = self._chunked(file)
        elif "content-length" in headers:
            body = _exactly(file, self._length(headers["content-length"], 10))
        else:
            body, kept = self._to_the_end(file), False
        return Reply(status, reason, headers, body, kept)

    def _length(self, digits: str, base: int) -> int:
        # int() takes signs, blanks and underscores, which have no place here.
        if not digits.isascii() or not digits.isalnum():
            raise HttpMalformed("a length that is no number")
        try:
            length = int(digits, base)
        except ValueError as error:
            raise HttpMalformed("a length that is no number") from error
        if length > self._limit:
            raise HttpMalformed("a reply beyond all measure")
        return length

    def _chunked(self, file: IO[bytes]) -> bytes:
        body = bytearray()
        while length := self._length(_line(file).partition(";")[0].strip(), 16):
            body += _exactly(file, length)
            if _line(file):
                raise HttpMalformed("a chunk that goes on beyond its end")
            if len(body) > self._limit:
                raise HttpMalformed("a reply beyond all measure")
        dict(_headers(file))
        return bytes(body)

    def _to_the_end(self, file: IO[bytes]) -> bytes:
        body = file.read(self._limit + 1)
        if len(body) > self._limit:
            raise HttpMalformed("a reply beyond all measure")
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


def _status(line: str) -> tuple[str, int, str]:
    version, _, rest = line.partition(" ")
    digits, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1.") or not digits.isdecimal():
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
