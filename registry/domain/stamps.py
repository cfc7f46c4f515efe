"""Notice that a file or folder changed while it was being read."""

from __future__ import annotations

import os
import stat
import time
from typing import Final, NamedTuple, Self

from registry.domain.columns import Rows
from registry.domain.paths import printable
from registry.errors import FileChanged, FileUnreadable

# File systems stamp times by the kernel's tick, of at most 10 ms: two changes within one tick leave
# the same stamp, so a file changed this recently is not read before its tick is over.
TICK_NS: Final = 20_000_000
OPEN_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Stamp(NamedTuple):
    """What tells one state of a file from another."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    def change_to(self, later: Stamp) -> str | None:
        """Name what happened between two stamps, None where nothing did."""
        if later == self:
            return None
        if (later.device, later.inode) != (self.device, self.inode):
            return "replaced"
        if later.size != self.size:
            return "grew" if later.size > self.size else "shrank"
        return "rewritten"


class Stamps(Rows[Stamp]):
    """Hold the stamps of neighbouring files."""

    __slots__ = ()
    row = Stamp


def beneath(root: bytes, path: bytes) -> bytes:
    """Return the path on disk of something in a folder; both are the system's own bytes."""
    return root + b"/" + path


def current_stamp(path: bytes) -> Stamp | None:
    """Return the stamp that a file or link has now, None where nothing stands there."""
    try:
        return stamp_of(os.lstat(path))
    except FileNotFoundError:
        return None


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp that a status has in it."""
    return Stamp(
        status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    )


def unreadable(path: bytes, error: OSError) -> FileUnreadable | FileChanged:
    """Return the error for a path that was listed and then could not be read."""
    if isinstance(error, FileNotFoundError):
        return FileChanged(path=printable(path), change="vanished")
    return FileUnreadable(path=printable(path), reason=error.strerror or type(error).__name__)


class OpenFile:
    """A regular file open for reading, with the stamp it had before the first byte was read.

    Use it as a context manager. Links are not followed.
    """

    __slots__ = ("descriptor", "path", "size", "stamp")

    def __init__(self, path: bytes) -> None:
        self.path = path
        try:
            self.descriptor = os.open(path, OPEN_FLAGS)
        except OSError as error:
            # ELOOP: a link now stands where a file was listed.
            raise unreadable(path, error) from error
        try:
            self.stamp = self._settled()
        except BaseException:
            os.close(self.descriptor)
            raise
        self.size = self.stamp.size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def _settled(self) -> Stamp:
        """Return the stamp, once a later change is sure to give another."""
        status = os.fstat(self.descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileChanged(path=printable(self.path), change="replaced")
        age = time.time_ns() - status.st_ctime_ns
        if 0 <= age < TICK_NS:
            time.sleep((TICK_NS - age) / 1e9)
            status = os.fstat(self.descriptor)
        return stamp_of(status)

    def check_unchanged(self) -> None:
        """Refuse the file where it is no longer as it was when it was opened.

        A file that another was renamed over loses a link, which changes its stamp too.

        :raises FileChanged: it changed.
        """
        change = self.stamp.change_to(stamp_of(os.fstat(self.descriptor)))
        if change:
            raise FileChanged(path=printable(self.path), change=change)


def folder_stamp(path: bytes) -> Stamp:
    """Return the stamp of a folder, once a later change is sure to give another."""
    status = os.lstat(path)
    if not stat.S_ISDIR(status.st_mode):
        raise FileChanged(path=printable(path), change="replaced")
    age = time.time_ns() - status.st_ctime_ns
    if 0 <= age < TICK_NS:
        time.sleep((TICK_NS - age) / 1e9)
        status = os.lstat(path)
    return stamp_of(status)
