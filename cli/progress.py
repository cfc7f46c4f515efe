"""Show how far hashing is, on one line of stderr, when someone can see it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session
    from registry.domain.progress import OnProgress, Progress

_CLEAR = "\r\x1b[K"
_MEGABYTE = 1_000_000


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
