"""Hash one file: the RFC 6962 tree over its chunks of 1 MiB.

A chunk's leaf is SHA-256(0x00 ‖ BLAKE3(chunk)); only the last chunk may be shorter. A file without
bytes has no chunk, and its root is that of the empty tree, SHA-256 of nothing. BLAKE3 is what makes
this as quick as memory; SHA-256 above it is what a contract can check.

Files are read into buffers and never mapped into memory: a mapped file that someone cuts short
takes the whole process down.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import deque
from concurrent.futures import wait
from typing import TYPE_CHECKING, Final, NamedTuple

from blake3 import blake3

from registry.domain.merkle import Accumulator, leaf_hash
from registry.domain.paths import printable
from registry.domain.stamps import unreadable
from registry.errors import FileChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from registry.domain.stamps import OpenFile

CHUNK_SIZE: Final = 1 << 20
RANGE_CHUNKS: Final = 8
_RANGE_SIZE: Final = CHUNK_SIZE * RANGE_CHUNKS
# A read this small stays in a core's own cache until it is hashed.
_READ_SIZE: Final = 1 << 18
_buffers = threading.local()


class FileHash(NamedTuple):
    """What a file's bytes come to: their number, the root, the further digests as asked."""

    size: int
    digest: bytes
    further: tuple[bytes, ...] = ()


def chunk_leaf(chunk: bytes) -> bytes:
    """Return the leaf hash of one chunk."""
    return leaf_hash(blake3(chunk).digest())


def _buffer() -> memoryview:
    """Return this thread's buffer."""
    if not hasattr(_buffers, "view"):
        _buffers.view = memoryview(bytearray(_READ_SIZE))
    view: memoryview = _buffers.view
    return view


def _pieces(file: OpenFile, offset: int, end: int) -> Iterator[memoryview]:
    """Yield the bytes of a range, at most a read's worth at once, in one buffer used again."""
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


def _check_whole(file: OpenFile) -> None:
    """Refuse a file that has more bytes than it had, or that changed in any other way."""
    file.check_unchanged()
    if os.pread(file.descriptor, 1, file.size):
        raise FileChanged(path=printable(file.path), change="grew")


def hash_in_place(file: OpenFile, digests: Sequence[str] = ()) -> FileHash:
    """Hash a file in the calling thread.

    :raises FileChanged: the file is not what it was when it was opened.
    """
    accumulator = Accumulator()
    further = [hashlib.new(name) for name in digests]
    for start in range(0, file.size, CHUNK_SIZE):
        chunk = blake3()
        for piece in _pieces(file, start, min(start + CHUNK_SIZE, file.size)):
            chunk.update(piece)
            for digest in further:
                digest.update(piece)
        accumulator.add(chunk.digest())
    _check_whole(file)
    return FileHash(file.size, accumulator.root, tuple(digest.digest() for digest in further))


def hash_in_parallel(
    file: OpenFile,
    executor: Executor,
    *,
    ahead: int,
    digests: Sequence[str] = (),
    on_bytes: Callable[[int], None] = lambda _: None,
) -> FileHash:
    """Hash a file by many threads at once; further digests come from the same read.

    :param ahead: how many ranges of 8 MiB may be under way or waiting.
    :param on_bytes: told how many bytes more are done, in the calling thread.
    :raises FileChanged: the file is not what it was when it was opened.
    """
    accumulator = Accumulator()
    further = [hashlib.new(name) for name in digests]
    updates = [digest.update for digest in further]
    if updates:
        ranges = _hash_with_updates(file, executor, updates)
    else:
        ranges = _hash_ranges(file, executor, ahead)
    done = 0
    for leaves in ranges:
        for leaf in leaves:
            accumulator.add(leaf)
        step = min(_RANGE_SIZE, file.size - done)
        done += step
        on_bytes(step)
    _check_whole(file)
    return FileHash(file.size, accumulator.root, tuple(digest.digest() for digest in further))


def _hash_ranges(file: OpenFile, executor: Executor, ahead: int) -> Iterator[list[bytes]]:
    """Yield the BLAKE3 digests of the chunks of each range, each range read by one thread."""
    pending: deque[Future[list[bytes]]] = deque()
    try:
        for start in range(0, file.size, _RANGE_SIZE):
            pending.append(executor.submit(_hash_range, file, start))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        # The threads read from a descriptor that the caller is about to close.
        for future in pending:
            future.cancel()
        wait(pending)


def _hash_range(file: OpenFile, start: int) -> list[bytes]:
    leaves = []
    end = min(start + _RANGE_SIZE, file.size)
    for offset in range(start, end, CHUNK_SIZE):
        chunk = blake3()
        for piece in _pieces(file, offset, min(offset + CHUNK_SIZE, end)):
            chunk.update(piece)
        leaves.append(chunk.digest())
    return leaves


def _hash_with_updates(
    file: OpenFile, executor: Executor, updates: Sequence[Callable[[memoryview], None]]
) -> Iterator[list[bytes]]:
    """Yield the same, reading one range while the one before it is hashed and given to updates."""
    blocks = [memoryview(bytearray(_RANGE_SIZE)) for _ in range(2)]
    leaves: Future[list[bytes]] | None = None
    others: list[Future[None]] = []
    try:
        for start in range(0, file.size, _RANGE_SIZE):
            block = _read_range(file, start, blocks[start // _RANGE_SIZE % 2])
            if leaves:
                yield leaves.result()
            for future in others:
                future.result()
            leaves = executor.submit(_hash_block, block)
            others = [executor.submit(update, block) for update in updates]
        if leaves:
            yield leaves.result()
    finally:
        wait(others)


def _read_range(file: OpenFile, start: int, block: memoryview) -> memoryview:
    filled = 0
    for piece in _pieces(file, start, min(start + len(block), file.size)):
        block[filled : filled + len(piece)] = piece
        filled += len(piece)
    return block[:filled]


def _hash_block(block: memoryview) -> list[bytes]:
    starts = range(0, len(block), CHUNK_SIZE)
    return [blake3(block[start : start + CHUNK_SIZE]).digest() for start in starts]
