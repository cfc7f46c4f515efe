"""Show how far a long task is, on one line of stderr, when someone can see it."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli.session import Session
    from registry.domain.progress import OnProgress, Progress

_CLEAR = "\r\x1b[K"
_MEGABYTE = 1_000_000
_INTERVAL_SECONDS = 0.1


@contextmanager
def shown(session: Session) -> Iterator[OnProgress | None]:
    """Yield what shows progress, None where stderr is no terminal; the line is gone at the end."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(progress: Progress) -> None:
        line = messages.text(
            "cli.progress",
            session.lang,
            percent=100 * progress.bytes_done // max(progress.bytes_total, 1),
            megabytes=progress.bytes_done // _MEGABYTE,
            files=progress.files_done,
            all=progress.files_total,
        )
        sys.stderr.write(_CLEAR + line)
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()


@contextmanager
def counted(session: Session, stage: str, total: int = 0) -> Iterator[Callable[[int], None] | None]:
    """Yield what shows how many rows of a stage are done, how fast, and how long the rest takes.

    `stage` is a key under `cli.progress`; a `total` of 0 is not known. None where stderr is no
    terminal; the line is gone at the end.
    """
    if not sys.stderr.isatty():
        yield None
        return
    begun = last = time.monotonic()

    def show(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _INTERVAL_SECONDS:
            return
        last = now
        rate = done / max(now - begun, _INTERVAL_SECONDS)
        rest = {"total": total, "left": round(max(0, total - done) / max(rate, 1e-9))}
        key = f"cli.progress.{stage}" if total else f"cli.progress.{stage}.open"
        line = messages.text(key, session.lang, done=done, rate=round(rate), **rest)
        sys.stderr.write(_CLEAR + line)
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()
