"""Keep the leaves and the tree of an anchor in one file from which any proof is taken.

The file begins with one block of 1,024 bytes: a line of canonical JSON that says whose anchor it is
of which registry, padded with spaces. Then come the leaves, 96 bytes each (content root, metadata
hash, particulars), then the levels of the tree from the leaves' hashes to the root, 32 bytes a
node; a level pairs the nodes of the one below, and a last node without a neighbour is carried up as
it is. Everything has its place by arithmetic: a proof is a handful of short reads, however many
leaves there are, and writing takes the memory of a few blocks.

A leaf is SHA-256(0x00 ‖ chain id ‖ registry ‖ party ‖ content root ‖ metadata hash ‖ particulars),
each a word of 32 bytes: `BatchAnchor.leafOf` is the same.
"""

from __future__ import annotations

import mmap
import os
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final, Self

from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.merkle import sha256
from registry.errors import AnchorArchiveDamaged, AnchorTooLarge, FileUnreadable, LeafUnknown
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

MOST_LEAVES: Final = 1 << 20
"""How many registrations one anchor can be of."""

FORMAT: Final = "dengji-anchor/1"
_HEAD: Final = 1024
_LEAF: Final = 96
_NODE: Final = 32
_BLOCK: Final = 4096
_SALT_SHIFT: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Hold what one leaf registers: two 32-byte digests and the particulars as one number."""

    content_root: bytes
    metadata_hash: bytes
    particulars: int

    @property
    def raw(self) -> bytes:
        """Return its 96 bytes."""
        return self.content_root + self.metadata_hash + self.particulars.to_bytes(32)

    @property
    def salt(self) -> int:
        """Return the salt among the particulars."""
        return self.particulars >> _SALT_SHIFT & (1 << 64) - 1

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the 96 bytes of a leaf."""
        return cls(
            content_root=raw[:32],
            metadata_hash=raw[32:64],
            particulars=int.from_bytes(raw[64:]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Say where the leaves of an anchor are registrations of whom."""

    chain_id: int
    registry: Address
    party: PartyId

    @property
    def prefix(self) -> bytes:
        """Return what each leaf's data begins with: 0x00 and three words."""
        words = (self.chain_id, int.from_bytes(self.registry.raw), int.from_bytes(self.party.raw))
        return b"\0" + b"".join(word.to_bytes(32) for word in words)

    def leaf_hash(self, leaf: Leaf) -> bytes:
        """Return the hash of a leaf, 32 bytes."""
        return sha256(self.prefix + leaf.raw).digest()

    def product(self, leaf: Leaf) -> ProductId:
        """Return the product that a leaf becomes when it is promoted."""
        return ProductId.derive(
            chain_id=self.chain_id,
            registry=self.registry,
            party=self.party,
            content_root=leaf.content_root,
            metadata_hash=leaf.metadata_hash,
            salt=leaf.salt,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Hold a leaf, its place, and its siblings from the lowest to the highest, 32 bytes each."""

    index: int
    leaf: Leaf
    proof: tuple[bytes, ...]


def write_archive(
    path: Path,
    site: Site,
    leaves: Iterable[Leaf],
    *,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """Write the archive of an anchor and return its root, 32 bytes.

    The file appears whole or not at all, readable by its owner alone. `progress` is told how many
    leaves are written.

    :raises AnchorTooLarge: there are more leaves than an anchor can be of, or none.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            root = _write(file, path.parent, site, leaves, progress)
            file.flush()
            os.fsync(descriptor)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return root


def _write(
    file: BinaryIO,
    folder: Path,
    site: Site,
    leaves: Iterable[Leaf],
    progress: Callable[[int], None] | None,
) -> bytes:
    """Write leaves, then levels, then the head, which names the root."""
    file.seek(_HEAD)
    # The lowest level stands behind the leaves, whose number is known at their end only.
    with TemporaryFile(dir=folder) as waiting:
        size = _leaves(file, waiting, site, leaves, progress)
        waiting.seek(0)
        while block := waiting.read(_NODE * _BLOCK):
            file.write(block)
    starts = _starts(size)
    for start, count in zip(starts[:-1], _levels(size), strict=False):
        _level(file, start, count)
    file.seek(starts[-1])
    root = file.read(_NODE)
    file.seek(0)
    file.write(_head(site, size, root))
    return root


def _leaves(
    file: BinaryIO,
    hashes: BinaryIO,
    site: Site,
    leaves: Iterable[Leaf],
    progress: Callable[[int], None] | None,
) -> int:
    prefix, size, rest = site.prefix, 0, iter(leaves)
    while block := [leaf.raw for leaf in islice(rest, _BLOCK)]:
        size += len(block)
        if size > MOST_LEAVES:
            raise AnchorTooLarge(limit=MOST_LEAVES)
        file.write(b"".join(block))
        hashes.write(b"".join([sha256(prefix + raw).digest() for raw in block]))
        if progress is not None:
            progress(size)
    if not size:
        raise AnchorTooLarge(limit=MOST_LEAVES)
    return size


def _level(file: BinaryIO, start: int, count: int) -> None:
    """Write the level above the one of `count` nodes that begins at `start`."""
    reading, writing = start, start + _NODE * count
    end = writing
    while reading < end:
        file.seek(reading)
        block = file.read(min(2 * _NODE * _BLOCK, end - reading))
        reading += len(block)
        pairs = range(0, len(block) - _NODE, 2 * _NODE)
        above = [sha256(b"\x01" + block[at : at + 2 * _NODE]).digest() for at in pairs]
        if len(block) // _NODE & 1:
            above.append(block[-_NODE:])
        file.seek(writing)
        file.write(b"".join(above))
        writing += _NODE * len(above)


def _levels(size: int) -> list[int]:
    """Return how many nodes each level has, from the leaves to the root."""
    counts = [size]
    while counts[-1] > 1:
        counts.append((counts[-1] + 1) // 2)
    return counts


def _head(site: Site, size: int, root: bytes) -> bytes:
    # Imported here for start-up time.
    import rfc8785  # noqa: PLC0415

    said: dict[str, str | int] = {
        "format": FORMAT,
        "chainId": str(site.chain_id),
        "registry": str(site.registry),
        "party": str(site.party),
        "leaves": size,
        "root": root.hex(),
    }
    return rfc8785.dumps(said).ljust(_HEAD - 1) + b"\n"


class AnchorArchive:
    """Read the archive of an anchor; use it as a context manager, or call `close`."""

    def __init__(self, path: Path) -> None:
        """Open an archive.

        :raises FileUnreadable: it cannot be read.
        :raises AnchorArchiveDamaged: it is not such a file, or not a whole one.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise AnchorArchiveDamaged(file=str(path)) from error
        except OSError as error:
            raise FileUnreadable(path=str(path), reason=error.strerror or "") from error
        try:
            self.site, self.size, self.root = _read_head(self._map[:_HEAD])
            self._starts = _starts(self.size)
            whole = len(self._map) == self._starts[-1] + _NODE
            if not whole or self._map[self._starts[-1] :] != self.root:
                raise AnchorArchiveDamaged(file=str(path))
        except (ValueError, KeyError, TypeError) as error:
            self.close()
            raise AnchorArchiveDamaged(file=str(path)) from error

    def leaf(self, index: int) -> Leaf:
        """Return the leaf at `index`; raises `LeafUnknown`."""
        if not 0 <= index < self.size:
            raise LeafUnknown(file=str(self.path), wanted=str(index))
        start = _HEAD + _LEAF * index
        return Leaf.parse(self._map[start : start + _LEAF])

    def leaves(self) -> Iterator[Leaf]:
        """Yield all leaves in their order."""
        return (self.leaf(index) for index in range(self.size))

    def prove(self, index: int) -> Proven:
        """Return the proof of the leaf at `index`; raises `LeafUnknown`."""
        leaf, proof, place = self.leaf(index), [], index
        for start, count in zip(self._starts, _levels(self.size), strict=True):
            sibling = place ^ 1
            if sibling < count:
                proof.append(self._map[start + _NODE * sibling : start + _NODE * (sibling + 1)])
            place >>= 1
        return Proven(index=index, leaf=leaf, proof=tuple(proof))

    def find(self, content_root: bytes) -> Iterator[int]:
        """Yield the indexes of the leaves with this content root (32 bytes)."""
        end = _HEAD + _LEAF * self.size
        at = self._map.find(content_root, _HEAD, end)
        while at >= 0:
            index, rest = divmod(at - _HEAD, _LEAF)
            if not rest:
                yield index
            at = self._map.find(content_root, at + 1, end)

    def find_product(self, product: ProductId) -> int:
        """Return the index of the leaf that becomes this product; raises `LeafUnknown`."""
        for index, leaf in enumerate(self.leaves()):
            if self.site.product(leaf) == product:
                return index
        raise LeafUnknown(file=str(self.path), wanted=str(product))

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _starts(size: int) -> list[int]:
    """Return where each level begins, the leaves' hashes first."""
    starts = [_HEAD + _LEAF * size]
    for count in _levels(size)[:-1]:
        starts.append(starts[-1] + _NODE * count)
    return starts


def _read_head(block: bytes) -> tuple[Site, int, bytes]:
    import json  # noqa: PLC0415 (start-up time)

    said = json.loads(block)
    site = Site(
        chain_id=int(said["chainId"]),
        registry=Address.parse(said["registry"]),
        party=PartyId.parse(said["party"]),
    )
    size, root = int(said["leaves"]), bytes.fromhex(said["root"])
    if not 0 < size <= MOST_LEAVES or block != _head(site, size, root):
        raise ValueError(said["format"])
    return site, size, root
