"""Read the archive of an anchor, from which any leaf is found and proved by a few short reads."""

from __future__ import annotations

import os
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Self

from registry.domain.anchor_layout import (
    ENTRY,
    FORMAT,
    HEAD,
    Head,
    index_start,
    level_starts,
    whole_length,
)
from registry.domain.anchor_leaves import (
    LEAF,
    NODE,
    Leaf,
    Proven,
    above,
    leaf_hashes,
    level_sizes,
)
from registry.domain.particulars import DIGEST, SALT
from registry.errors import (
    AnchorArchiveDamaged,
    FileUnreadable,
    InvalidInputError,
    LeafUnknown,
)
from registry.regular_files import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import ProductId

_BLOCK: Final = 4096


class AnchorArchive:
    """Read the archive of an anchor; use it as a context manager, or call `close`."""

    def __init__(self, path: Path) -> None:
        """Open an archive.

        :raises FileUnreadable: it cannot be read, or is no regular file.
        :raises AnchorArchiveDamaged: it is not such a file, or not a whole one.
        """
        self.path = path
        try:
            self._file = opened(path)
        except OSError as error:
            raise FileUnreadable(path=str(path), reason=error.strerror or "") from error
        try:
            head = Head.load(self._bytes(0, HEAD))
        except (ValueError, KeyError, TypeError, InvalidInputError, AnchorArchiveDamaged) as error:
            self.close()
            raise self._damaged() from error
        self.site, self.size, self.root = head.site, head.size, head.root
        self._starts, self._index = level_starts(self.size), index_start(self.size)
        whole = os.fstat(self._file.fileno()).st_size == whole_length(self.size)
        if not whole or self._bytes(self._starts[-1], NODE) != self.root:
            self.close()
            raise self._damaged()

    def leaf(self, index: int) -> Leaf:
        """Return the leaf at `index`; raises `LeafUnknown`."""
        if not 0 <= index < self.size:
            raise LeafUnknown(file=str(self.path), wanted=str(index))
        return Leaf.parse(self._raw(index))

    def leaves(self, first: int = 0) -> Iterator[Leaf]:
        """Yield all leaves in their order, from the one at `first` on."""
        return map(self.leaf, range(first, self.size))

    def prove(self, index: int) -> Proven:
        """Return the proof of the leaf at `index`, sure to lead to the root.

        :raises LeafUnknown: there is no such leaf.
        :raises AnchorArchiveDamaged: something on the way is not what was anchored.
        """
        leaf, proof, place = self.leaf(index), [], index
        for start, count in zip(self._starts, level_sizes(self.size), strict=True):
            sibling = place ^ 1
            if sibling < count:
                proof.append(self._bytes(start + NODE * sibling, NODE))
            place >>= 1
        proven = Proven(index=index, leaf=leaf, proof=tuple(proof))
        if proven.root(self.site, self.size) != self.root:
            raise self._damaged()
        return proven

    def find(self, content_root: bytes) -> Iterator[int]:
        """Yield the indexes of the leaves with this content root (32 bytes)."""
        places = range(self.size)
        at = bisect_left(places, content_root, key=lambda place: self._content(self._entry(place)))
        while at < self.size and self._content(index := self._entry(at)) == content_root:
            yield index
            at += 1

    def find_product(self, product: ProductId) -> int:
        """Return the index of the leaf that becomes this product; raises `LeafUnknown`.

        It reads all leaves: no index is kept of products, whose ids would take longer to make than
        all the rest of an archive.
        """
        for first in range(0, self.size, _BLOCK):
            found = self.site.products(self._raws(first))
            if product.raw in found:
                return first + found.index(product.raw)
        raise LeafUnknown(file=str(self.path), wanted=str(product))

    def check(self) -> None:
        """Read all of the file and hash it anew; raises `AnchorArchiveDamaged`."""
        prefix, start = self.site.prefix, self._starts[0]
        for first in range(0, self.size, _BLOCK):
            self._require(start + NODE * first, leaf_hashes(prefix, self._raws(first)))
        sizes = level_sizes(self.size)
        for low, high, size in zip(self._starts, self._starts[1:], sizes, strict=False):
            for first in range(0, size, 2 * _BLOCK):
                end = min(first + 2 * _BLOCK, size)
                nodes = above(self._bytes(low + NODE * first, NODE * (end - first)))
                self._require(high + NODE * (first // 2), nodes)
        last = b""
        for place in range(self.size):
            index = self._entry(place)
            raw = self._raw(index)
            name = raw[: 2 * DIGEST] + raw[SALT]
            if name <= last:
                raise self._damaged()
            last = name

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _bytes(self, start: int, length: int) -> bytes:
        """Return some bytes of the file.

        Read, not mapped: a file that is cut short meanwhile would end the process.
        """
        found = os.pread(self._file.fileno(), length, start)
        if len(found) < length:
            raise self._damaged()
        return found

    def _raw(self, index: int) -> bytes:
        return self._bytes(HEAD + LEAF * index, LEAF)

    def _raws(self, first: int) -> list[bytes]:
        """Return the bytes of a block of leaves."""
        count = min(_BLOCK, self.size - first)
        block = self._bytes(HEAD + LEAF * first, LEAF * count)
        return [block[at : at + LEAF] for at in range(0, len(block), LEAF)]

    def _content(self, index: int) -> bytes:
        return self._bytes(HEAD + LEAF * index, DIGEST)

    def _entry(self, place: int) -> int:
        """Return the number of a leaf by its place in the order of contents."""
        index = int.from_bytes(self._bytes(self._index + ENTRY * place, ENTRY))
        if index >= self.size:
            raise self._damaged()
        return index

    def _require(self, start: int, nodes: list[bytes]) -> None:
        if self._bytes(start, NODE * len(nodes)) != b"".join(nodes):
            raise self._damaged()

    def _damaged(self) -> AnchorArchiveDamaged:
        return AnchorArchiveDamaged(file=str(self.path))


def is_archive(file: Path) -> bool:
    """Tell whether a file begins as the archive of an anchor does, whole or not.

    :raises FileUnreadable: it cannot be read.
    """
    try:
        with opened(file) as found:
            head = found.read(HEAD)
    except OSError as error:
        raise FileUnreadable(path=str(file), reason=error.strerror or "") from error
    return f'"format":"{FORMAT}"'.encode() in head
