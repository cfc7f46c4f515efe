"""Carry the bytes of JSON-RPC to a node and back, over HTTP or a local socket.

A transport sends a payload at most once: it opens a new connection only while nothing has been
sent. Whether a request is asked again is for `registry.chain.rpc` to decide, which knows what it
means.
"""

from __future__ import annotations

import base64
import select
import socket
import threading
from typing import Protocol, runtime_checkable
from urllib.parse import SplitResult, quote, unquote, urlsplit

from registry.chain.answers import read_json
from registry.chain.framing import JsonEnd
from registry.chain.http import HttpConnection, HttpMalformed, Reply, ReplyTooLong
from registry.errors import (
    ConnectionLost,
    EndpointMalformed,
    GatewayFailed,
    NodeBusy,
    NodeRejected,
    NodeUnreachable,
)
from registry.redaction import redacted

DEFAULT_TIMEOUT = 30.0
# A reply beyond this is no answer to anything that is asked here.
MAX_REPLY_BYTES = 1 << 29
_CHUNK = 1 << 16
_OK = 200
# Too many requests; service unavailable.
_BUSY = frozenset({429, 503})
# What servers that stand before a node say of their own trouble with it.
_FAILED = frozenset({500, 502, 504})
_URL_MARKS = "!$%&'()*+,-./:;=?@[]_~"


class Transport(Protocol):
    """Send a JSON-RPC payload to a node; safe to use from several threads."""

    @property
    def url(self) -> str:
        """Return where the node is, without secrets, for messages."""

    def send(self, payload: bytes) -> bytes:
        """Send one payload, and return the reply to it.

        :raises NodeUnreachable: where the payload was not sent.
        :raises ConnectionLost: where it was, or may have been, and no reply came.
        :raises NodeBusy: where the node asks to come back later.
        :raises GatewayFailed: where what stands before the node failed; it may have acted.
        :raises NodeRejected: where the node speaks, but not JSON-RPC.
        """

    def close(self) -> None:
        """Close what is open; a later `send` opens it anew."""


class Pending(Protocol):
    """Hold a payload that was sent, until its reply is taken or dropped."""

    def reply(self, limit: int = MAX_REPLY_BYTES) -> bytes:
        """Wait for the reply and return it; errors as for `Transport.send`.

        :raises ReplyTooLong: where it is longer than a limit that was given.
        """

    def drop(self) -> None:
        """Let go of a reply that is no longer wanted."""


@runtime_checkable
class Pipelined(Protocol):
    """Send a payload now and take its reply later, which the node works on meanwhile."""

    def begin(self, payload: bytes) -> Pending:
        """Send one payload; errors as for `Transport.send`."""


def transport(endpoint: str, *, timeout: float = DEFAULT_TIMEOUT) -> Transport:
    """Return the transport for an ``http(s)://`` address, or for the path of a local socket."""
    if "://" in endpoint:
        return HttpTransport(endpoint, timeout=timeout)
    return IpcTransport(endpoint, timeout=timeout)


