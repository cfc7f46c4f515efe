"""Hash a range of a large file straight from the system's cache, without copying it.

A file that someone cuts short while it is mapped takes its process down. So only a process that can
be lost does this: whoever loses one reads the range the ordinary way, and finds out what happened.
"""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING, Final, NamedTuple

from blake3 import blake3

from registry.domain.chunks import CHUNK_SIZE
from registry.domain.paths import printable
from registry.domain.stamps import OpenFile
from registry.errors import FileChanged

if TYPE_CHECKING:
    from registry.domain.stamps import Stamp

# Asked for in advance where it is not cached, so that the disk is busy while chunks are hashed.
_WINDOW: Final = 8 << 20


class Range(NamedTuple):
    """Bytes of a file, from the beginning of a chunk to the end of one or of the file.

    :ivar stamp: what the file was when it was first opened.
    """

    path: bytes
    stamp: Stamp
    start: int
    end: int


def hash_mapped(wanted: Range) -> list[bytes]:
    """Return the BLAKE3 digests of the chunks of a range.

    :raises FileChanged: the file is no longer as it was.
    :raises FileUnreadable: it cannot be read.
    """
    with OpenFile(wanted.path) as file:
        if change := wanted.stamp.change_to(file.stamp):
            raise FileChanged(path=printable(wanted.path), change=change)
        leaves: list[bytes] = []
        for start in range(wanted.start, wanted.end, _WINDOW):
            _ask_for(file.descriptor, start)
            leaves += _hash_window(file.descriptor, start, min(_WINDOW, wanted.end - start))
        return leaves


def _hash_window(descriptor: int, start: int, length: int) -> list[bytes]:
    with (
        mmap.mmap(descriptor, length, mmap.MAP_SHARED, mmap.PROT_READ, offset=start) as mapped,
        memoryview(mapped) as view,
    ):
        leaves = []
        for offset in range(0, length, CHUNK_SIZE):
            with view[offset : offset + CHUNK_SIZE] as chunk:
                leaves.append(blake3(chunk).digest())
        return leaves


def _ask_for(descriptor: int, start: int) -> None:
    """Have a window read, and the one after it, unless the cache holds its first byte already."""
    try:
        os.preadv(descriptor, [bytearray(1)], start, os.RWF_NOWAIT)
    except OSError:
        # Not cached, or a file system that cannot tell.
        os.posix_fadvise(descriptor, start, 2 * _WINDOW, os.POSIX_FADV_WILLNEED)
