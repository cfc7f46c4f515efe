"""Let a client to the dev chain only while the chain is whole."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from registry.chain.devchain import processes, record
from registry.chain.transport import DEFAULT_TIMEOUT, HttpTransport
from registry.errors import NodeUnreachable, WrongChain

if TYPE_CHECKING:
    from pathlib import Path

_POLL_SECONDS: Final = 0.05
_NOT_RUNNING: Final = "the dev chain is not running"


class GatedTransport:
    """Send payloads to the dev chain that chain.json names, wherever it is by now.

    While the chain is being restored its node already answers, from an earlier block. So the record
    is looked at before each payload, by its inode and time, which costs microseconds: a payload
    waits until the chain is whole, and follows it to another port.

    :param path: where chain.json stands.
    :param chain_id: the chain it must be; a home that was reset has another.
    :param timeout: seconds without a byte, or of waiting, after which the node counts as gone.
    """

    def __init__(self, path: Path, *, chain_id: int, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._path = path
        self._chain_id = chain_id
        self._timeout = timeout
        self._seen: tuple[int, int] | None = None
        self._http: HttpTransport | None = None

    def __repr__(self) -> str:
        return f"GatedTransport({str(self._path)!r})"

    @property
    def url(self) -> str:
        """Return where the node is, or was last."""
        return "dev" if self._http is None else self._http.url

    def send(self, payload: bytes) -> bytes:
        """Send one payload, and return the reply to it; errors as for every transport."""
        return self._current().send(payload)

    def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()

    def _current(self) -> HttpTransport:
        """Return the way to the node, once the chain is whole."""
        deadline = time.monotonic() + self._timeout
        while True:
            seen = self._look()
            if self._http is not None and seen == self._seen:
                return self._http
            found = record.load(self._path)
            if found is None or not _is_coming(found):
                raise NodeUnreachable(url=self.url, reason=_NOT_RUNNING)
            if found.chain_id != self._chain_id:
                raise WrongChain(url=self.url, expected=self._chain_id, actual=found.chain_id)
            if found.ready:
                return self._turn_to(record.url_of(found.port), seen)
            if time.monotonic() > deadline:
                raise NodeUnreachable(url=self.url, reason="being-restored")
            time.sleep(_POLL_SECONDS)

    def _look(self) -> tuple[int, int]:
        try:
            seen = self._path.stat()
        except OSError as error:
            raise NodeUnreachable(url=self.url, reason=_NOT_RUNNING) from error
        return seen.st_ino, seen.st_mtime_ns

    def _turn_to(self, url: str, seen: tuple[int, int]) -> HttpTransport:
        self.close()
        self._http = HttpTransport(url, timeout=self._timeout)
        self._seen = seen
        return self._http


def _is_coming(found: record.Record) -> bool:
    """Tell whether the chain runs, or someone is starting it."""
    if found.ready:
        return processes.is_same(found.pid, found.identity)
    return bool(found.starter) and processes.is_same(found.starter, found.starter_identity)
