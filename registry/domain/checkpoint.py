"""Keep what was read of a content, so that an interrupted fingerprint can go on where it was.

A checkpoint is a folder of runs, one file for each attempt. A run holds frames in the order of the
paths: what whole files came to, and of a large file the chunks so far. Frames are appended and
carry a checksum, so that a run that ends in the middle of one, as after `kill -9`, is good up to
there. Nothing of it counts unless resuming is asked for, and then only for a file whose stamp
(device, inode, size, times of modification and of change) is what it was before it was read. The
checksum finds damage, not intent: whoever can write in the home can write a checkpoint.

Content that is done within a moment leaves no trace on the disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from registry.domain import checkpoint_frames as frames
from registry.domain.chunks import CHUNK_SIZE
from registry.domain.digests import wanted
from registry.domain.stamps import beneath, current_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.domain.batches import Batch
    from registry.domain.chunks import FileHash, FileHashes
    from registry.domain.ranges import ChunkMemory
    from registry.domain.stamps import Stamp

CHUNKS_WORTH_KEEPING: Final = 64 << 20
"""Bytes of a file from which its chunks are kept while it is read."""

_WRITE_SECONDS: Final = 1.0
_SYNC_SECONDS: Final = 10.0
_MOST_RUNS: Final = 64


class Standing(NamedTuple):
    """What a checkpoint has.

    :ivar runs: how many attempts left something; 0 where there is no checkpoint.
    :ivar files: how many whole files are known.
    :ivar size: bytes that need not be read again as long as their files are unchanged.
    :ivar damaged: whether a part could not be read; what it said is not known.
    """

    runs: int
    files: int
    size: int
    damaged: bool


class Checkpoint:
    """Remember what files and chunks of one content came to. Use it as a context manager.

    Leaving it after an exception keeps what was read; leaving it otherwise removes it all.

    :param folder: where the checkpoints of this home are.
    :param content: the file or folder that is fingerprinted.
    :param digests: the further digests that are computed with it.
    :param resume: whether to rely on what earlier attempts kept.
    :param write_seconds: how long what was read may be held in memory alone.
    :param sync_seconds: how long what was written may be held by the system alone.
    """

    def __init__(
        self,
        folder: Path,
        content: Path,
        digests: Sequence[str] = (),
        *,
        resume: bool = False,
        write_seconds: float = _WRITE_SECONDS,
        sync_seconds: float = _SYNC_SECONDS,
    ) -> None:
        self.folder = place(folder, content, digests)
        self._digests = wanted(digests)
        earlier = _runs(self.folder)[-_MOST_RUNS:] if resume else []
        self._readers = [frames.Reader(path, self._digests) for path in earlier]
        self._resume = resume
        self._partial: dict[bytes, list[tuple[frames.Reader, int]]] = {}
        self._descriptor: int | None = None
        self._pending: list[bytes] = []
        self._write_seconds = write_seconds
        self._sync_seconds = sync_seconds
        self._written = self._synced = time.monotonic()
        self._given_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.discard()
        else:
            self.keep()
        self._close()

    def recall(self, batch: Batch) -> tuple[Sequence[Stamp | None], Sequence[FileHash | None]]:
        """Return the stamps of the files of a batch, and what those came to that are known.

        Batches come in the order of their paths, each file once. What is known already has no
        stamp, since it need not be kept again; where nothing is, no file is looked at, since its
        stamp comes with what it comes to.
        """
        if not self._readers:
            return (), ()
        stamps = [_stamp(beneath(batch.root, path)) for path in batch.disk_paths]
        if all_known := self._find_together(batch.paths, stamps):
            return [None] * len(stamps), all_known
        pairs = list(zip(batch.paths, stamps, strict=True))
        found = [self._find(path, stamp) for path, stamp in pairs]
        return [None if known else pair[1] for known, pair in zip(found, pairs, strict=True)], found

    def remember(
        self,
        paths: Sequence[bytes],
        stamps: Sequence[Stamp | None],
        hashes: Sequence[FileHash],
        digests: Sequence[str],
    ) -> None:
        """Keep what neighbouring files came to; the stamps are from before they were read."""
        if tuple(digests) != self._digests:
            raise ValueError("a checkpoint of other further digests")
        known = [
            (path, stamp, hashed)
            for path, stamp, hashed in zip(paths, stamps, hashes, strict=True)
            if stamp is not None and stamp.size == hashed.size
        ]
        if known:
            self.append(frames.of_files(known))

    def of_file(self, path: bytes, stamp: Stamp) -> ChunkMemory | None:
        """Return what keeps the chunks of a large file, None for one that is not worth it."""
        known = self._partial.pop(path, [])
        return _Chunks(self, path, stamp, known) if stamp.size >= CHUNKS_WORTH_KEEPING else None

    def append(self, frame: bytes) -> None:
        """Keep a frame, now or with those that follow shortly."""
        if self._given_up:
            return
        self._pending.append(frame)
        if self._due(self._written, self._write_seconds):
            self._write()
            if self._due(self._synced, self._sync_seconds):
                self._sync()

    def keep(self) -> None:
        """Write down all that was read, unless it took but a moment."""
        if self._descriptor is not None or self._due(self._written, self._write_seconds):
            self._write()
            self._sync()

    def discard(self) -> None:
        """Remove all that is kept, except what another process is writing."""
        self._given_up = True
        self._pending = []
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        for run in _runs(self.folder):
            _remove(run)
        with suppress(OSError):
            self.folder.rmdir()

    def _find_together(
        self, paths: Sequence[bytes], stamps: Sequence[Stamp | None]
    ) -> FileHashes | None:
        """Return what neighbouring files came to, where a run has them as one and none changed.

        That is what resuming mostly finds, and much quicker than asking for one after the other.
        """
        present = [stamp for stamp in stamps if stamp is not None]
        if len(present) == len(paths):
            columns = frames.words_by_column(present)
            for reader in self._readers:
                if hashes := reader.find_together(paths, columns):
                    return hashes
        return None

    def _find(self, path: bytes, stamp: Stamp | None) -> FileHash | None:
        """Return what a file came to when it was last read as it is now."""
        partial = []
        found = None
        for reader in self._readers:
            record = reader.find(path)
            if stamp is not None and record.stamp == frames.words(stamp):
                found = record.hashed
            if record.chunks_at is not None:
                partial.append((reader, record.chunks_at))
        if partial and found is None:
            self._partial[path] = partial
        return found

    def _due(self, since: float, seconds: float) -> bool:
        return time.monotonic() - since >= seconds

    def _write(self) -> None:
        """Append what is pending; what cannot be kept is done without."""
        if self._given_up or not self._pending:
            return
        try:
            if self._descriptor is None:
                self._descriptor = self._begun()
            _write_all(self._descriptor, b"".join(self._pending))
        except OSError:
            self._given_up = True
        self._pending = []
        self._written = time.monotonic()

    def _sync(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.fsync(self._descriptor)
        self._synced = time.monotonic()

    def _begun(self) -> int:
        """Create the file of this run, which is the last; without resuming also the only one."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        earlier = _runs(self.folder)
        if not self._resume:
            for run in earlier:
                _remove(run)
        number = int(earlier[-1].stem) + 1 if earlier else 0
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self.folder / f"{number:06}.run", flags, 0o600)
        _lock(descriptor)
        _write_all(descriptor, frames.opening(self._digests))
        return descriptor

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        for reader in self._readers:
            reader.close()


