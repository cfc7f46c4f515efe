"""Make the journal's file, private and whole or not at all, and move a damaged one aside."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMPANIONS: Final = ("-wal", "-shm", "-journal")


def set_aside(path: Path) -> Path:
    """Move a journal that cannot be read, with its companions, out of the way; return its new path.

    Nothing is deleted: what it holds may still be rescued with SQLite's own tools.
    """
    target = path.with_name(f"{path.name}.{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.aside")
    for suffix in ("-wal", "-shm", ""):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(target.with_name(target.name + suffix))
    return target


@contextlib.contextmanager
def made(path: Path) -> Iterator[Path | None]:
    """Yield where to make the file, which then takes its place; None where it has been made.

    It takes its place once the caller has closed it, and only if nothing was raised: a journal
    that is there is never a half of one, so that an empty file is a damaged one. Other processes
    and threads that want to make it wait. The file is its owner's alone from its first moment on.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        if os.path.lexists(path):
            yield None
            return
        new = path.with_name(f".{path.name}.new")
        # What a process that was killed here left behind.
        _discard(new)
        try:
            os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
            yield new
            new.rename(path)
        except BaseException:
            _discard(new)
            raise
        os.fsync(directory)
    finally:
        os.close(directory)


def _discard(path: Path) -> None:
    for suffix in ("", *_COMPANIONS):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
