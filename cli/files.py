"""Read the small files that commands are given, and write those that they are asked for."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final

import click

from registry.errors import ContentMissing, FileTooLong, FileUnreadable, FileUnwritable
from registry.regular_files import handed, open_given

if TYPE_CHECKING:
    from pathlib import Path


_DIGEST_BYTES: Final = 32
_HEARD: Final = "cli.files.heard"
MAX_BYTES: Final = 16 * 1024 * 1024
"""More than anybody writes by hand, and little enough to hold at once."""


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a small file, or of a pipe that the shell handed over.

    Such a pipe is read once, and gives the same again within a command. A pipe in a folder is
    refused: nobody may ever write to it.
    Raises `ContentMissing`, `FileUnreadable`, and `FileTooLong` beyond `MAX_BYTES`.
    """
    number, heard = handed(path), _heard()
    if number in heard:
        return heard[number]
    try:
        with open_given(path, devices=True) as file:
            found = file.read(MAX_BYTES + 1) or b""
    except FileNotFoundError as error:
        raise ContentMissing(path=str(path)) from error
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    if len(found) > MAX_BYTES:
        raise FileTooLong(path=str(path), limit=MAX_BYTES)
    if number is not None:
        heard[number] = found
    return found


def _heard() -> dict[int | None, bytes]:
    """Return what this command has read of the pipes that it was handed."""
    context = click.get_current_context(silent=True)
    found: dict[int | None, bytes] = {}
    return found if context is None else context.meta.setdefault(_HEARD, found)


def read_text(path: Path) -> str:
    """Return the text of a small UTF-8 file without the white space around it.

    Raises as `read_bytes` does, and `FileUnreadable` where it is no text, or empty.
    """
    try:
        text = read_bytes(path).decode().strip()
    except UnicodeDecodeError as error:
        raise FileUnreadable(path=str(path), reason="not-utf-8") from error
    if not text:
        raise FileUnreadable(path=str(path), reason="empty")
    return text


def write_text(path: Path, text: str) -> None:
    """Write a text into a file; raises `FileUnwritable`."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnwritable(path=str(path), reason=error.strerror or str(error)) from error


def make_folder(path: Path) -> None:
    """Make a folder, and those that it stands in, unless it is there; raises `FileUnwritable`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritable(path=str(path), reason=error.strerror or str(error)) from error


def look_for_room(path: Path, *, folder: bool = False) -> None:
    """Refuse a place that nothing can be written to, before what is written there is done.

    With `folder` it is that of a folder, which may have to be made. Raises `FileUnwritable`.
    """
    if folder:
        place = next(one for one in (path, *path.absolute().parents) if one.exists())
        wrong = errno.ENOTDIR if not place.is_dir() else 0
    else:
        place = path if path.exists() else path.parent
        wrong = errno.EISDIR if path.is_dir() else 0 if path.parent.is_dir() else errno.ENOENT
    if not wrong and not os.access(place, os.W_OK):
        wrong = errno.EACCES
    if wrong:
        raise FileUnwritable(path=str(path), reason=os.strerror(wrong))


def file_digest(path: Path | None) -> bytes:
    """Return the SHA-256 of a small file, all zero for none; raises as `read_bytes` does."""
    from hashlib import sha256  # noqa: PLC0415 (start-up time)

    return bytes(_DIGEST_BYTES) if path is None else sha256(read_bytes(path)).digest()


def look_for(path: Path) -> None:
    """Refuse a file that is not there or cannot be read: `ContentMissing`, `FileUnreadable`."""
    if not path.exists():
        raise ContentMissing(path=str(path))
    if not os.access(path, os.R_OK):
        raise FileUnreadable(path=str(path), reason=os.strerror(errno.EACCES))


def look_at(path: Path) -> None:
    """Refuse what holds nothing to hash: `ContentMissing`, `FolderEmpty`, `PathsRefused`."""
    # Imported here for start-up time: few commands read content.
    from registry.domain.content import kind_of  # noqa: PLC0415
    from registry.domain.walk import FolderWalk  # noqa: PLC0415

    if kind_of(path) == "folder":
        next(iter(FolderWalk(os.fsencode(path))))