class HttpTransport:
    """Send payloads by HTTP POST over kept-alive connections.

    Connections are pooled, so that threads do not wait for one another. An idle connection that the
    node has closed meanwhile is noticed before anything is sent on it.

    :param url: ``http://`` or ``https://``, with user and password if need be.
    :param timeout: seconds without a byte after which the node counts as gone.
    """

    def __init__(self, url: str, *, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._url = redacted(url)
        self._parts = self._checked(url)
        self._timeout = timeout
        query = f"?{self._parts.query}" if self._parts.query else ""
        self._path = quote((self._parts.path or "/") + query, safe=_URL_MARKS)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._parts.username is not None:
            pair = f"{unquote(self._parts.username)}:{unquote(self._parts.password or '')}"
            self._headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        self._idle: list[HttpConnection] = []
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"HttpTransport({self._url!r})"

    @property
    def url(self) -> str:
        """Return where the node is, without secrets."""
        return self._url

    def send(self, payload: bytes) -> bytes:
        """Send one payload, and return the reply to it; see `Transport.send`."""
        return self.begin(payload).reply()

    def begin(self, payload: bytes) -> Pending:
        """Send one payload, and return what its reply can be taken from; see `Pipelined.begin`."""
        connection = self._idle_connection() or self._connected()
        try:
            connection.ask(self._path, payload, self._headers)
        except OSError as cause:
            connection.close()
            raise ConnectionLost(url=self._url, reason=_reason(cause)) from cause
        return _HttpPending(self, connection)

    def _taken(self, connection: HttpConnection, limit: int) -> bytes:
        """Return the reply that a connection is about to give, and keep the connection."""
        try:
            reply = connection.reply(limit)
        except ReplyTooLong as cause:
            connection.close()
            if limit < MAX_REPLY_BYTES:
                raise
            raise ConnectionLost(url=self._url, reason=_reason(cause)) from cause
        except (OSError, HttpMalformed) as cause:
            connection.close()
            raise ConnectionLost(url=self._url, reason=_reason(cause)) from cause
        if reply.kept:
            with self._lock:
                self._idle.append(connection)
        else:
            connection.close()
        return self._accepted(reply)

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _checked(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError as cause:
            raise EndpointMalformed(url=self._url) from cause
        if not usable:
            raise EndpointMalformed(url=self._url)
        return parts

    def _idle_connection(self) -> HttpConnection | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            # What is left of an earlier reply would be taken for the next one.
            if not (_was_dropped(connection.sock) or connection.holds_more()):
                return connection
            connection.close()

    def _connected(self) -> HttpConnection:
        connection = HttpConnection(
            self._parts.hostname or "",
            self._parts.port,
            secure=self._parts.scheme == "https",
            timeout=self._timeout,
            limit=MAX_REPLY_BYTES,
        )
        try:
            connection.connect()
        except (OSError, UnicodeError) as cause:
            connection.close()
            raise NodeUnreachable(url=self._url, reason=_reason(cause)) from cause
        return connection

    def _accepted(self, reply: Reply) -> bytes:
        if reply.status in _BUSY:
            raise NodeBusy(
                url=self._url,
                status=reply.status,
                retry_after=_seconds(reply.headers.get("retry-after")),
            )
        # Besu and others answer a refused request with 400 or 500 and a proper JSON-RPC error.
        if reply.status == _OK or reply.body.lstrip()[:1] in {b"{", b"["}:
            return reply.body
        failed = GatewayFailed if reply.status in _FAILED else NodeRejected
        raise failed(url=self._url, status=reply.status, reason=reply.reason)


class _HttpPending:
    """Hold the connection on which a reply is to come."""

    def __init__(self, transport: HttpTransport, connection: HttpConnection) -> None:
        self._transport = transport
        self._connection = connection

    def reply(self, limit: int = MAX_REPLY_BYTES) -> bytes:
        """Wait for the reply and return it; see `Pending.reply`."""
        return self._transport._taken(self._connection, limit)  # noqa: SLF001 (of one piece)

    def drop(self) -> None:
        """Close the connection, on which the reply would still come."""
        self._connection.close()


class IpcTransport:
    """Send payloads over the local socket of a node, one at a time.

    :param path: the socket's path.
    :param timeout: seconds without a byte after which the node counts as gone.
    """

    def __init__(self, path: str, *, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._path = path
        self._timeout = timeout
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"IpcTransport({self._path!r})"

    @property
    def url(self) -> str:
        """Return the socket's path."""
        return self._path

    def send(self, payload: bytes) -> bytes:
        """Send one payload, and return the reply to it; see `Transport.send`."""
        with self._lock:
            connection = self._connection()
            try:
                connection.sendall(payload)
                return self._reply(connection)
            except OSError as cause:
                self._drop()
                raise ConnectionLost(url=self._path, reason=_reason(cause)) from cause

    def close(self) -> None:
        """Close the socket."""
        with self._lock:
            self._drop()

    def _connection(self) -> socket.socket:
        if self._socket is not None and _was_dropped(self._socket):
            self._drop()
        if self._socket is None:
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            opened.settimeout(self._timeout)
            try:
                opened.connect(self._path)
            except OSError as cause:
                opened.close()
                raise NodeUnreachable(url=self._path, reason=_reason(cause)) from cause
            self._socket = opened
        return self._socket

    def _reply(self, connection: socket.socket) -> bytes:
        received, end = bytearray(), JsonEnd()
        while len(received) < MAX_REPLY_BYTES:
            chunk = connection.recv(_CHUNK)
            if not chunk:
                raise ConnectionResetError("the node closed the socket")
            # Replies have no length or end mark: one is whole when its brackets have closed.
            try:
                last = end.feed(chunk)
            except ValueError as cause:
                raise ConnectionResetError("no JSON") from cause
            if last is not None:
                received += chunk[:last]
                return self._whole(bytes(received), chunk[last:])
            received += chunk
        raise ConnectionResetError("a reply without end")

    def _whole(self, reply: bytes, more: bytes) -> bytes:
        """Return a reply that has ended, and leave the socket to the next if nothing else came."""
        try:
            read_json(reply)
        except ValueError as cause:
            raise ConnectionResetError("no JSON") from cause
        if more.strip():
            # It would be taken for the next reply.
            self._drop()
        return reply

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _was_dropped(connection: socket.socket | None) -> bool:
    """Tell whether the other side has closed an idle connection, or left bytes on it."""
    if connection is None:
        return True
    watched = select.poll()
    watched.register(connection, select.POLLIN)
    return bool(watched.poll(0))


def _reason(cause: Exception) -> str:
    if isinstance(cause, TimeoutError):
        return "timed out"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__


_DIGITS = 6


def _seconds(header: str | None) -> int:
    if header is None or not header.isdecimal() or len(header) > _DIGITS:
        # A number of very many digits is none that anybody waits for.
        return 0
    return int(header)
