"""Hash one large file with many threads, range by range."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import wait
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from blake3 import blake3

from registry.domain.chunks import CHUNK_SIZE, FileHash, check_whole, hash_buffered, pieces
from registry.domain.merkle import Accumulator

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from registry.domain.stamps import OpenFile

    HashRange = Callable[[OpenFile, int, int], list[bytes]]

# What one thread takes at once.
RANGE_SIZE: Final = 8 * CHUNK_SIZE


class ChunkMemory(Protocol):
    """What knows chunks of one file by their BLAKE3 digests."""

    def chunks(self) -> Iterator[Sequence[bytes]]:
        """Yield the first chunks, as far as they are known."""

    def remember(self, first: int, leaves: Sequence[bytes]) -> None:
        """Keep neighbouring chunks, by the number of the first."""


def hash_in_parallel(
    file: OpenFile,
    executor: Executor,
    *,
    ahead: int,
    digests: Sequence[str] = (),
    on_bytes: Callable[[int], None] = lambda _: None,
    hash_range: HashRange | None = None,
    range_size: int = RANGE_SIZE,
    memory: ChunkMemory | None = None,
) -> FileHash:
    """Hash a file by many threads at once; further digests come from the same read.

    :param ahead: how many ranges may be under way or waiting.
    :param on_bytes: told how many bytes more are done, in the calling thread.
    :param hash_range: what hashes a range, where it is not to be read into a buffer here; only
        used without further digests.
    :param range_size: how many bytes a range has, whole chunks of them.
    :param memory: what knows the file's first chunks, which are not read again, and is told of
        those that were; only used without further digests, which need every byte.
    :raises FileChanged: the file is not what it was when it was opened.
    """
    accumulator = Accumulator()
    further = [hashlib.new(name) for name in digests]
    updates = [digest.update for digest in further]
    if updates:
        ranges = _hash_with_updates(file, executor, updates)
    else:
        for leaves in memory.chunks() if memory else ():
            _take(accumulator, leaves, file, on_bytes)
        start = accumulator.size * CHUNK_SIZE
        hash_one = partial(hash_range or hash_buffered, file)
        submit = partial(executor.submit, hash_one)
        ranges = _hash_ranges(range(start, file.size, range_size), file.size, submit, ahead)
    # Closed here, whatever is raised: what is under way ends while its file is open.
    with closing(ranges):
        for leaves in ranges:
            if memory and not updates:
                memory.remember(accumulator.size, leaves)
            _take(accumulator, leaves, file, on_bytes)
    check_whole(file)
    return FileHash(file.size, accumulator.root, tuple(digest.digest() for digest in further))


def _take(
    accumulator: Accumulator,
    leaves: Sequence[bytes],
    file: OpenFile,
    on_bytes: Callable[[int], None],
) -> None:
    """Append neighbouring chunks, and tell how many bytes they have."""
    before = accumulator.size * CHUNK_SIZE
    for leaf in leaves:
        accumulator.add(leaf)
    on_bytes(min(accumulator.size * CHUNK_SIZE, file.size) - before)


def _hash_ranges(
    starts: range, size: int, submit: Callable[[int, int], Future[list[bytes]]], ahead: int
) -> Generator[list[bytes]]:
    """Yield the BLAKE3 digests of the chunks of each range, each range read by one thread."""
    pending: deque[Future[list[bytes]]] = deque()
    try:
        for start in starts:
            pending.append(submit(start, min(start + starts.step, size)))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        # The threads read from a descriptor that the caller is about to close.
        # One that was cancelled is never run, and nobody tells of it once the threads are gone.
        wait([future for future in pending if not future.cancel()])


def _hash_with_updates(
    file: OpenFile, executor: Executor, updates: Sequence[Callable[[memoryview], None]]
) -> Generator[list[bytes]]:
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
