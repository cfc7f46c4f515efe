"""Hash the files of a folder in order, with all cores, in bounded memory.

Small files go in batches to processes, since opening them is bound by Python; a large file is cut
into ranges for threads, or for processes if it is very large. At most a few batches and ranges are
under way at any time, and results come in the order of the files.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice, repeat
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, Self

from registry.domain.batches import (
    LARGE_SIZE,
    Batch,
    Hashed,
    Segment,
    hash_batch,
    segment_of,
)
from registry.domain.chunks import FileHash, hash_buffered, hash_in_place
from registry.domain.mapped import Range
from registry.domain.processes import HashingProcess, WorkerLostError
from registry.domain.ranges import RANGE_SIZE, hash_in_parallel
from registry.domain.stamps import OpenFile, beneath
from registry.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.domain.cache import FingerprintCache
    from registry.domain.checkpoint import Checkpoint
    from registry.domain.stamps import Stamp
    from registry.domain.walk import FoundFile

# Batches grow, so that a folder of few files keeps every core busy, and one of many loses little
# between them. Each begins at a multiple of its size, which makes it a whole subtree.
_FIRST_BATCHES: Final = (16,) * 8 + (64,) * 2 + (256,) * 31
_BATCH_FILES: Final = 1024
_AHEAD: Final = 3
# Below this many files, starting processes costs more than they save.
_FILES_WORTH_PROCESSES: Final = 512
_SIZE_WORTH_PROCESSES: Final = 256 << 20
# Large enough that a process seldom waits for its next range, small enough to keep all busy.
_MAPPED_RANGES: Final = 64
_MAPPED_RANGE_STEP: Final = 32 << 20


class HashedFiles(NamedTuple):
    """Neighbouring files by their paths, and what they come to."""

    paths: Sequence[bytes]
    segment: Segment


class _Pending(NamedTuple):
    """A batch under way, and by what its files will be known again."""

    batch: Batch
    hashed: Future[Hashed]
    keys: Sequence[Any]


class _Memory(Protocol):
    """What knows files again: a cache, or a checkpoint."""

    def recall(self, batch: Batch) -> tuple[Sequence[Any], Sequence[FileHash | None]]:
        """Return by what the files of a batch are known, and what those came to that are.

        Both are empty where none is known and each is to be known by its stamp.
        """

    def remember(
        self,
        paths: Sequence[bytes],
        keys: Sequence[Any],
        hashes: Sequence[FileHash],
        digests: Sequence[str],
    ) -> None:
        """Keep what neighbouring files came to, with these further digests."""


class Hasher:
    """Hash files with a number of workers. Use it as a context manager: leaving it ends them.

    :param lines: whether the lines of the manifest are wanted.
    :param detail: whether what each file comes to is wanted.
    :param cache: a memory of unchanged files.
    :param checkpoint: where to keep what was read, in place of a cache.
    :param on_bytes: told how many bytes more are done, in the calling thread.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        digests: tuple[str, ...] = (),
        lines: bool = False,
        detail: bool = False,
        cache: FingerprintCache | None = None,
        checkpoint: Checkpoint | None = None,
        on_bytes: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._workers = workers or _cores()
        self._digests = digests
        self._lines = lines
        self._memory: _Memory | None = checkpoint or cache
        self._detail = detail
        self._checkpoint = checkpoint
        self._on_bytes = on_bytes
        self._executor = ThreadPoolExecutor(self._workers, thread_name_prefix="hash")
        self._processes: list[HashingProcess] = []
        self._idle: SimpleQueue[HashingProcess] = SimpleQueue()
        self._use_processes = False
        self._lost_process = False
        self._stopping = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        for process in self._processes:
            process.kill()
        self._executor.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()

    def hash_file(self, path: bytes) -> FileHash:
        """Hash one file with all workers.

        :raises FileChanged: it changed while it was being read, or is gone.
        :raises FileUnreadable: it cannot be read.
        """
        if self._memory is None:
            return self._hash_large(path)[0]
        folder, name = os.path.split(path)
        keys, known = self._memory.recall(Batch(folder or b".", [b""], [name], self._digests))
        if any(known):
            hashed = next(filter(None, known))
            self._on_bytes(hashed.size)
            return hashed
        hashed, stamp = self._hash_large(path)
        self._memory.remember([b""], keys or [stamp], [hashed], self._digests)
        return hashed

    def hash_all(self, root: bytes, files: Iterable[FoundFile]) -> Iterator[HashedFiles]:
        """Hash the files of a folder, in order.

        :raises FileChanged: a file changed while it was being read, or is gone.
        :raises FileUnreadable: a file cannot be read.
        """
        pending: deque[_Pending] = deque()
        for batch in self._batches(root, files):
            pending.append(self._submit(batch))
            if len(pending) > self._workers * _AHEAD:
                yield from self._take(pending.popleft())
        while pending:
            yield from self._take(pending.popleft())

    def _batches(self, root: bytes, files: Iterable[FoundFile]) -> Iterator[Batch]:
        rest = iter(files)
        taken = 0
        for length in chain(_FIRST_BATCHES, repeat(_BATCH_FILES)):
            some = list(islice(rest, length))
            if not some:
                return
            taken += len(some)
            if taken >= _FILES_WORTH_PROCESSES and self._workers > 1:
                self._use_processes = True
            paths = [path for path, _ in some]
            disk_paths = [path for _, path in some]
            if paths == disk_paths:
                # Pickled as one list.
                disk_paths = paths
            yield Batch(
                root, paths, disk_paths, self._digests, lines=self._lines, detail=self._detail
            )

    def _submit(self, batch: Batch) -> _Pending:
        if self._memory is None:
            return _Pending(batch, self._executor.submit(self._run, batch), ())
        keys, known = self._memory.recall(batch)
        # What is all known comes to nothing that is not: it need not be told again.
        detail = self._detail or not keys or any(keys)
        batch = batch._replace(known=known, detail=detail, stamped=not keys)
        return _Pending(batch, self._executor.submit(self._run, batch), keys)

    def _run(self, batch: Batch) -> Hashed:
        """Hash a batch in a process, or in this thread where there is none to be had."""
        if self._use_processes and not self._lost_process:
            try:
                with self._process() as process:
                    return process.hash(batch)
            except WorkerLostError:
                self._do_without()
        return hash_batch(batch)

    def _run_range(self, file: OpenFile, start: int, end: int) -> list[bytes]:
        """Hash a range in a process, or in this thread where there is none to be had."""
        if not self._lost_process:
            try:
                with self._process() as process:
                    return process.hash_range(Range(file.path, file.stamp, start, end))
            except WorkerLostError:
                self._do_without()
        return hash_buffered(file, start, end)

    @contextmanager
    def _process(self) -> Iterator[HashingProcess]:
        """Lend an idle process, or a new one, and take it back unless it is lost."""
        try:
            process = self._idle.get_nowait()
        except Empty:
            process = HashingProcess()
            self._processes.append(process)
        try:
            yield process
        except WorkerLostError:
            raise
        except RegistryError:
            self._idle.put(process)
            raise
        self._idle.put(process)

    def _do_without(self) -> None:
        """Start no process any more, since one was lost; when stopping, go no further at all."""
        if self._stopping:
            raise WorkerLostError
        self._lost_process = True

    def _take(self, pending: _Pending) -> Iterator[HashedFiles]:
        """Yield what a batch comes to, hashing its large files on the way."""
        batch = pending.batch
        start = 0
        for part in pending.hashed.result():
            if part is None:
                on_disk = beneath(batch.root, batch.disk_paths[start])
                large, stamp = self._hash_large(on_disk, batch.paths[start])
                segment = segment_of(batch, batch.paths[start : start + 1], [large], [stamp])
            else:
                segment = part
                self._on_bytes(segment.size)
            end = start + segment.files
            keys = pending.keys[start:end] or segment.stamps
            if self._memory is not None and segment.hashes:
                self._memory.remember(batch.paths[start:end], keys, segment.hashes, self._digests)
            yield HashedFiles(batch.paths[start:end], segment)
            start = end

    def _hash_large(self, on_disk: bytes, path: bytes = b"") -> tuple[FileHash, Stamp]:
        """Hash a file with all workers; `path` is where it stands in the content.

        With it goes the stamp from before it was read.
        """
        with OpenFile(on_disk) as file:
            if file.size <= LARGE_SIZE:
                hashed = hash_in_place(file, self._digests)
                self._on_bytes(hashed.size)
                return hashed, file.stamp
            mapped = self._use_processes or file.size >= _SIZE_WORTH_PROCESSES
            kept = self._checkpoint
            hashed = hash_in_parallel(
                file,
                self._executor,
                ahead=self._workers * _AHEAD,
                digests=self._digests,
                on_bytes=self._on_bytes,
                hash_range=self._run_range if mapped else None,
                range_size=_mapped_range_size(file.size) if mapped else RANGE_SIZE,
                memory=kept.of_file(path, file.stamp) if kept else None,
            )
            return hashed, file.stamp


def _mapped_range_size(size: int) -> int:
    """Return how large the ranges of a file of this size are, for processes that map it."""
    return _MAPPED_RANGE_STEP * -(-size // (_MAPPED_RANGES * _MAPPED_RANGE_STEP))


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
