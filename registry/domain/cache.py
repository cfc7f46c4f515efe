"""Remember what unchanged files came to, for those who ask for it.

A file counts as unchanged when its path, size and time of modification are; whoever can set that
time can make the memory lie, so nothing that verifies ever uses it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from registry.domain.chunks import FileHash
from registry.domain.stamps import beneath

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from registry.domain.batches import Batch

# A file touched this recently may change again without its time showing it.
_SETTLED_NS: Final = 2_000_000_000
_HASH_SIZE: Final = 32
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS files (
    path BLOB NOT NULL,
    digests TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (path, digests)
) WITHOUT ROWID
"""


class FileKey(NamedTuple):
    """What a file must still be for its hash to be remembered."""

    path: bytes
    size: int
    modified_ns: int


class FingerprintCache:
    """A memory of file hashes on disk (SQLite). Use it as a context manager, in one thread."""

    __slots__ = ("_connection",)

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def recall(self, batch: Batch) -> tuple[Sequence[FileKey | None], Sequence[FileHash | None]]:
        """Return what the files of a batch are now, and what those came to that are known."""
        keys = [self.key(beneath(batch.root, path)) for path in batch.disk_paths]
        return keys, [key and self.find(key, batch.digests) for key in keys]

    def remember(
        self,
        paths: Sequence[bytes],
        keys: Sequence[FileKey | None],
        hashes: Sequence[FileHash],
        digests: Sequence[str],
    ) -> None:
        """Keep what neighbouring files came to; the keys have their paths."""
        del paths
        found = zip(keys, hashes, strict=True)
        self.store(((key, hashed) for key, hashed in found if key), digests)

    def key(self, path: bytes) -> FileKey | None:
        """Return what a file is now, None where it is too young to be remembered, or is gone."""
        try:
            status = os.lstat(path)
        except OSError:
            return None
        if time.time_ns() - status.st_mtime_ns < _SETTLED_NS:
            return None
        return FileKey(path, status.st_size, status.st_mtime_ns)

    def find(self, key: FileKey, digests: Sequence[str]) -> FileHash | None:
        """Return what a file came to when it was last hashed as it is now."""
        row = self._connection.execute(
            "SELECT hashes FROM files"
            " WHERE path = ? AND digests = ? AND size = ? AND modified_ns = ?",
            (key.path, ",".join(digests), key.size, key.modified_ns),
        ).fetchone()
        if row is None:
            return None
        stored: bytes = row[0]
        parts = [stored[i : i + _HASH_SIZE] for i in range(0, len(stored), _HASH_SIZE)]
        return FileHash(key.size, parts[0], tuple(parts[1:]))

    def store(self, found: Iterable[tuple[FileKey, FileHash]], digests: Sequence[str]) -> None:
        """Remember what files came to; the keys are from before they were read."""
        names = ",".join(digests)
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
                (
                    (key.path, names, key.size, key.modified_ns, b"".join((digest, *further)))
                    for key, (size, digest, further) in found
                    if size == key.size
                ),
            )
