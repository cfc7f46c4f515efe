"""Open files that must be files: a pipe would be waited for, a device would never end."""

from __future__ import annotations

import errno
import os
import stat
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC

NOT_REGULAR: Final = "not-regular"
"""What an error's `strerror` says of anything but a file: a code of the catalogue."""


def opened(path: Path) -> IO[bytes]:
    """Return a regular file open for reading, without ever waiting for one.

    Raises OSError, also for whatever is no regular file and for a name that none can have.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:
        # A zero byte, which a name within a document may have.
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
    if stat.S_ISDIR(mode := os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, NOT_REGULAR, str(path))
    return os.fdopen(descriptor, "rb")
