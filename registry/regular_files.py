"""Open files without waiting for ever: a pipe would be waited for, a device would never end."""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_HANDED: Final = re.compile(r"/dev/stdin|(?:/dev|/proc/self)/fd/([0-9]{1,6})")

NOT_REGULAR: Final = "not-regular"
"""What an error's `strerror` says of anything but a file: a code of the catalogue."""
NAMED_PIPE: Final = "named-pipe"
"""What it says of a pipe in a folder, where one that was handed over would be read."""


def opened(path: Path) -> IO[bytes]:
    """Return a regular file open for reading, without ever waiting for one.

    Raises OSError, also for whatever is no regular file and for a name that none can have.
    """
    return os.fdopen(_descriptor(path, devices=False, pipe=NOT_REGULAR), "rb")


def open_given(path: Path, *, devices: bool = False, buffering: int = -1) -> IO[bytes]:
    """Return open for reading what a person names: a file, or a pipe that the shell handed over.

    Such a pipe is called `/dev/stdin` or `/dev/fd/N`, as process substitution does; it comes once,
    and is waited for. One in a folder may have no writer, and is refused; so is a device, but with
    `devices`, which is for who reads up to a bound: it gives what it has at the moment.
    Raises OSError as `opened` does.
    """
    number = handed(path)
    if number is not None:
        return os.fdopen(os.dup(number), "rb", buffering)
    return os.fdopen(_descriptor(path, devices=devices, pipe=NAMED_PIPE), "rb", buffering)


def handed(path: Path) -> int | None:
    """Return the number of the pipe, socket or terminal that a path names as the shell does."""
    named = _HANDED.fullmatch(os.fspath(path))
    if named is None:
        return None
    number = int(named[1] or 0)
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        return None
    streams = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(number)
    return number if streams else None


def _descriptor(path: Path, *, devices: bool, pipe: str) -> int:
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:
        # A zero byte, which a name within a document may have.
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or (devices and (stat.S_ISCHR(mode) or stat.S_ISBLK(mode))):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, pipe if stat.S_ISFIFO(mode) else NOT_REGULAR, str(path))
