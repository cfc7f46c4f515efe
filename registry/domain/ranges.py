"""Hash one large file with many threads, range by range."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import wait
from functools import partial
from typing import TYPE_CHECKING, Final

from blake3 import blake3

from registry.domain.chunks import CHUNK_SIZE, FileHash, check_whole, hash_buffered, pieces
from registry.domain.merkle import Accumulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from registry.domain.stamps import OpenFile

    HashRange = Callable[[OpenFile, int, int], list[bytes]]

# What one thread takes at once.
RANGE_SIZE: Final = 8 * CHUNK_SIZE


def hash_in_parallel(
    file: OpenFile,
    executor: Executor,
    *,
    ahead: int,
    digests: Sequence[str] = (),
    on_bytes: Callable[[int], None] = lambda _: None,
    hash_range: HashRange | None = None,
    range_size: int = RANGE_SIZE,
) -> FileHash:
    """Hash a file by many threads at once; further digests come from the same read.

    :param ahead: how many ranges may be under way or waiting.
    :param on_bytes: told how many bytes more are done, in the calling thread.
    :param hash_range: what hashes a range, where it is not to be read into a buffer here; only
        used without further digests.
    :param range_size: how many bytes a range has, whole chunks of them.
    :raises FileChanged: the file is not what it was when it was opened.
    """
    accumulator = Accumulator()
    further = [hashlib.new(name) for name in digests]
    updates = [digest.update for digest in further]
    if updates:
        range_size = RANGE_SIZE
        ranges = _hash_with_updates(file, executor, updates)
    else:
        hash_one = partial(hash_range or hash_buffered, file)
        ranges = _hash_ranges(file.size, partial(executor.submit, hash_one), ahead, range_size)
    done = 0
    for leaves in ranges:
        for leaf in leaves:
            accumulator.add(leaf)
        step = min(range_size, file.size - done)
        done += step
        on_bytes(step)
    check_whole(file)
    return FileHash(file.size, accumulator.root, tuple(digest.digest() for digest in further))


def _hash_ranges(
    size: int, submit: Callable[[int, int], Future[list[bytes]]], ahead: int, range_size: int
) -> Iterator[list[bytes]]:
    """Yield the BLAKE3 digests of the chunks of each range, each range read by one thread."""
    pending: deque[Future[list[bytes]]] = deque()
    try:
        for start in range(0, size, range_size):
            pending.append(submit(start, min(start + range_size, size)))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        # The threads read from a descriptor that the caller is about to close.
        for future in pending:
            future.cancel()
        wait(pending)


def _hash_with_updates(
    file: OpenFile, executor: Executor, updates: Sequence[Callable[[memoryview], None]]
) -> Iterator[list[bytes]]:
    """Yield the same, reading one range while the one before it is hashed and given to updates."""
    blocks = [memoryview(bytearray(RANGE_SIZE)) for _ in range(2)]
    leaves: Future[list[bytes]] | None = None
    others: list[Future[None]] = []
    try:
        for start in range(0, file.size, RANGE_SIZE):
            block = _read_range(file, start, blocks[start // RANGE_SIZE % 2])
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
    for piece in pieces(file, start, min(start + len(block), file.size)):
        block[filled : filled + len(piece)] = piece
        filled += len(piece)
    return block[:filled]


def _hash_block(block: memoryview) -> list[bytes]:
    starts = range(0, len(block), CHUNK_SIZE)
    return [blake3(block[start : start + CHUNK_SIZE]).digest() for start in starts]
