"""Say which paths a data product may hold, so that two machines agree on them.

A path is relative, in UTF-8, in Unicode's normal form C, its parts joined by `/`. Symbolic links,
special files, names that are not UTF-8, and names in one folder that are equal after normalising
and folding the case are refused. Nothing else is: hidden files, spaces, control characters and
backslashes are names like others.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Final

from registry.errors import PathsRefused

MAX_PATH_BYTES: Final = 4096
MAX_OFFENCES_NAMED: Final = 100


class Refusal(StrEnum):
    """Why a path is refused."""

    SYMLINK = "symlink"
    SPECIAL_FILE = "special-file"
    NOT_UTF_8 = "not-utf-8"
    SAME_NAME = "same-name"
    PATH_TOO_LONG = "path-too-long"


class Offences:
    """Collect refused paths, naming the first hundred and counting all."""

    __slots__ = ("_count", "_named")

    def __init__(self) -> None:
        self._named: list[str] = []
        self._count = 0

    def __bool__(self) -> bool:
        return self._count > 0

    def add(self, path: str, refusal: Refusal) -> None:
        """Take one refused path."""
        self._count += 1
        if len(self._named) < MAX_OFFENCES_NAMED:
            self._named.append(f"{path}: {refusal}")

    def raise_if_any(self) -> None:
        """Refuse the content where a path was refused.

        :raises PathsRefused: at least one path was taken.
        """
        if self:
            raise PathsRefused(offences=self._named, count=self._count)


def normal(name: str) -> str:
    """Return the name in Unicode's normal form C."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def folded(name: str) -> str:
    """Return what two names share that a case-insensitive or normalising file system mixes up."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def printable(name: bytes) -> str:
    """Return a file name for a message; bytes that are not UTF-8 are escaped."""
    return name.decode("utf-8", "backslashreplace")


def path_problem(path: str) -> str | None:
    """Say why a path may not stand in a manifest, None where it may."""
    problem = None
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        return "path-not-utf-8"
    if not 0 < length <= MAX_PATH_BYTES:
        problem = f"path-length:{MAX_PATH_BYTES}"
    elif "\0" in path:
        problem = "path-zero-byte"
    elif any(part in {"", ".", ".."} for part in path.split("/")):
        problem = "path-not-relative"
    elif path != normal(path):
        problem = "path-not-nfc"
    return problem
