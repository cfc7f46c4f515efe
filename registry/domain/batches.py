"""Hash many small files at once, so that handing them to another process costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.domain.chunks import FileHash, hash_in_place, hash_tiny
from registry.domain.entries import entry_leaf, entry_line
from registry.domain.merkle import leaf_hash, perfect_root
from registry.domain.stamps import OpenFile, beneath

if TYPE_CHECKING:
    from collections.abc import Sequence

# A file beyond this is left to all threads together, instead of holding up a batch.
LARGE_SIZE: Final = 4 << 20
BATCH_HEIGHT: Final = 8


class Batch(NamedTuple):
    """Files to hash, in order.

    :ivar paths: where they stand in the content.
    :ivar disk_paths: where they stand in the folder `root`.
    :ivar known: for each file what it comes to, where the caller knows already; or nothing.
    :ivar lines: whether the lines of the manifest are wanted.
    :ivar detail: whether what each file comes to is wanted.
    """

    root: bytes
    paths: Sequence[bytes]
    disk_paths: Sequence[bytes]
    digests: tuple[str, ...] = ()
    known: Sequence[FileHash | None] = ()
    lines: bool = False
    detail: bool = False


class Segment(NamedTuple):
    """What neighbouring files come to.

    :ivar files: how many.
    :ivar size: their bytes together.
    :ivar nodes: roots of perfect subtrees of 2**height files each, in order; their leaf hashes at
        height 0.
    :ivar lines: their lines of the manifest, where they were asked for.
    :ivar hashes: what each comes to, where that was asked for.
    """

    files: int
    size: int
    nodes: list[bytes]
    height: int
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
        batch = self._batch
        size, digest, further = hashed
        name = path.decode()
        leaf = entry_leaf(name, size, digest)
        self._size += size
        self._leaves.append(leaf_hash(leaf))
        if batch.lines:
            names = batch.digests
            line = entry_line(name, size, digest, names, further) if names else leaf + b"\n"
            self._lines.append(line)
        if batch.detail:
            self._hashes.append(hashed)

    def build(self) -> Segment:
        """Return the segment."""
        nodes, files, height = self._leaves, len(self._leaves), 0
        if files == 1 << BATCH_HEIGHT:
            nodes, height = [perfect_root(nodes)], BATCH_HEIGHT
        return Segment(files, self._size, nodes, height, b"".join(self._lines), self._hashes)


def hash_batch(batch: Batch) -> Hashed:
    """Hash the files of a batch in the calling thread, leaving out the large ones.

    :raises FileChanged: a file changed while it was being read, or is gone.
    :raises FileUnreadable: a file cannot be read.
    """
    hashed: Hashed = []
    builder = SegmentBuilder(batch)
    known = batch.known or [None] * len(batch.paths)
    for path, disk_path, before in zip(batch.paths, batch.disk_paths, known, strict=True):
        result = before or _hash_small(beneath(batch.root, disk_path), batch.digests)
        if result:
            builder.add(path, result)
        else:
            hashed += [builder.build(), None]
            builder = SegmentBuilder(batch)
    hashed.append(builder.build())
    return hashed


def _hash_small(path: bytes, digests: tuple[str, ...]) -> FileHash | None:
    """Hash one file, or return None where it is large."""
    if not digests and (result := hash_tiny(path)):
        return result
    with OpenFile(path) as file:
        return hash_in_place(file, digests) if file.size <= LARGE_SIZE else None
