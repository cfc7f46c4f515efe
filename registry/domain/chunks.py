"""Hash one file: the RFC 6962 tree over its chunks of 1 MiB.

A chunk's leaf is SHA-256(0x00 ‖ BLAKE3(chunk)); only the last chunk may be shorter. A file without
bytes has no chunk, and its root is that of the empty tree, SHA-256 of nothing. BLAKE3 is what makes
this as quick as memory; SHA-256 above it is what a contract can check.

Files are read into buffers here and not mapped into memory: a mapped file that someone cuts short
takes the whole process down. `mapped` does it where that can be borne.
"""

from __future__ import annotations

import hashlib
import os
import threading
from stat import S_ISREG
from typing import TYPE_CHECKING, Final, NamedTuple

from blake3 import blake3

from registry.domain.columns import Rows
from registry.domain.merkle import EMPTY_ROOT, Accumulator, leaf_hash
from registry.domain.paths import printable
from registry.domain.stamps import OPEN_FLAGS, unreadable
from registry.errors import FileChanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.stamps import OpenFile

CHUNK_SIZE: Final = 1 << 20
# A read this small stays in a core's own cache until it is hashed.
_READ_SIZE: Final = 1 << 18
_buffers = threading.local()


class FileHash(NamedTuple):
    """What a file's bytes come to: their number, the root, the further digests as asked."""

    size: int
    digest: bytes
    further: tuple[bytes, ...] = ()


class FileHashes(Rows[FileHash]):
    """Hold what neighbouring files come to."""

    __slots__ = ()
    row = FileHash


def chunk_leaf(chunk: bytes) -> bytes:
    """Return the leaf hash of one chunk."""
    return leaf_hash(blake3(chunk).digest())


def _buffer() -> memoryview:
    """Return this thread's buffer."""
    if not hasattr(_buffers, "view"):
        _buffers.view = memoryview(bytearray(_READ_SIZE))
    view: memoryview = _buffers.view
    return view


def pieces(file: OpenFile, offset: int, end: int) -> Iterator[memoryview]:
    """Yield the bytes of a range, at most a read's worth at once, in one buffer used again.

    :raises FileChanged: the file is shorter than it was.
    :raises FileUnreadable: it cannot be read.
    """
    buffer = _buffer()
    while offset < end:
        try:
            count = os.preadv(file.descriptor, [buffer[: min(_READ_SIZE, end - offset)]], offset)
        except OSError as error:
            raise unreadable(file.path, error) from error
        if not count:
            file.check_unchanged()
            raise FileChanged(path=printable(file.path), change="shrank")
        offset += count
        yield buffer[:count]


def check_whole(file: OpenFile) -> None:
    """Refuse a file that has more bytes than it had, or that changed in any other way.

    :raises FileChanged: it did.
    """
    file.check_unchanged()
    try:
        beyond = os.pread(file.descriptor, 1, file.size)
    except OSError as error:
        raise unreadable(file.path, error) from error
    if beyond:
        raise FileChanged(path=printable(file.path), change="grew")


def hash_tiny(path: bytes, settled_ns: int) -> tuple[FileHash, os.stat_result] | None:
    """Hash a file of at most one chunk in as few steps as can be, None where more care is needed.

    With it goes the status from before it was read.

    That is a file that is larger, no regular one, changed after `settled_ns` (nanoseconds since
    1970), changes meanwhile, or cannot be read: `hash_in_place` then says what there is to say.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError:
        return None
    try:
        before = os.fstat(descriptor)
        size = before.st_size
        if size > CHUNK_SIZE or before.st_ctime_ns > settled_ns or not S_ISREG(before.st_mode):
            return None
        # One byte more: what the system makes up, as in /proc, has bytes and no size.
        data = os.read(descriptor, size + 1)
        after = os.fstat(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    # Every change of a file's bytes changes this time, whatever else was set back.
    if after.st_ctime_ns != before.st_ctime_ns or len(data) != size:
        return None
    return FileHash(size, leaf_hash(blake3(data).digest()) if size else EMPTY_ROOT), before


def hash_in_place(file: OpenFile, digests: Sequence[str] = ()) -> FileHash:
    """Hash a file in the calling thread.

    :raises FileChanged: the file is not what it was when it was opened.
    """
    accumulator = Accumulator()
    further = [hashlib.new(name) for name in digests]
    for start in range(0, file.size, CHUNK_SIZE):
        chunk = blake3()
        for piece in pieces(file, start, min(start + CHUNK_SIZE, file.size)):
            chunk.update(piece)
            for digest in further:
                digest.update(piece)
        accumulator.add(chunk.digest())
    check_whole(file)
    return FileHash(file.size, accumulator.root, tuple(digest.digest() for digest in further))


def hash_buffered(file: OpenFile, start: int, end: int) -> list[bytes]:
    """Return the BLAKE3 digests of the chunks of a range, read into this thread's buffer.

    :raises FileChanged: the file is shorter than it was.
    """
    leaves = []
    for offset in range(start, end, CHUNK_SIZE):
        chunk = blake3()
        for piece in pieces(file, offset, min(offset + CHUNK_SIZE, end)):
            chunk.update(piece)
        leaves.append(chunk.digest())
    return leaves