class _Chunks:
    """What a checkpoint knows of the chunks of one file."""

    __slots__ = ("_checkpoint", "_known", "_path", "_stamp")

    def __init__(
        self,
        checkpoint: Checkpoint,
        path: bytes,
        stamp: Stamp,
        known: Sequence[tuple[frames.Reader, int]],
    ) -> None:
        self._checkpoint = checkpoint
        self._path = path
        self._stamp = stamp
        self._known = known

    def chunks(self) -> Iterator[Sequence[bytes]]:
        """Yield the first chunks, as far as they are known."""
        expected, end = 0, -(-self._stamp.size // CHUNK_SIZE)
        for reader, offset in self._known:
            for first, leaves in reader.chunks(offset, self._path, self._stamp):
                if first <= expected < first + len(leaves):
                    yield leaves[expected - first : end - first]
                    expected = first + len(leaves)

    def remember(self, first: int, leaves: Sequence[bytes]) -> None:
        """Keep neighbouring chunks, by the number of the first."""
        self._checkpoint.append(frames.of_chunks(self._path, self._stamp, first, leaves))


def place(folder: Path, content: Path, digests: Sequence[str] = ()) -> Path:
    """Return where the checkpoint of a content is, or would be."""
    asked = [os.fsencode(content.resolve()), *(name.encode() for name in wanted(digests))]
    return folder / hashlib.sha256(b"\0".join(asked)).hexdigest()


def standing(folder: Path, content: Path, digests: Sequence[str] = ()) -> Standing:
    """Return what the checkpoint of a content has, reading it through once."""
    runs = _runs(place(folder, content, digests))[-_MOST_RUNS:]
    files = size = 0
    begun: dict[bytes, int] = {}
    damaged = False
    for run in runs:
        reader = frames.Reader(run, wanted(digests))
        total = reader.total(begun)
        files += total.files
        size += total.size
        damaged |= reader.damaged
        reader.close()
    return Standing(len(runs), files, size + sum(begun.values()), damaged)


def is_kept(folder: Path, content: Path, digests: Sequence[str] = ()) -> bool:
    """Tell whether there is a checkpoint of a content."""
    return bool(_runs(place(folder, content, digests)))


def _stamp(path: bytes) -> Stamp | None:
    try:
        return current_stamp(path)
    except OSError:
        return None


def _runs(folder: Path) -> list[Path]:
    """Return the runs that a checkpoint has, the first one first."""
    return sorted(path for path in folder.glob("*.run") if path.stem.isdecimal())


def _remove(run: Path) -> None:
    """Remove a run, unless a process is writing it."""
    with suppress(OSError):
        descriptor = os.open(run, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if _lock(descriptor):
                run.unlink()
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock a run; tell whether no other process has, as far as the file system can tell."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks.
        return True
    return True


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
