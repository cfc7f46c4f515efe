"""Hash many small files at once, so that handing them to another process costs little."""

from __future__ import annotations

import time
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.domain.chunks import FileHash, FileHashes, hash_in_place, hash_tiny
from registry.domain.entries import entry_leaf, entry_line
from registry.domain.merkle import leaf_hash, perfect_root
from registry.domain.stamps import TICK_NS, OpenFile, Stamps, beneath, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from registry.domain.stamps import Stamp

# A file beyond this is left to all threads together, instead of holding up a batch.
LARGE_SIZE: Final = 4 << 20


class Batch(NamedTuple):
    """Files to hash, in order.

    It begins at a multiple of the power of two that is not below its length, so that a batch whose
    length is one is a subtree of the folder's.

    :ivar paths: where they stand in the content.
    :ivar disk_paths: where they stand in the folder `root`.
    :ivar known: for each file what it comes to, where the caller knows already; or nothing.
    :ivar lines: whether the lines of the manifest are wanted.
    :ivar detail: whether what each file comes to is wanted.
    :ivar stamped: whether the stamp that each had before it was read is wanted; of none that is
        known.
    """

    root: bytes
    paths: Sequence[bytes]
    disk_paths: Sequence[bytes]
    digests: tuple[str, ...] = ()
    known: Sequence[FileHash | None] = ()
    lines: bool = False
    detail: bool = False
    stamped: bool = False


class Segment(NamedTuple):
    """What neighbouring files come to.

    :ivar files: how many.
    :ivar size: their bytes together.
    :ivar nodes: roots of perfect subtrees of 2**height files each, in order; their leaf hashes at
        height 0.
    :ivar lines: their lines of the manifest, where they were asked for.
    :ivar hashes: what each comes to, where that was asked for.
    :ivar stamps: what each was before it was read, where that was asked for.
    """

    files: int
    size: int
    nodes: list[bytes]
    height: int
    lines: bytes
    hashes: FileHashes
    stamps: Stamps


# A large file stands between the segments as None.
Hashed = list[Segment | None]


def segment_of(
    batch: Batch,
    paths: Sequence[bytes],
    hashes: Iterable[FileHash],
    stamps: Iterable[Stamp] = (),
) -> Segment:
    """Return what neighbouring files of a batch come to, by their hashes."""
    total = 0
    leaves, lines = [], []
    names, wants_lines = batch.digests, batch.lines
    for path, (size, digest, further) in zip(paths, hashes, strict=True):
        name = path.decode()
        leaf = entry_leaf(name, size, digest)
        total += size
        leaves.append(leaf_hash(leaf))
        if wants_lines:
            line = entry_line(name, size, digest, names, further) if names else leaf + b"\n"
            lines.append(line)
    nodes, height = leaves, 0
    files = len(leaves)
    if files == len(batch.paths) and files.bit_count() == 1:
        nodes, height = [perfect_root(leaves)], files.bit_length() - 1
    detail = FileHashes(hashes if batch.detail else ())
    return Segment(files, total, nodes, height, b"".join(lines), detail, Stamps(stamps))


def hash_batch(batch: Batch) -> Hashed:
    """Hash the files of a batch in the calling thread, leaving out the large ones.

    :raises FileChanged: a file changed while it was being read, or is gone.
    :raises FileUnreadable: a file cannot be read.
    """
    hashed: Hashed = []
    hashes: list[FileHash] = []
    stamps: list[Stamp] = []
    start = 0
    for index, (result, stamp) in enumerate(_hash_each(batch)):
        if result:
            hashes.append(result)
            if stamp:
                stamps.append(stamp)
        else:
            hashed += [segment_of(batch, batch.paths[start:index], hashes, stamps), None]
            hashes, stamps = [], []
            start = index + 1
    hashed.append(segment_of(batch, batch.paths[start:], hashes, stamps))
    return hashed


def _hash_each(batch: Batch) -> Iterator[tuple[FileHash | None, Stamp | None]]:
    """Yield what each file of a batch comes to, None for a large one, with its stamp if wanted."""
    prefix = beneath(batch.root, b"")
    settled_ns = time.time_ns() - TICK_NS
    digests, stamped = batch.digests, batch.stamped
    known = batch.known or repeat(None)
    for disk_path, before in zip(batch.disk_paths, known, strict=False):
        path = prefix + disk_path
        if before:
            yield before, None
        elif digests or (tiny := hash_tiny(path, settled_ns)) is None:
            hashed, stamp = _hash_carefully(path, digests)
            yield hashed, stamp if stamped else None
        else:
            hashed, status = tiny
            yield hashed, stamp_of(status) if stamped else None


def _hash_carefully(path: bytes, digests: tuple[str, ...]) -> tuple[FileHash | None, Stamp]:
    """Hash one file, unless it is large; the stamp is from before it was read."""
    with OpenFile(path) as file:
        return hash_in_place(file, digests) if file.size <= LARGE_SIZE else None, file.stamp
