"""Write files that are their owner's alone and survive lost power, and read them as safely."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final

from registry.errors import KeystoreExposed

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class NoFileOfOurs(OSError):
    """What is there is no regular file: `strerror` is the reason, as the catalogue has it."""


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, and have them survive lost power."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        _sync(one.parent)


def write(path: Path, content: bytes) -> None:
    """Write a new file that is there whole or not at all, and stays."""
    temporary = path.with_name(f".{path.name}.new")
    # What a process that was killed here left behind.
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            # Whatever the umask left of the mode.
            os.fchmod(descriptor, 0o600)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def remove(path: Path) -> None:
    """Remove a file for good."""
    path.unlink()
    _sync(path.parent)


def read(path: Path, limit: int) -> bytes:
    """Return the first bytes of a file in a folder of ours, at most `limit`.

    What is looked at is what is read: it cannot be exchanged between the two.
    :raises KeystoreExposed: where others may read the file.
    :raises NoFileOfOurs: for a link, which is not followed, and a pipe, which is not waited for.
    """
    with open(path, "rb", opener=_regular) as file:
        refuse_exposed(path, os.fstat(file.fileno()))
        return file.read(limit)


def refuse_exposed(path: Path, found: os.stat_result) -> None:
    """Raise KeystoreExposed where others than the owner may read a file or folder."""
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS:
        raise KeystoreExposed(path=str(path), mode=f"{mode:04o}")


def _regular(path: str, flags: int) -> int:
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NoFileOfOurs(errno.ELOOP, "keystore-link") from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoFileOfOurs(errno.EINVAL, "keystore-special")
    return descriptor


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
