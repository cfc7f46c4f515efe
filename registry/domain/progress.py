"""Tell how far the hashing of some content is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_INTERVAL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far hashing is; the totals were counted before it began."""

    bytes_done: int
    bytes_total: int
    files_done: int
    files_total: int


OnProgress = Callable[[Progress], None]


class Reporter:
    """Count what is done and report it, at most ten times a second and once at the end."""

    __slots__ = ("_bytes", "_bytes_total", "_files", "_files_total", "_last", "_report")

    def __init__(self, report: OnProgress | None, *, files: int, size: int) -> None:
        self._report = report
        self._files_total = files
        self._bytes_total = size
        self._files = 0
        self._bytes = 0
        self._last = time.monotonic()

    def add_bytes(self, count: int) -> None:
        """Count bytes that are done."""
        self.add(files=0, size=count)

    def add(self, *, files: int, size: int) -> None:
        """Count files and bytes that are done."""
        self._files += files
        self._bytes += size
        now = time.monotonic()
        if self._report and now - self._last >= _INTERVAL_SECONDS:
            self._last = now
            self._send(self._report)

    def finish(self) -> None:
        """Report for the last time."""
        if self._report:
            self._send(self._report)

    def _send(self, report: OnProgress) -> None:
        report(
            Progress(
                bytes_done=self._bytes,
                bytes_total=max(self._bytes_total, self._bytes),
                files_done=self._files,
                files_total=max(self._files_total, self._files),
            )
        )
