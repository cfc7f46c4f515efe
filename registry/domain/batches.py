"""Hash many small files at once, so that handing them to another process costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.domain.chunks import FileHash, hash_in_place
from registry.domain.entries import entry_leaf, entry_line
from registry.domain.merkle import leaf_hash
from registry.domain.stamps import OpenFile, beneath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.walk import FoundFile

# A file beyond this is left to all threads together, instead of holding up a batch.
LARGE_SIZE: Final = 4 << 20


class Batch(NamedTuple):
    """Files to hash, in order.

    :ivar known: for each file what it comes to, where the caller knows already; or nothing.
    :ivar detail: whether what each file comes to is wanted, beside the leaves and lines.
    """

    root: bytes
    files: Sequence[FoundFile]
    digests: tuple[str, ...]
    known: Sequence[FileHash | None] = ()
    detail: bool = False


class Segment(NamedTuple):
    """What neighbouring files come to.

    :ivar files: how many.
    :ivar size: their bytes together.
    :ivar leaves: their leaf hashes, in order.
    :ivar lines: their lines of the manifest, in order.
    :ivar hashes: what each comes to, where detail was asked for.
    """

    files: int
    size: int
    leaves: list[bytes]
    lines: bytes
    hashes: list[FileHash]


# A large file stands between the segments as None.
Hashed = list[Segment | None]


class SegmentBuilder:
    """Gather what neighbouring files come to."""

    __slots__ = ("_batch", "_hashes", "_leaves", "_lines", "_size")

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._size = 0
        self._leaves: list[bytes] = []
        self._lines: list[bytes] = []
        self._hashes: list[FileHash] = []

    def add(self, path: bytes, hashed: FileHash) -> None:
        """Append what one file comes to."""
        size, digest, further = hashed
        name = path.decode()
        leaf = entry_leaf(name, size, digest)
        self._size += size
        self._leaves.append(leaf_hash(leaf))
        names = self._batch.digests
        self._lines.append(
            entry_line(name, size, digest, names, further) if names else leaf + b"\n"
        )
        if self._batch.detail:
            self._hashes.append(hashed)

    def build(self) -> Segment:
        """Return the segment."""
        return Segment(
            len(self._leaves), self._size, self._leaves, b"".join(self._lines), self._hashes
        )


def hash_batch(batch: Batch) -> Hashed:
    """Hash the files of a batch in the calling thread, leaving out the large ones.

    :raises FileChanged: a file changed while it was being read, or is gone.
    :raises FileUnreadable: a file cannot be read.
    """
    hashed: Hashed = []
    builder = SegmentBuilder(batch)
    known = batch.known or [None] * len(batch.files)
    for found, before in zip(batch.files, known, strict=True):
        result = before or _hash_small(beneath(batch.root, found.disk_path), batch.digests)
        if result:
            builder.add(found.path, result)
        else:
            hashed += [builder.build(), None]
            builder = SegmentBuilder(batch)
    hashed.append(builder.build())
    return hashed


def _hash_small(path: bytes, digests: tuple[str, ...]) -> FileHash | None:
    """Hash one file, or return None where it is large."""
    with OpenFile(path) as file:
        return hash_in_place(file, digests) if file.size <= LARGE_SIZE else None
