"""Make the journal's file private and durable, and move a damaged one out of the way."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_CREATING: Final = threading.Lock()
"""Held while a file is made, so that no thread uses it before the descriptor is closed."""


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


def make_private(path: Path) -> None:
    """Create the file readable by its owner alone, before SQLite would create it for everyone.

    A file that is there is not opened: to close a descriptor of a database that this process has
    open drops SQLite's locks on it (POSIX), and another process would delete the log in use.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _CREATING, contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def sync_directory(directory: Path) -> None:
    """Make a new file's name itself durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
